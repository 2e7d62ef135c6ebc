package upgrade

import (
	"bytes"
	"cmp"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// alike is how much of two files has to be the same for one to be the other under a new name: of twenty lines, twelve.
const alike = 0.6

// renamed finds where files stand now that are no longer where gitopsgen wrote them, by one way to know them after the other: their
// content, the objects in them, most of their lines. Only what is unknown is looked at, and nothing is found twice.
func renamed(missing []lock.File, unknown []tree.File, ways ...func(was, is candidate) float64) map[string]tree.File {
	found, taken := map[string]tree.File{}, map[string]bool{}
	if len(missing) == 0 {
		return found
	}
	candidates := make([]candidate, len(unknown))
	for i, f := range unknown {
		candidates[i] = newCandidate(f)
	}
	for _, same := range ways {
		for _, m := range missing {
			if _, ok := found[m.ID]; ok || len(m.Data) == 0 {
				continue
			}
			if f, ok := best(newCandidate(tree.File{Path: m.Path, Data: m.Data}), candidates, taken, same); ok {
				found[m.ID], taken[f.Path] = f, true
			}
		}
	}
	return found
}

// candidate is a file, with what it may be known by.
type candidate struct {
	tree.File
	objects []manifest.ID
	lines   map[string]int
	count   int
}

func newCandidate(f tree.File) candidate {
	c := candidate{File: f, objects: objects(f.Path, f.Data), lines: map[string]int{}}
	for line := range bytes.Lines(f.Data) {
		c.lines[string(line)]++
		c.count++
	}
	return c
}

// best gives the candidate that is most like a file; of several that are equally like it, the one that stands nearest.
func best(was candidate, candidates []candidate, taken map[string]bool, same func(was, is candidate) float64) (found tree.File, ok bool) {
	most := 0.0
	for _, is := range candidates {
		if taken[is.Path] || path.Ext(is.Path) != path.Ext(was.Path) || kustomization.IsFile(is.Path) != kustomization.IsFile(was.Path) {
			continue
		}
		score := same(was, is)
		if score > most || score == most && score > 0 && near(was.Path, is.Path) > near(was.Path, found.Path) {
			found, most = is.File, score
		}
	}
	return found, most > 0
}

func equal(was, is candidate) float64 {
	if bytes.Equal(was.Data, is.Data) {
		return 1
	}
	return 0
}

// sameObjects reports whether two files hold the same objects, by their names.
func sameObjects(was, is candidate) float64 {
	if len(was.objects) > 0 && slices.Equal(was.objects, is.objects) {
		return 1
	}
	return 0
}

// likeness is the part of the lines that two files have in common; zero is too little.
func likeness(was, is candidate) float64 {
	same := 0
	for line, n := range was.lines {
		same += 2 * min(n, is.lines[line])
	}
	if part := float64(same) / float64(max(was.count+is.count, 1)); part >= alike {
		return part
	}
	return 0
}

// objects are the IDs of what has a name in a file.
func objects(file string, data []byte) []manifest.ID {
	if ext := path.Ext(file); ext != ".yaml" && ext != ".yml" && ext != ".json" {
		return nil
	}
	var ids []manifest.ID
	resources, _ := manifest.Parse(file, data)
	for _, res := range resources {
		if res.ID.Name != "" {
			ids = append(ids, res.ID)
		}
	}
	slices.SortFunc(ids, func(a, b manifest.ID) int { return cmp.Compare(a.String(), b.String()) })
	return ids
}

// near says how near one path is to another: files of one name, or of one folder.
func near(a, b string) int {
	n := 0
	if path.Base(a) == path.Base(b) {
		n += 2
	}
	if path.Dir(a) == path.Dir(b) {
		n++
	}
	return n
}
