package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/record"
)

var librarySource = blueprint.Source{Library: blueprints.FS}

// TestRecords wants a record of each component's charts, in each tier and with each option of each capability, with and
// without addresses, on a hub and on another cluster, and no others. make record writes them.
func TestRecords(t *testing.T) {
	t.Parallel()
	set, err := record.ReadSet(blueprints.Records())
	if err != nil || len(set) == 0 {
		t.Fatalf("got %v, %v, want records", set, err)
	}
	plain := record.Set{}
	plain.Merge(set)
	if len(plain) < len(set) {
		t.Errorf("%d records of %d say what another one says, or have its keys", len(set)-len(plain), len(set))
	}
	all, err := platforms(t.Context(), blueprints.FS)
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]bool{}
	keysOf := generator.NewKeys(librarySource)
	for _, p := range all {
		keys, err := keysOf.Of(t.Context(), p.spec)
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		for _, of := range keys {
			for component, key := range of {
				wanted[key] = true
				if !set.Has(component, key) {
					t.Errorf("%s/%s: there is no record with the key %.8s: make record", component, p.name, key)
				}
			}
		}
	}
	for file, rec := range set {
		for _, key := range rec.Keys {
			if !wanted[key] {
				t.Errorf("%s: no platform has these charts with the values of key %.8s: make record", file, key)
			}
		}
	}
}

// TestLay lays out every tier: that of an enterprise has its policies among its objects.
func TestLay(t *testing.T) {
	t.Parallel()
	g, err := newGenerator(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, tier := range []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise} {
		if _, err := lay(t.Context(), g, blueprint.Spec{Tier: tier}.WithDefaults()); err != nil {
			t.Errorf("%s: %v", tier, err)
		}
	}
}

// TestRecordsAreFound wants what differs from site to site to leave the keys of records as they are, and what somebody
// chose to change them.
func TestRecordsAreFound(t *testing.T) {
	t.Parallel()
	key := func(spec blueprint.Spec) string {
		keys, err := generator.NewKeys(librarySource).Of(t.Context(), spec.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		for _, component := range slices.Sorted(maps.Keys(keys[spec.WithDefaults().Clusters[0].Name])) {
			fmt.Fprintln(&b, component, keys[spec.WithDefaults().Clusters[0].Name][component])
		}
		return b.String()
	}
	for _, tier := range []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise} {
		want := key(blueprint.Spec{Tier: tier})
		same := map[string]blueprint.Spec{
			"name, domain and URL": {Tier: tier, Name: "acme", Domain: "acme.test", Repository: blueprint.Repository{URL: "https://git.acme.test/a.git", Branch: "trunk"}},
			"cluster":              {Tier: tier, Clusters: []blueprint.Cluster{{Name: "edge", Domain: "edge.acme.test"}}},
			"mirror":               {Tier: tier, Registries: blueprint.Registries{Mirror: blueprint.Mirror{Images: map[string]string{"*": "r.acme.test/"}, Charts: map[string]string{"*": "oci://r.acme.test/charts"}}}},
		}
		for name, spec := range same {
			if got := key(spec); got != want {
				t.Errorf("%s: another %s changes the keys from\n%sto\n%s", tier, name, want, got)
			}
		}
		chosen := map[string]any{"replicas": 7.0}
		spec := blueprint.Spec{Tier: tier, Components: map[string]blueprint.ComponentSettings{"metrics-server": {Values: chosen}}}
		if key(spec) == want {
			t.Errorf("%s: values of a component change no key", tier)
		}
	}
}
