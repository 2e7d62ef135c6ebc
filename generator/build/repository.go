package build

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"path"
	"runtime"
	"slices"
	"sync"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Repository is a tree and the manifests in it, parsed once. It does not change, so that builds can share it.
type Repository struct {
	Tree tree.Tree
	// Paths are the files that could hold manifests: those outside of charts and of what tools keep.
	Paths  []string
	parsed map[string]manifest.File
	// texts name the files by path and text, where plain ones are known.
	texts map[string]text
	plain *Plain
	// charts are the folders of charts. kustomized, which are those of kustomizations, units and loose are worked out when somebody
	// asks for them, once.
	charts charts

	kustomized func() map[string]bool

	units  func() ([]Unit, []Problem)
	loose  func() Loose
	others *others
	// Kustomizations reads those of all states.
	Kustomizations *kustomization.Reader
}

// Read reads the manifests in t.
func Read(t tree.Tree) *Repository { return new(Repository).readNext(t, nil) }

// ReadStates reads the manifests in states of one repository. What is the same in them is read once, and of plain ones nothing until
// somebody asks. It adds to plain, which may be nil, what it reads.
func ReadStates(plain *Plain, states ...tree.Tree) []*Repository {
	first := new(Repository)
	all := make([]*Repository, len(states))
	for i, t := range states {
		all[i] = first.readNext(t, plain)
		first = all[0]
	}
	return all
}

// readNext reads the manifests in another state of a repository.
func (r *Repository) readNext(t tree.Tree, plain *Plain) *Repository {
	charts := chartsIn(t)
	next := &Repository{
		Tree: t, Paths: charts.beside(t), charts: charts, plain: plain, texts: map[string]text{},
		parsed: map[string]manifest.File{}, others: cmp.Or(r.others, &others{}),
		Kustomizations: cmp.Or(r.Kustomizations, &kustomization.Reader{}),
	}
	next.units = sync.OnceValues(func() ([]Unit, []Problem) { return unitsOf(next.Kustomizations, t, next.Paths) })
	next.loose = sync.OnceValue(next.findLoose)
	next.kustomized = sync.OnceValue(next.findKustomized)
	var unread []tree.File
	for _, p := range next.Paths {
		f, _ := t.File(p)
		old, _ := r.Tree.File(p)
		known, isKnown := r.parsed[p]
		same := bytes.Equal(old.Data, f.Data)
		if plain != nil {
			if name, named := r.texts[p]; same && named {
				next.texts[p] = name
			} else {
				next.texts[p] = textOf(f)
			}
		}
		switch {
		case isKnown && same:
			next.parsed[p] = known
		case next.IsPlain(p):
			plain.seen[next.texts[p]] = true
		default:
			unread = append(unread, tree.File{Path: p, Data: f.Data})
		}
	}
	for i, read := range readAll(unread) {
		p := unread[i].Path
		next.parsed[p] = read
		plain.add(next.texts[p], read)
	}
	return next
}

// readAll reads the manifests in files on all processors, those with the same text once.
func readAll(files []tree.File) []manifest.File {
	read := make([]manifest.File, len(files))
	first, same := map[[sha256.Size]byte]int{}, make([]int, len(files))
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var working sync.WaitGroup
	for i, f := range files {
		text := sha256.Sum256(f.Data)
		if known, ok := first[text]; ok {
			same[i] = known
			continue
		}
		first[text], same[i] = i, i
		slots <- struct{}{}
		working.Go(func() {
			defer func() { <-slots }()
			read[i] = manifest.ReadFile(f.Path, f.Data)
		})
	}
	working.Wait()
	for i, f := range files {
		if same[i] != i {
			read[i] = read[same[i]].At(f.Path)
		}
	}
	return read
}

// Units lists the charts of all kustomizations, as Units does of a tree.
func (r *Repository) Units() ([]Unit, []Problem) { return r.units() }

// Unread tells of what could hold manifests and was not read, and in notes of folders of which nothing was.
func (r *Repository) Unread() (problems []Problem, notes []string) {
	return r.unread(r.Tree.Unread())
}

func (r *Repository) unread(all []tree.Unread) (problems []Problem, notes []string) {
	if len(all) == 0 {
		return nil, nil
	}
	for _, u := range all {
		switch {
		case u.Target != "":
			notes = append(notes, fmt.Sprintf("%s is a link to %s, and followed where something names it: what is in it is judged there", u.Path, u.Target))
		case u.Folder:
			notes = append(notes, u.Path+" was not read, and nothing in it is judged: "+u.Reason)
		case r.charts.mayStandBeside(u.Path):
			problems = append(problems, Problem{Kind: InvalidYAML, Place: manifest.Top(u.Path), Message: "not read: " + u.Reason})
		}
	}
	return problems, notes
}

// Manifest gives the objects of a file and what is wrong with it.
func (r *Repository) Manifest(p string) manifest.File {
	if known, ok := r.parsed[p]; ok {
		return known
	}
	return r.elsewhere(p)
}

func isManifest(p string) bool {
	return slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(p))
}
