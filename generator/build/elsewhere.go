package build

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path"
	"slices"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/kustomize"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/memo"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// fileOf is a file of another repository: two states of ours may have others in the same place.
type fileOf struct {
	path    string
	content [sha256.Size]byte
}

// others are manifests by their paths and texts, and by their texts alone.
type others struct {
	files memo.Table[fileOf, manifest.File]
	texts memo.Table[[sha256.Size]byte, manifest.File]
}

// elsewhere reads a manifest that was not read yet: of another repository, or a plain one.
func (r *Repository) elsewhere(p string) manifest.File {
	f, _ := r.Tree.File(p)
	of := fileOf{p, sha256.Sum256(f.Data)}
	file, _ := r.others.files.Do(context.Background(), of, func() (manifest.File, error) {
		file, _ := r.others.texts.Do(context.Background(), of.content, func() (manifest.File, error) {
			return manifest.ReadFile(p, f.Data), nil
		})
		return file.At(p), nil
	})
	return file
}

// defaultHome is where charts are kept in the repository of a directory, if nothing else is said.
func (b *Builder) defaultHome(dir string) string {
	return path.Join(b.Repository.Tree.Root(dir), types.HelmDefaultHome)
}

// checkout finds the directory of another repository that a kustomization names.
func (b *Builder) checkout(name string) (at kustomize.Elsewhere, given bool) {
	remote := checkout.ReadRemote(name)
	c, given := b.options.Checkouts.Find(remote.URL)
	if !given {
		return at, false
	}
	if at.Lack = Standing(c, remote.Revision).Reason; at.Lack == "" {
		at.Dir = b.Repository.Tree.Real(path.Join(c.Root, remote.Dir))
		at.Out = b.Repository.Tree.LeadsOut(c.Root, at.Dir)
	}
	return at, true
}

// Standing is the state of what wants a revision of a repository that a checkout is given of; the zero State where that is what
// stands there.
func Standing(c checkout.Checkout, revision string) State {
	url := chart.Location(c.URL)
	if c.Lack != "" {
		return State{Kind: NotRendered, Reason: fmt.Sprintf("its source is another repository, %s, of which nothing is in %s: %s", url, c.Dir, c.Lack), Hint: HintCheckout}
	}
	if !c.Stands(revision) {
		return State{Kind: NotRendered, Reason: fmt.Sprintf("its source is the revision %q of %s, and not what stands in %s", revision, url, c.Dir), Hint: hintRevision}
	}
	return State{}
}

// hintRevision and HintCheckout are what helps where another repository is not here.
const (
	hintRevision = "check out that revision there"
	HintCheckout = "give a checkout of it by --repo URL=DIR"
)

// UnreadIn tells as Unread does of another repository: of what stands where something reaches it.
func (r *Repository) UnreadIn(root string, reached func(path string) bool) (problems []Problem, notes []string) {
	if root == "." || r.Tree.Owns(root) {
		return nil, nil // Unread has it
	}
	return r.unread(slices.DeleteFunc(r.Tree.UnreadIn(root), func(u tree.Unread) bool { return !reached(u.Path) || u.Outside }))
}

// OutsideIn tells of the links out of the repository of a root in the tree, for which Argo CD refuses all of it.
func (r *Repository) OutsideIn(root string) (problems []Problem) {
	for _, u := range r.Tree.UnreadIn(root) {
		if u.Outside {
			problems = append(problems, Problem{Place: manifest.Top(u.Path), Message: u.Reason + ": Argo CD renders nothing of one that has such a link"})
		}
	}
	return problems
}
