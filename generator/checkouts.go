package generator

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// OpenCheckouts reads the checkouts of other repositories that a person names: what a pull request says never gets here.
func OpenCheckouts(texts []string) (list checkout.List, err error) {
	for _, text := range texts {
		c, err := checkout.Parse(text)
		if err != nil {
			return nil, fault.Misuse(fmt.Errorf("--repo: %w", err)) // a password may stand in it
		}
		if c, err = c.Open(); err == nil {
			list, err = list.Add(c)
		}
		if err != nil {
			return nil, fault.Misuse(fmt.Errorf("--repo: %w", err))
		}
	}
	return list, nil
}

// maxCheckouts bounds the repositories that gitopsgen.yaml names: each path of each file is held against all of them.
const maxCheckouts = 100

// withCheckouts gives a repository with the checkouts of others in its tree: those that a person names, and of other repositories
// those that its settings name.
func (g Generator) withCheckouts(r Repository, o RenderOptions) (Repository, error) {
	by := o.settings(r)
	own := append(slices.Clone(r.Remotes), by.url())
	isOwn := func(c checkout.Checkout) bool {
		return slices.ContainsFunc(own, func(url string) bool { return checkout.Same(url, c.URL) })
	}
	r.Checkouts = slices.Clone(o.Checkouts)
	for _, c := range r.Checkouts {
		if isOwn(c) {
			return r, fault.Misuse(fmt.Errorf("--repo: %s is this repository's own URL", c.Name()))
		}
		t, err := r.Tree.With(c.Root, c.Tree)
		if err != nil {
			return r, fmt.Errorf("--repo: the files of %s would be known as those in %w", c.Name(), err)
		}
		r.Tree = t
	}
	if n := len(by.Spec.Repositories); n > maxCheckouts {
		return r, fmt.Errorf("%s: repositories: there are %d, want %d at most", by.place("repositories"), n, maxCheckouts)
	}
	for i, named := range by.Spec.Repositories {
		c := checkout.InFolder(named.URL, named.Path)
		if _, given := o.Checkouts.Find(c.URL); given {
			continue
		}
		list, err := r.Checkouts.Add(c)
		if err == nil && isOwn(c) {
			err = fmt.Errorf("%s is this repository's own URL", c.Name())
		}
		if err != nil {
			return r, fmt.Errorf("%s: repositories[%d].url: %w", by.place("repositories", i, "url"), i, err)
		}
		r.Checkouts = list
		if r, err = r.stand(len(list) - 1); err != nil {
			return r, fmt.Errorf("%s: repositories[%d].path %q: %w", by.place("repositories", i, "path"), i, c.Root, err)
		}
	}
	return r, nil
}

// stand finds what stands in the folder of the checkout at an index: a Git work tree of its own counts as it is now, whichever state
// of the repository is read.
func (r Repository) stand(i int) (Repository, error) {
	c := &r.Checkouts[i]
	root := r.Tree
	switch u, unread := unreadAt(root, c.Root); {
	case unread && (u.Outside || u.Target != ""):
		return r, fault.Hint(errors.New("it is a link"), "a checkout that stands elsewhere is given by --repo URL=DIR")
	case len(root.Under(c.Root)) > 0:
		if r.Tree = root.WithRoot(c.Root); r.hasOwn(c.Root) {
			*c = c.Standing(r.on(c.Root))
		}
	case unread && r.hasOwn(c.Root):
		read, err := checkout.Checkout{Dir: r.on(c.Root)}.Open()
		if err != nil {
			return r, err
		}
		*c = c.Standing(r.on(c.Root))
		r.Tree, err = root.With(c.Root, read.Tree)
		return r, err
	case unread:
		c.Lack = u.Reason
	default:
		c.Lack = "there is no such folder"
	}
	return r, nil
}

// unreadAt finds what keeps a folder from being read, or one that it stands in.
func unreadAt(t tree.Tree, folder string) (tree.Unread, bool) {
	i := slices.IndexFunc(t.Unread(), func(u tree.Unread) bool { return tree.Within(folder, u.Path) })
	if i < 0 {
		return tree.Unread{}, false
	}
	return t.Unread()[i], true
}

// hasOwn reports whether a Git work tree of its own stands in a folder of the repository as it is on disk, and no link leads there.
func (r Repository) hasOwn(folder string) bool {
	if r.Dir == "" {
		return false
	}
	root, err := os.OpenRoot(r.Dir)
	if err != nil {
		return false
	}
	defer root.Close()
	behind, err := tree.Follow(root.FS(), folder)
	return err == nil && behind == folder && checkout.IsOwn(r.on(folder))
}

// on is a folder of the repository on disk.
func (r Repository) on(folder string) string { return filepath.Join(r.Dir, filepath.FromSlash(folder)) }

// told gives what a repository renders to with the files of others under names that nobody takes for its own.
func (r Repository) told(result render.Result, name func(c checkout.Checkout, inside string) string) render.Result {
	if len(r.Checkouts) == 0 {
		return result
	}
	rename := func(at *manifest.Place) {
		if c, inside, ok := r.Checkouts.Of(at.File); ok {
			at.File = name(c, inside)
		}
	}
	result.Resources, result.Problems, result.Applications = slices.Clone(result.Resources), slices.Clone(result.Problems), slices.Clone(result.Applications)
	for i := range result.Resources {
		rename(&result.Resources[i].Origin.Place)
	}
	for i := range result.Problems {
		rename(&result.Problems[i].Place)
	}
	for i := range result.Applications {
		app := &result.Applications[i]
		rename(&app.Place)
		if of := app.Object.Origin.Set; of != nil {
			set := *of
			set.Elements = slices.Clone(set.Elements)
			for j := range set.Elements {
				rename(&set.Elements[j].Place)
			}
			rename(&set.Place)
			app.Object.Origin.Set = &set
		}
	}
	return result
}
