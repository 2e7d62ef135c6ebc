package kustomize

import (
	"context"
	"path"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
)

// local is a reference by URL to a directory of another repository that is here.
type local struct {
	visit int
	at    []any
	dir   string
}

// elsewhere gives what a kustomization names by URL in a repository of which a checkout is given. kustomize takes directories from
// there, and no files.
func (w *Whole) elsewhere(k kustomization.File, ref kustomization.Reference) (at Elsewhere, given bool) {
	if w.source.Checkout == nil || ref.Use == kustomization.AsYAML || ref.Use == kustomization.AsData || !w.isRemote(k, ref) || IsFileURL(ref.Name) {
		return at, false
	}
	return w.source.Checkout(ref.Name)
}

// follow reads the kustomization of another repository that that of a visit names. Where no checkout is given it is among the Remotes.
func (w *Whole) follow(ctx context.Context, visit int, ref kustomization.Reference, s scope) error {
	k := w.files[visit]
	at, given := w.elsewhere(k, ref)
	ref.Name = chart.Location(strings.TrimPrefix(ref.Name, "git::")) // for messages
	switch {
	case !given:
		return nil
	case at.Lack != "":
		w.Block(Reason{ref.Name + " is " + strings.TrimPrefix(at.Lack, "its source is "), ARevision})
		return nil
	case at.Out:
		w.Fail(k.Place(ref.At...), "%q leads out of the repository", ref.Name)
		return nil
	}
	w.local = append(w.local, local{visit, ref.At, at.Dir})
	return w.directory(ctx, named{k, ref, at.Dir}, s)
}

// named is a directory that a kustomization names.
type named struct {
	kustomization.File
	ref kustomization.Reference
	dir string
}

// names are those under which kustomize finds beside the kustomization of a visit what it names by URL and what is here.
func (w *Whole) names(visit int) (all []name) {
	for i := range w.fetched {
		if r := w.Remotes[i]; r.visit == visit {
			all = append(all, name{r.reference.At, r.local(), path.Base(r.URL)})
		}
	}
	for _, l := range w.local {
		if l.visit == visit {
			to, _ := filepath.Rel(w.files[visit].Dir, l.dir) // both are paths of the tree
			all = append(all, name{at: l.at, is: filepath.ToSlash(to)})
		}
	}
	return all
}

// name is a field of a kustomization that holds one, with the key that it has where it is the file of a generator.
type name struct {
	at      []any
	is, key string
}
