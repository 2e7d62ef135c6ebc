package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// TestOptions wants an enterprise to be generated without an error with each other option of each capability in place of its own,
// and with what that is tried with.
func TestOptions(t *testing.T) {
	if testing.Short() {
		t.Skip("scaffolds some dozens of repositories")
	}
	can := description(t, blueprint.Enterprise)
	for _, capability := range slices.Sorted(maps.Keys(can.Capabilities)) {
		for _, option := range slices.Sorted(maps.Keys(can.Capabilities[capability].Options)) {
			spec := can.With(blueprint.Spec{Tier: blueprint.Enterprise}.WithDefaults(), capability, option)
			if option == can.Capabilities[capability].Default && len(spec.Components) == 0 {
				continue // TestTrees has it
			}
			t.Run(capability+"-"+option, func(t *testing.T) {
				t.Parallel()
				passes(t, spec)
			})
		}
	}
}

// paired are the capabilities of which each option is to go with each of each other: what has pages, data, keys or people on one side has
// to do with who leads to them, keeps them or lets them in on the other.
var paired = []string{"authentication", "ingress", "logging", "secrets", "storage"}

// pairsVariable has TestPairs try all pairs, which takes minutes.
const pairsVariable = "GITOPSGEN_PAIRS"

// TestPairs wants the tiers with fewer demands to be generated without an error, and without a reference to what is not there, with several
// options at once: each of each capability. With GITOPSGEN_PAIRS=1 each pair of options of what is paired is met in medium, too.
func TestPairs(t *testing.T) {
	if testing.Short() {
		t.Skip("scaffolds some dozens of repositories")
	}
	tiers := map[blueprint.Tier][]string{blueprint.Small: nil, blueprint.Medium: nil}
	if number(pairsVariable, 0) > 0 {
		tiers[blueprint.Medium] = paired
	}
	for tier, together := range tiers {
		can := description(t, tier)
		for i, choices := range matrix(can, together) {
			spec := blueprint.Spec{Tier: tier}.WithDefaults()
			var name []string
			for _, capability := range slices.Sorted(maps.Keys(choices)) {
				spec = can.With(spec, capability, choices[capability])
				name = append(name, choices[capability])
			}
			t.Run(fmt.Sprintf("%s-%d", tier, i), func(t *testing.T) {
				t.Parallel()
				t.Log(strings.Join(name, ", "))
				passes(t, spec)
			})
		}
	}
}

// pair are two options, each with its capability before it.
type pair [2]string

// matrix gives choices of options by capability in which each option is met that there is, and each pair of those that are together.
func matrix(can blueprint.Description, together []string) (rows []map[string]string) {
	options := map[string][]string{}
	var missing []pair // an option beside itself is that option
	for _, capability := range slices.Sorted(maps.Keys(can.Capabilities)) {
		options[capability] = slices.Sorted(maps.Keys(can.Capabilities[capability].Options))
		if slices.Equal(options[capability], []string{can.Capabilities[capability].Default}) {
			delete(options, capability) // it is there anyway, unless something brings its own
			continue
		}
		for _, option := range options[capability] {
			one := capability + "=" + option
			missing = append(missing, pair{one, one})
			for _, other := range together[slices.Index(together, capability)+1:] {
				for option := range can.Capabilities[other].Options {
					if slices.Contains(together, capability) {
						missing = append(missing, pair{one, other + "=" + option})
					}
				}
			}
		}
	}
	slices.SortFunc(missing, func(a, b pair) int { return slices.Compare(b[:], a[:]) })
	for len(missing) > 0 {
		row := map[string]string{}
		for _, of := range missing[0] {
			capability, option, _ := strings.Cut(of, "=")
			choose(can, row, capability, option)
		}
		for _, capability := range slices.Sorted(maps.Keys(options)) {
			best, most := "", 0
			for _, option := range options[capability] {
				trial := maps.Clone(row)
				if !choose(can, trial, capability, option) {
					continue
				}
				if met := len(missing) - len(without(missing, trial)); met > most || best == "" {
					best, most = option, met
				}
			}
			if row[capability] == "" && best != "" {
				choose(can, row, capability, best)
			}
		}
		left := without(missing, row)
		if len(left) == len(missing) {
			panic(fmt.Sprintf("%s go together never", missing[0])) // what two options require of others is not the same
		}
		missing = left
		rows = append(rows, row)
	}
	return rows
}

// choose adds an option to choices with all that it requires, unless they say otherwise.
func choose(can blueprint.Description, choices map[string]string, capability, option string) bool {
	wanted := can.Requires(capability, option)
	wanted[capability] = option
	for of, want := range wanted {
		if is, ok := choices[of]; ok && is != want {
			return false
		}
	}
	maps.Copy(choices, wanted)
	return true
}

// without are the pairs that choices do not meet.
func without(pairs []pair, choices map[string]string) []pair {
	met := func(of string) bool {
		capability, option, _ := strings.Cut(of, "=")
		return choices[capability] == option
	}
	return slices.DeleteFunc(slices.Clone(pairs), func(p pair) bool { return met(p[0]) && met(p[1]) })
}

func description(t *testing.T, tier blueprint.Tier) blueprint.Description {
	t.Helper()
	can, err := blueprint.Describe(t.Context(), blueprint.Source{Library: blueprints.FS}, blueprint.Spec{Tier: tier}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	return can
}

// passes wants the repository of a spec to be generated without an error.
func passes(t *testing.T, spec blueprint.Spec) {
	t.Helper()
	text, err := sigs.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "gitopsgen.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	scaffold(t, "--offline", "--spec="+file, "--no-commit", "--fail-on=error", filepath.Join(t.TempDir(), "repository"))
}
