package build

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// text names a file by its path and what it holds.
type text [sha256.Size]byte

func textOf(f tree.File) text {
	named := append(make([]byte, 0, len(f.Path)+1+len(f.Data)), f.Path...)
	return sha256.Sum256(append(append(named, 0), f.Data...))
}

// Plain knows the manifests of a repository that hold objects and nothing that leads on: nothing is wrong with them, and no object is
// Argo CD's, has others in it or is another tool's. Where one is the same in two states nobody need read it. The nil Plain knows none.
type Plain struct {
	kept *cache.Store
	key  cache.Key
	// known are those of earlier runs, seen those of this one, and read how many of these it had to read.
	known, seen map[text]bool
	read        int
}

// NewPlain knows none, for a run that reads all of a repository; nil where nothing is kept, or the repository has no name.
func NewPlain(kept *cache.Store, repository string) *Plain {
	key, ok := kept.Key("plain manifests", repository)
	if !ok || repository == "" {
		return nil
	}
	return &Plain{kept: kept, key: key, known: map[text]bool{}, seen: map[text]bool{}}
}

// KeptPlain knows what earlier runs kept of a repository, which a name tells from others; nil where nothing is kept.
func KeptPlain(kept *cache.Store, repository string) *Plain {
	p := NewPlain(kept, repository)
	if p == nil {
		return nil
	}
	data, _ := kept.Large(p.key)
	for one := range slices.Chunk(data, sha256.Size) {
		if len(one) == sha256.Size {
			p.known[text(one)] = true
		}
	}
	return p
}

// add notes a file that was read.
func (p *Plain) add(t text, f manifest.File) {
	if p != nil && isPlain(f) {
		p.seen[t] = true
		p.read++
	}
}

// Keep keeps for later runs what is plain in the states that were read. Where that is little more than what is kept already, it is not
// worth it.
func (p *Plain) Keep() {
	if p == nil || p.read*plainPart < len(p.seen) {
		return
	}
	var data []byte
	for t := range p.seen {
		data = append(data, t[:]...)
	}
	p.kept.PutLarge(p.key, data)
}

// plainPart is which part of all plain manifests must be new for them to be kept.
const plainPart = 50

func isPlain(f manifest.File) bool {
	leads := func(res manifest.Resource) bool {
		return res.ID.Group == argoCD || strings.HasSuffix(res.ID.Kind, "List") || isBackstage(res) || isTemplated(res)
	}
	return len(f.Resources) > 0 && len(f.Strays)+len(f.Problems) == 0 && !slices.ContainsFunc(f.Resources, leads)
}

// IsPlain reports whether a file is known for a plain manifest without being read.
func (r *Repository) IsPlain(p string) bool {
	if r.plain == nil {
		return false
	}
	name, ok := r.texts[p]
	return ok && r.plain.known[name]
}

// Text names a manifest by its path and what it holds; ok is false where that is not known without reading it.
func (r *Repository) Text(p string) (name string, ok bool) {
	t, ok := r.texts[p]
	return string(t[:]), ok
}
