package verdicts

import (
	"cmp"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/admission"
	"github.com/gitopsgen/gitopsgen/linter/policy"
	"github.com/gitopsgen/gitopsgen/policies"
	"github.com/gitopsgen/gitopsgen/schemas"
	"github.com/gitopsgen/gitopsgen/templates"
)

// TestTrees holds both against each other on all that the golden trees render to, with their settings and waivers.
func TestTrees(t *testing.T) {
	for _, tier := range []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise} {
		t.Run(string(tier), func(t *testing.T) {
			files, err := gitrepo.Read(filepath.Join("..", "..", "..", "golden", "trees", string(tier)))
			check(t, err)
			made, _, err := lock.Read(files)
			check(t, err)
			g := library(made.Requires)
			r, err := g.Read(files, tier)
			check(t, err)
			out, err := g.ExportPolicies(t.Context(), r, generator.ExportOptions{Enforce: admission.Deny, Least: linter.Info})
			check(t, err)
			if n := judged(t, g, r, out); n == 0 {
				t.Error("got no findings: nothing was compared")
			} else {
				t.Logf("%d findings by %d rules", n, len(out.Constraints))
			}
		})
	}
}

// judged compares what is found in a repository, and counts it. Waivers that say more than the API server knows excuse nothing there.
func judged(t *testing.T, g generator.Generator, r generator.Repository, out admission.Export) (n int) {
	t.Helper()
	judge, err := policy.New(t.Context(), policy.Source{Files: policies.FS})
	check(t, err)
	rendered, err := g.Render(t.Context(), r, generator.RenderOptions{})
	check(t, err)
	report, err := g.Check(t.Context(), r, generator.CheckOptions{})
	check(t, err)
	objects := slices.DeleteFunc(rendered.Resources, func(o manifest.Resource) bool {
		return o.ID.Kind == "" || o.ID.Name == "" || o.Origin.Cluster != r.Spec.Clusters[0].Name
	})
	all := linted(t, judge, r.Spec.Tier, written(out), objects)
	gatekeeper := newEngine(t, out)
	for i, o := range objects {
		want := slices.DeleteFunc(all[i], func(v verdict) bool {
			return slices.ContainsFunc(report.Waived, func(w linter.Waived) bool {
				return w.Resource.ID == o.ID && w.Resource.Origin.Cluster == o.Origin.Cluster && v == verdict{w.Rule, w.Message} &&
					!slices.ContainsFunc(out.Waivers, func(unknown linter.Waiver) bool { return unknown.Place == w.Waiver.Place })
			})
		})
		got := gatekeeper.verdicts(t, o.Object, in(objects, o.ID.Namespace))
		compare(t, o.ID, got, want)
		n += len(got)
	}
	return n
}

// in is the Namespace of a name; nil where there is none among the objects.
func in(objects []manifest.Resource, name string) map[string]any {
	for _, o := range objects {
		if o.ID.Kind == "Namespace" && o.ID.Group == "" && o.ID.Name == name {
			return o.Object
		}
	}
	return nil
}

// library is what the program brings along, with charts from nowhere.
func library(version string) generator.Generator {
	bundle := schemas.Embedded()
	return generator.Generator{
		Library: generator.Library{
			Version: cmp.Or(version, "0.0.0"), Blueprints: blueprints.FS, Records: blueprints.Records(), Policies: policies.FS, Templates: templates.FS,
			Schemas: bundle, Namespaced: bundle.Namespaced, ListKeys: bundle.Keys,
		},
		Places: supply.Open(supply.Options{Offline: true}),
	}
}
