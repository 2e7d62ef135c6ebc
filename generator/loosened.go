package generator

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
)

// loosened finds what the settings of a repository let pass that those of no earlier state of it did.
func (g Generator) loosened(ctx context.Context, is Rendered, o CheckOptions) (all []linter.Finding, err error) {
	for i, state := range o.Since.states() {
		found, err := g.looser(ctx, is, state, o)
		if err != nil {
			return nil, err
		}
		found = append(found, o.longer(is.Repository, state)...)
		if i == 0 {
			all = found
			continue
		}
		known := linter.Know(found)
		all = slices.DeleteFunc(all, func(f linter.Finding) bool { return known[f.Fingerprint()] == 0 })
	}
	return all, nil
}

// looser finds what the settings of a repository let pass that those of an earlier state of it did not. Of what its components
// need, as the library has it for its gitopsgen.yaml, nothing is told: that is how the rules are meant.
func (g Generator) looser(ctx context.Context, is Rendered, state Repository, o CheckOptions) ([]linter.Finding, error) {
	if sameSettings(is.Repository, state) {
		return nil, nil
	}
	now, before := &Settings{Repository: is.Repository}, &Settings{Repository: state}
	if g.vouched(ctx, is.Repository) {
		before = before.withComponents(is.Repository)
	}
	var strictness [2]linter.Strictness
	var all [2][]linter.Finding
	for i, by := range []*Settings{now, before} {
		checkers, options, err := g.judges(ctx, by)
		switch {
		case ctx.Err() != nil, err != nil && i > 0:
			return nil, err
		case err != nil: // others judge by others: what cannot be read finds nothing
			return []linter.Finding{linter.Unreadable(err.Error(), policyDir)}, nil
		}
		trusted, at := by.trusted()
		strictness[i] = linter.Strictness{
			Options: options, Rules: linter.Rules(checkers), Tier: by.Spec.Tier, TierPlace: by.place("tier"), Trusted: trusted, TrustedPlace: at,
			Pods: by.Spec.Lint.Pods, PodsPlace: by.place("lint", "pods"),
		}
		if by == now && o.Settings == nil {
			all[i] = o.found
			continue
		}
		found, err := linter.All(ctx, checkers, g.lintInput(ctx, is, by, o.Kube), options)
		if err != nil {
			return nil, err
		}
		all[i] = found.Findings
	}
	told := linter.Loosened(strictness[0], strictness[1])
	return append(told, linter.Hidden(strictness[0], strictness[1], all, told)...), nil
}

// longer finds what the baseline of a repository has and that of an earlier state of it had not.
func (o CheckOptions) longer(r, state Repository) []linter.Finding {
	if o.Baseline == nil || o.Settings != nil {
		return nil
	}
	inside, err := inRepository(r, o.Baseline.File)
	f, _ := state.Tree.File(inside)
	if err != nil || inside == "" {
		return nil
	}
	before, _ := linter.ReadBaseline(inside, f.Data) // one that cannot be read has nothing
	return linter.Longer(*o.Baseline, before, inside)
}

// withComponents gives settings with what the components of a repository need: their waivers, the registries of their images, and the Secrets
// that somebody makes.
func (s *Settings) withComponents(r Repository) *Settings {
	files := slices.DeleteFunc(slices.Clone(s.Tree.Files()), func(f tree.File) bool { return f.Path == ownWaivers })
	if f, ok := r.Tree.File(ownWaivers); ok {
		files = append(files, f)
	}
	t, err := tree.New(files...)
	if err != nil {
		return s
	}
	with := *s
	with.Tree, with.Lock.Registries, with.Lock.Secrets = t, r.Lock.Registries, r.Lock.Secrets
	return &with
}

// vouched reports whether what a repository says that its components need is what the library has for its gitopsgen.yaml. A
// blueprint of the repository's own says whatever its author likes.
func (g Generator) vouched(ctx context.Context, r Repository) bool {
	f, ok := r.Tree.File(blueprint.SpecFile)
	if !ok || r.Spec.Blueprint != "" {
		return false
	}
	p, err := g.Evaluate(ctx, SpecText{Text: f.Data, File: blueprint.SpecFile})
	if err != nil {
		return false
	}
	made, err := g.Lay(ctx, p)
	if err != nil {
		return false
	}
	has, _ := r.Tree.File(ownWaivers)
	want, _ := made.Tree.File(ownWaivers)
	return bytes.Equal(has.Data, want.Data) && r.Lock.SameNeeds(made.Lock)
}

// vouch lets settings of another revision have what the components of a repository need, where that is vouched for: a change
// that adds a component brings what it is excused from.
func (g Generator) vouch(ctx context.Context, is *Rendered, by *Settings) *Settings {
	has, _ := is.Tree.File(ownWaivers)
	had, _ := by.Tree.File(ownWaivers)
	same := bytes.Equal(has.Data, had.Data) && is.Lock.SameNeeds(by.Lock)
	if by.from == "" || same || !g.vouched(ctx, is.Repository) {
		return by
	}
	is.Notes = append(is.Notes, fmt.Sprintf("what the components are excused from and where their images come from is that of this %s, as its blueprint has it", blueprint.SpecFile))
	return by.withComponents(is.Repository)
}
