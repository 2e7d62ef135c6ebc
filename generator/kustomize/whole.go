// Package kustomize reads a kustomization with all that it includes, and runs kustomize on it.
//
// It reads everything first, because kustomize's libraries end the process on some bad inputs, would fetch what is remote
// and tell little of where an error stands. It fetches nothing and renders no chart: it says what a kustomization wants of
// both, and is given it.
package kustomize

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Source is what kustomizations are read from.
type Source struct {
	Tree tree.Tree
	// Manifest gives the objects of a file of Tree.
	Manifest func(path string) manifest.File
	// Kustomizations reads those of Tree.
	Kustomizations *kustomization.Reader
	// Unrestricted says that kustomize may read files outside of a kustomization's directory.
	Unrestricted bool
	// Checkout finds the directory of another repository by its URL; given is false where no checkout of it is given, as where Checkout
	// is nil.
	Checkout func(url string) (at Elsewhere, given bool)
	// Edits change the kustomization that is walked, and none of those that it includes.
	Edits kustomization.Edits
}

// Elsewhere is a directory of another repository of which a checkout is given.
type Elsewhere struct {
	// Dir is a path in the tree.
	Dir string
	// Lack says why what stands there does not count, Out that the directory is outside of that repository.
	Lack string
	Out  bool
}

// MayRead reports whether kustomize reads the file p for a kustomization in dir. It asks where links lead.
func (s Source) MayRead(dir, p string) bool {
	f, _ := s.Tree.File(p)
	return s.Unrestricted || within(dir, p) && within(dir, cmp.Or(f.Target, p))
}

// within reports whether p is dir or below it.
func within(dir, p string) bool { return dir == "." || p == dir || strings.HasPrefix(p, dir+"/") }

// Whole is a kustomization with all that it includes, as Walk reads it. Before it is built its remote files and its charts
// are brought, by Bring and Render.
type Whole struct {
	Dir string
	// Charts are the entries of helmCharts, Remotes what is named by URL, each in the order in which kustomize reads them.
	Charts  []Chart
	Remotes []Remote
	// Lists are the places of the lists of charts.
	Lists []manifest.Place
	kustomization.Faults
	// Reason says why it cannot be built; of several the first counts.
	Reason Reason
	// Secret says that something was fetched by URL that nobody is to learn of: objects may hold it, and errors tell it.
	Secret bool
	// Read are the files that it is made of.
	Read map[string]bool

	source Source
	// files are the kustomizations, each as often as it is included.
	files []kustomization.File
	// changes are, for each of them, the visit whose objects it changes: its own, or, of a component, that of what includes it.
	changes []int
	origins origins
	// fetched are the files that were brought, by their indices in Remotes; charts is what charts render to, by the paths
	// of the files in which kustomize finds it.
	fetched map[int][]byte
	charts  map[string]output
	// local are the directories of other repositories that are named by URL and here.
	local []local
	// double says that a resource has a key twice, and refused that kustomize takes it for that: it merges the annotations
	// of an object that has them twice. managed says that objects get a label with kustomize's version.
	double, refused, managed bool
}

// Reason says why something is not built, through no fault of its own. The zero Reason is none.
type Reason struct {
	Text  string
	Needs Need
}

// Need is what it takes to build something.
type Need int

// What it takes.
const (
	AnotherVersion Need = iota
	AFile
	ACheckout
	ARevision
)

// Fail tells of something that keeps it from being built.
func (w *Whole) Fail(at manifest.Place, format string, args ...any) {
	w.Wrong = append(w.Wrong, manifest.Problem{Place: at, Message: fmt.Sprintf(format, args...)})
}

// Block says why it cannot be built.
func (w *Whole) Block(r Reason) {
	if w.Reason == (Reason{}) {
		w.Reason = r
	}
}

func (w *Whole) block(format string, args ...any) {
	w.Block(Reason{Text: fmt.Sprintf(format, args...)})
}

// Failed reports whether something is wrong with it.
func (w *Whole) Failed() bool { return w.refused || w.Fatal() }
