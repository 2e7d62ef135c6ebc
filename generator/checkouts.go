package generator

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
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
	r.Checkouts = nil
	for _, c := range o.Checkouts {
		if err := r.add(c, by); err != nil {
			return r, fault.Misuse(fmt.Errorf("--repo: %w", err))
		}
	}
	if n := len(by.Spec.Repositories); n > maxCheckouts {
		return r, fmt.Errorf("%s: repositories: there are %d, want %d at most", by.place("repositories"), n, maxCheckouts)
	}
	for i, named := range by.Spec.Repositories {
		if _, given := o.Checkouts.Find(named.URL); given {
			continue
		}
		if err := r.add(checkout.Checkout{URL: named.URL}.InFolder(named.Path), by); err != nil {
			return r, fmt.Errorf("%s: repositories[%d]: %w", by.place("repositories", i), i, err)
		}
	}
	return r, nil
}

// add puts the checkout of another repository into the tree.
func (r *Repository) add(c checkout.Checkout, by *Settings) (err error) {
	if slices.ContainsFunc(append(slices.Clone(r.Remotes), by.url()), func(url string) bool { return checkout.Same(url, c.URL) }) {
		return fmt.Errorf("%s is this repository's own URL", c.Name())
	}
	if inside, err := inRepository(*r, c.Dir); err == nil && r.Dir != "" && len(r.Tree.Under(inside)) > 0 && inside != "" && inside != "." {
		c = c.InFolder(inside) // which this state has, or its files would be known by two names
	}
	if c, r.Tree, err = c.In(r.Tree, r.Dir); err == nil {
		r.Checkouts, err = r.Checkouts.Add(c)
	}
	return err
}

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
