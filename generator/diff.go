package generator

import (
	"context"
	"errors"
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
)

// DiffOptions say which states of a directory are compared.
type DiffOptions struct {
	RenderOptions
	From, To snapshot.At
}

// Diffed is what a comparison has to tell.
type Diffed struct {
	difference.Difference
	// Failure says why not all could be compared, where that ends the run; nil where nothing does.
	Failure error
}

// State is a repository in one of its states.
type State struct {
	// Name says which: "HEAD (1a2b3c4)", "the work tree".
	Name string
	Repository
}

// Diff compares what two states of the repository in a directory render to. Where nothing is committed yet, all is new.
func (g Generator) Diff(ctx context.Context, dir string, o DiffOptions) (Diffed, error) {
	to, err := g.state(ctx, dir, o.To)
	if err != nil {
		return Diffed{}, err
	}
	from, err := g.state(ctx, dir, o.From)
	unborn := errors.Is(err, snapshot.ErrUnborn)
	if err != nil && !unborn {
		return Diffed{}, err
	}
	if unborn {
		from.Name = "nothing"
	}
	out, err := g.Compare(ctx, from, to, o.RenderOptions)
	if unborn {
		out.Notes = append(out.Notes, "nothing is committed yet, so that all is new")
	}
	return out, err
}

// state reads a directory in one of its states.
func (g Generator) state(ctx context.Context, dir string, at snapshot.At) (s State, err error) {
	s.Repository, err = g.OpenAt(ctx, dir, at, blueprint.Medium)
	switch {
	case at.Staged:
		s.Name = "the index"
	case at.Revision == "":
		s.Name = workTree
	default:
		s.Name = fmt.Sprintf("%s (%.7s)", at.Revision, s.Commit)
	}
	var usage fault.Usage
	if errors.As(err, &usage) {
		return s, err // which names the revision
	}
	return s, s.blame(err)
}

const workTree = "the work tree"

// blame says of which state an error is. One of the work tree begins with a place that editors know how to open.
func (s State) blame(err error) error {
	if s.Name == workTree {
		return err
	}
	var all hinted
	all.take(s, err)
	return all.join()
}

// take adds all errors of a state.
func (h *hinted) take(s State, err error) {
	if err == nil {
		return
	}
	var said fault.Hinted
	errors.As(err, &said)
	for _, one := range fault.Each(err) {
		if s.Name != workTree {
			one = fmt.Errorf("%s: %w", s.Name, one)
		}
		h.add(one, said.Hint)
	}
}

// Compare compares what two states of a repository render to. What is equal in both is rendered once.
func (g Generator) Compare(ctx context.Context, from, to State, o RenderOptions) (Diffed, error) {
	defer g.tell("")
	if o.Made == nil {
		o.Made = &build.Made{}
	}
	var sides [2]difference.Side
	var failed hinted
	empty := true
	for i, s := range []State{from, to} {
		r, err := g.renderAll(ctx, s.Repository, o)
		if err != nil {
			return Diffed{}, s.blame(err)
		}
		sides[i] = difference.Side{Name: s.Name, Result: r.told(r.Result, checkout.Checkout.Published)}
		empty = empty && len(r.Resources)+len(r.Problems)+len(r.Applications) == 0
		failed.take(s, failure(r.Result, o))
		failed.take(s, broken(r.Result, o))
	}
	if empty {
		return Diffed{}, fmt.Errorf("there is nothing to compare: no Argo CD Application, kustomization or manifest in %s and in %s", from.Name, to.Name)
	}
	g.tell("comparing")
	out := Diffed{difference.Between(sides[0], sides[1]), failed.join()}
	out.Notes = append(out.Notes, g.Places.Silent()...)
	return out, nil
}

// broken gives the error of a tree that does not render, where that is not as the flags allow it.
func broken(result render.Result, o RenderOptions) error {
	var all hinted
	for _, p := range result.Problems {
		if o.RequireRender && p.Keeps() {
			all.add(fmt.Errorf("%s: %s", p.Place, p.Message), "")
		}
	}
	return all.join()
}
