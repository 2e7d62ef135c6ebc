package generator

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
	"github.com/gitopsgen/gitopsgen/linter"
)

// Since is the state of a repository from which on it is judged: what was found there already is known.
type Since struct {
	Repository
	// Revision is what a person called it.
	Revision string
	// Merged are the states that are being merged into it: what was found there is known, too.
	Merged []Repository
	// asked says that whoever asked for the change is who decides how the repository is judged: nothing is told of what it loosens.
	asked bool
	// unborn says that nothing was committed yet.
	unborn bool
	// broken says why nothing can be known of it; nil where it can.
	broken error
}

// states are all of which it is known what was found.
func (s *Since) states() []Repository { return append([]Repository{s.Repository}, s.Merged...) }

// String names the state with its commit.
func (s Since) String() string {
	switch {
	case s.unborn:
		return s.Revision + " (nothing is committed yet)"
	case s.Commit == "":
		return s.Revision
	}
	return fmt.Sprintf("%s (%.7s)", s.Revision, s.Commit)
}

// OpenSince reads the newest state of a repository that it has in common with a revision; at is the one in which it was read
// itself. Before the first commit that is empty. One that says nothing readable of itself is told of, and nothing is known of it.
func (g Generator) OpenSince(ctx context.Context, r Repository, at snapshot.At, revision string) (*Since, error) {
	since := Since{Revision: revision}
	commit, err := snapshot.MergeBase(ctx, r.Dir, cmp.Or(at.Revision, "HEAD"), revision)
	if err == nil {
		since.Tree, since.Commit, err = snapshot.Read(ctx, r.Dir, snapshot.At{Revision: commit})
	}
	if since.unborn = errors.Is(err, snapshot.ErrUnborn); err != nil && !since.unborn {
		return nil, fmt.Errorf("--since: %w", unread(err))
	}
	t, commit := since.Tree, since.Commit
	since.Repository, since.broken = g.Read(t, r.Spec.Tier)
	since.Tree, since.Dir, since.Commit, since.Remotes = t, r.Dir, commit, r.Remotes
	if since.broken == nil {
		_, since.broken = g.withCheckouts(since.Repository, RenderOptions{})
	}
	if at.Staged && since.broken == nil {
		since.Merged, err = g.merged(ctx, r)
	}
	return &since, err
}

// merged reads the states that a merge brings into a repository.
func (g Generator) merged(ctx context.Context, r Repository) ([]Repository, error) {
	m, err := snapshot.Merging(ctx, r.Dir)
	if err != nil || len(m.Sides) == 0 {
		return nil, err
	}
	var all []Repository
	for _, commit := range m.Sides[1:] {
		if one, err := g.OpenAt(ctx, r.Dir, snapshot.At{Revision: commit}, r.Spec.Tier); err == nil { // else nothing is known of it
			all = append(all, one)
		}
	}
	return all, nil
}

// settingsFiles are the files that say how a repository is judged, besides its policies.
var settingsFiles = []string{blueprint.SpecFile, ownWaivers, usersWaivers}

// sameSettings reports whether two states of a repository are judged by the same.
func sameSettings(a, b Repository) bool {
	for _, file := range settingsFiles {
		one, _ := a.Tree.File(file)
		other, _ := b.Tree.File(file)
		if !bytes.Equal(one.Data, other.Data) {
			return false
		}
	}
	these, those := a.Tree.Under(policyDir), b.Tree.Under(policyDir)
	for i := range min(len(these), len(those)) {
		if these[i].Path != those[i].Path || !bytes.Equal(these[i].Data, those[i].Data) {
			return false
		}
	}
	return len(these) == len(those) && a.Lock.SameNeeds(b.Lock)
}

