package generator

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/admission"
	"github.com/gitopsgen/gitopsgen/linter/policy"
)

// ExportOptions say which policies are written for an API server.
type ExportOptions struct {
	// Cluster is the one that they are for; empty is the repository's first.
	Cluster string
	// Enforce is the most that is done about what breaks one, and Least the least severity of one; Off is a warning.
	Enforce admission.Action
	Least   linter.Severity
}

// ExportPolicies writes the policies that judge a repository, with what it sets of them, for the API server of one of its clusters.
func (g Generator) ExportPolicies(ctx context.Context, r Repository, o ExportOptions) (admission.Export, error) {
	var names []string
	for _, c := range r.Spec.Clusters {
		names = append(names, c.Name)
	}
	if o.Cluster == "" {
		o.Cluster = names[0]
	}
	if !slices.Contains(names, o.Cluster) {
		return admission.Export{}, fault.Misuse(fmt.Errorf("--cluster %q: there is no such cluster%s", o.Cluster, wording.DidYouMean(o.Cluster, names)))
	}
	by := Settings{Repository: r}
	judge, set, err := g.admitted(ctx, &by)
	if err != nil {
		return admission.Export{}, err
	}
	if wrong := set.WaiverFindings; len(wrong) > 0 {
		return admission.Export{}, fmt.Errorf("%s: %s", wrong[0].Place, wrong[0].Message)
	}
	return admission.New(ctx, judge, admission.Options{
		Tier: r.Spec.Tier, Severity: set.Severity, Params: by.params(), Waivers: set.Waivers,
		Cluster: o.Cluster, Enforce: o.Enforce, Least: o.Least,
	})
}

// admitted are the policies that judge by some settings, and these settings.
func (g Generator) admitted(ctx context.Context, by *Settings) (*policy.Checker, linter.Options, error) {
	judge, err := g.policies(ctx, by.Repository)
	if err != nil {
		return nil, linter.Options{}, err
	}
	set, err := by.options(linter.Rules(g.with(judge)))
	return judge, set, err
}

// admit gives the blueprint of a platform with the policies among the extras of the components that bring them. have is what stands
// there: of it the users' own policies and waivers count.
func (g Generator) admit(ctx context.Context, p Platform, have tree.Tree) (blueprint.Blueprint, error) {
	b := p.Blueprint
	if !slices.ContainsFunc(b.Clusters, func(c blueprint.Platform) bool { return slices.ContainsFunc(c.Components, bringsPolicies) }) {
		return b, nil
	}
	own, err := tree.New(have.Under(policyDir)...)
	if err != nil {
		return b, err
	}
	by := Settings{Repository: Repository{Tree: own, Document: p.Document, Spec: p.Spec, Lock: lock.Lock{Registries: layout.Registries(b)}}}
	judge, set, err := g.admitted(ctx, &by)
	if err != nil {
		return b, err
	}
	o := admission.Options{Tier: p.Spec.Tier, Severity: set.Severity, Params: by.params(), Waivers: append(componentWaivers(b), set.Waivers...)}
	policies := sync.OnceValues(func() (*admission.Policies, error) { return admission.Of(ctx, judge) })
	ask := func(o admission.Options) (asked, error) { return g.ask(judge, policies, o) }
	b.Clusters = slices.Clone(b.Clusters)
	for i, c := range b.Clusters {
		o.Cluster = c.Name
		c.Components = slices.Clone(c.Components)
		for j := range c.Components {
			if err := bring(&c.Components[j], ask, o); err != nil {
				return b, err
			}
		}
		b.Clusters[i] = c
	}
	return b, nil
}

// asked is what has the API server of a cluster ask policies.
type asked struct{ Templates, Constraints, Patches []any }

// ask writes policies for an API server, unless an earlier run did so: policies are what judge compiles, which takes its time.
func (g Generator) ask(judge *policy.Checker, policies func() (*admission.Policies, error), o admission.Options) (out asked, err error) {
	text, err := json.Marshal(o)
	if err != nil {
		return out, err
	}
	key, ok := g.Kept.Key("admission", judge.Digest(), string(text))
	if ok {
		if data, known := g.Kept.Large(key); known && manifest.Unpack(data, &out) == nil {
			return out, nil
		}
	}
	all, err := policies()
	if err != nil {
		return out, err
	}
	whole := all.Export(o)
	out = asked{Templates: whole.Templates}
	out.Constraints, out.Patches = whole.Short()
	if data, err := manifest.Pack(out); ok && err == nil {
		g.Kept.PutLarge(key, data)
	}
	return out, nil
}

func bringsPolicies(c blueprint.Component) bool { return c.Policies != nil }

// bring puts the policies among the extras of a component, if it brings them.
func bring(c *blueprint.Component, ask func(admission.Options) (asked, error), o admission.Options) (err error) {
	if !bringsPolicies(*c) {
		return nil
	}
	if o.Enforce, err = admission.ParseAction(c.Policies.Enforce); err != nil {
		return fmt.Errorf("%s: policies.enforce: %w", c.Name, err)
	}
	out, err := ask(o)
	if err != nil || len(out.Templates) == 0 {
		return err
	}
	extras := map[string]any{"constraint-templates.yaml": out.Templates, "constraints.yaml": out.Constraints}
	maps.Copy(extras, c.Extras)
	c.Extras, c.ExtrasPatches = extras, out.Patches
	if len(out.Patches) > 0 {
		c.Reasons = append(slices.Clip(c.Reasons), blueprint.Reason{At: []any{"extrasPatches", 0}, Text: podsOnce})
	}
	return nil
}

// podsOnce says what the patch of the constraints does.
const podsOnce = `The kinds that run pods. Most constraints are about all of these: they stand here once, and are put into each that has the label.`

// componentWaivers are those that components bring.
func componentWaivers(b blueprint.Blueprint) (all []linter.Waiver) {
	for _, platform := range b.Clusters {
		for _, c := range platform.Components {
			for _, w := range c.Waivers {
				all = append(all, linter.Waiver{
					Rule: w.Rule, Cluster: platform.Name, Component: c.Name, Reason: w.Reason,
					Kind: w.Match.Kind, Namespace: w.Match.Namespace, Name: w.Match.Name, Container: w.Match.Container,
				})
			}
		}
	}
	return all
}
