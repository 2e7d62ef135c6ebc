package blueprints_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/size"
)

// TestClaimsAreTold wants whoever claims a volume or a bucket to say what it holds there, in an enterprise with whichever option it comes: what backs it
// up, or why it may be lost. Storage itself holds what others claim.
func TestClaimsAreTold(t *testing.T) {
	claims := map[string]bool{}
	for component, objects := range renderedOf(t) {
		claims[component] = slices.ContainsFunc(objects, func(res manifest.Resource) bool { return claiming(t, res) })
	}
	judged := map[string]bool{}
	can, err := blueprint.Describe(t.Context(), librarySource, blueprint.Spec{Tier: blueprint.Enterprise}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	for _, capability := range slices.Sorted(maps.Keys(can.Capabilities)) {
		for option, leader := range can.Capabilities[capability].Options {
			with, _ := can.Components[leader].About["with"].([]any)
			if !slices.ContainsFunc(append(with, leader), func(name any) bool { return claims[name.(string)] }) {
				continue
			}
			b, _, err := blueprint.Evaluate(t.Context(), librarySource, can.With(blueprint.Spec{Tier: blueprint.Enterprise}.WithDefaults(), capability, option))
			if err != nil {
				t.Fatalf("%s %s: %v", capability, option, err)
			}
			for _, c := range b.Clusters[0].Components {
				if !claims[c.Name] {
					continue
				}
				judged[c.Name] = true
				if len(c.Data) == 0 {
					t.Errorf("%s %s: %s claims volumes, and its part data does not say what it holds", capability, option, c.Name)
				}
			}
		}
	}
	if len(judged) < 12 {
		t.Errorf("only %d components with claims were judged: %q", len(judged), slices.Sorted(maps.Keys(judged)))
	}
}

// claiming reports whether an object claims a volume or a bucket, or has an operator do so.
func claiming(t *testing.T, res manifest.Resource) bool {
	t.Helper()
	whole := sizeOfOne(t, res).Whole()
	return whole.Once.Claims+whole.Each.Claims > 0 || res.ID.Kind == "ObjectBucketClaim"
}

// sizeOfOne is what one object asks for.
func sizeOfOne(t *testing.T, res manifest.Resource) size.Sum {
	t.Helper()
	sum, err := size.Of([]manifest.Resource{res})
	if err != nil {
		t.Fatal(err)
	}
	return sum
}