// renderSince renders a repository and earlier states of it, of each what is not the same in the others; where they are not all
// judged by the same settings all of them.
func (g Generator) renderSince(ctx context.Context, r Repository, o CheckOptions) (is Rendered, was []Rendered, err error) {
	if o.Since.broken != nil {
		is, err = g.renderWhole(ctx, r, o.RenderOptions)
		return is, nil, err
	}
	if o.Made == nil {
		o.Made = &build.Made{} // much is the same in all states
	}
	differs := func(s Repository) bool { return !sameSettings(r, s) }
	if o.Settings == nil && slices.ContainsFunc(o.Since.states(), differs) {
		if is, err = g.renderWhole(ctx, r, o.RenderOptions); err != nil {
			return is, nil, err
		}
		for _, state := range o.Since.states() {
			before, err := g.renderAll(ctx, state, o.RenderOptions)
			if err != nil {
				return is, nil, err
			}
			was = append(was, before)
		}
		return is, was, nil
	}
	return g.renderChanged(ctx, r, o)
}

// renderChanged renders what is not the same in a repository and in earlier states of it.
func (g Generator) renderChanged(ctx context.Context, r Repository, o CheckOptions) (is Rendered, was []Rendered, err error) {
	g.tell("rendering what changed")
	states := append([]Repository{r}, o.Since.states()...)
	for i := range states {
		if states[i], err = g.withCheckouts(states[i], o.RenderOptions); err != nil {
			return is, nil, err
		}
	}
	r, states = states[0], states[1:]
	now, failed := g.side(ctx, r, o.RenderOptions)
	failures := []func() error{failed}
	var before []render.Side
	for _, state := range states {
		side, failed := g.side(ctx, state, o.RenderOptions)
		before, failures = append(before, side), append(failures, failed)
	}
	is.Repository = r
	var results []render.Result
	is.Result, results, err = render.Since(ctx, now, before)
	for _, failed := range failures {
		if err == nil {
			err = failed()
		}
	}
	for i, result := range results {
		was = append(was, Rendered{Repository: states[i], Result: result})
	}
	is.Notes = append(is.Notes, append(g.Places.Silent(), o.Kube.notes(is)...)...)
	seen := r.Focus.Narrow(is.Result).Result
	if r.Focus != "" && isEmpty(seen) && len(seen.Alone) == 0 {
		return is, was, r.empty()
	}
	is.Failure = failure(seen, o.RenderOptions)
	return is, was, err
}

// side is a repository with how it is rendered. What went wrong with records is told by the function that comes with it.
func (g Generator) side(ctx context.Context, r Repository, o RenderOptions) (side render.Side, failed func() error) {
	side = render.Side{Tree: r.Tree, Options: g.options(r, o)}
	side.Options.Recorded, failed = g.known(ctx, r, o.settings(r))
	return side, failed
}

// knownOf finds out what was wrong with earlier states already.
func (g Generator) knownOf(ctx context.Context, was []Rendered, o CheckOptions) (linter.Known, error) {
	known := linter.Known{}
	for _, state := range was {
		by := o.settings(state.Repository)
		checkers, options, err := g.judges(ctx, by)
		if err != nil {
			return nil, err
		}
		found, err := linter.All(ctx, checkers, g.lintInput(ctx, state, by, o.Kube), options)
		if err != nil {
			return nil, err
		}
		for fingerprint, n := range linter.Know(found.Findings) {
			known[fingerprint] = max(known[fingerprint], n)
		}
	}
	return known, nil
}

// compare fills in what is known of earlier states, and tells where that is nothing.
func (g Generator) compare(ctx context.Context, options *linter.Options, is *Rendered, was []Rendered, o CheckOptions) (err error) {
	if o.Since.broken != nil {
		is.Notes = append(is.Notes, fmt.Sprintf("all findings are told, for %s cannot be read: %v", o.Since, o.Since.broken))
		return nil
	}
	if options.Known, err = g.knownOf(ctx, was, o); err == nil && !o.Since.asked {
		options.Loosened, err = g.loosened(ctx, *is, o)
	}
	return err
}
