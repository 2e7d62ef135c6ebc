package main

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// TestOptions wants each tier to be generated without an error with each other option of each capability in place of its own, and
// with what that requires.
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
				if option == can.Capabilities[capability].Default {
					continue // TestTrees has it
				}
				t.Run(string(tier)+"-"+capability+"-"+option, func(t *testing.T) {
					t.Parallel()
					args := []string{"--offline", "--tier=" + string(tier), "--no-commit", "--fail-on=error"}
					for name, chosen := range can.Choosing(capability, option) {
						args = append(args, "--set=capabilities."+name+"="+chosen.Option)
					}
					scaffold(t, append(args, filepath.Join(t.TempDir(), "repository"))...)
				})
			}
		}
	}
}
