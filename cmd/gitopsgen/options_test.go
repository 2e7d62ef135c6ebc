package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// TestOptions wants each tier to be generated without an error with each other option of each capability in place of its own,
// and with what that is tried with.
func TestOptions(t *testing.T) {
	if testing.Short() {
		t.Skip("scaffolds some dozens of repositories")
	}
	for _, tier := range []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise} {
		can, err := blueprint.Describe(t.Context(), blueprint.Source{Library: blueprints.FS}, blueprint.Spec{Tier: tier}.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		for _, capability := range slices.Sorted(maps.Keys(can.Capabilities)) {
			for _, option := range slices.Sorted(maps.Keys(can.Capabilities[capability].Options)) {
				spec := can.With(blueprint.Spec{Tier: tier}.WithDefaults(), capability, option)
				if option == can.Capabilities[capability].Default && len(spec.Components) == 0 {
					continue // TestTrees has it
				}
				t.Run(string(tier)+"-"+capability+"-"+option, func(t *testing.T) {
					t.Parallel()
					text, err := sigs.Marshal(spec)
					if err != nil {
						t.Fatal(err)
					}
					file := filepath.Join(t.TempDir(), "gitopsgen.yaml")
					if err := os.WriteFile(file, text, 0o600); err != nil {
						t.Fatal(err)
					}
					scaffold(t, "--offline", "--spec="+file, "--no-commit", "--fail-on=error", filepath.Join(t.TempDir(), "repository"))
				})
			}
		}
	}
}
