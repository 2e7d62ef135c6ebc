package linter

import (
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// TestFirst asks for each finding of a small world which waiver excuses it, among all pairs of waivers: the first one that matches,
// as it is found by going through all of them.
func TestFirst(t *testing.T) {
	var waivers []Waiver
	for _, rule := range []string{"a/b", "a/c"} {
		for _, cluster := range []string{"", "edge", "prod"} {
			for _, name := range []string{"", "lamp"} {
				waivers = append(waivers, Waiver{Rule: rule, Cluster: cluster, Name: name})
			}
		}
	}
	findings := []Finding{{Rule: "a/b"}}
	for _, rule := range []string{"a/b", "a/c", "a/d"} {
		for _, cluster := range []string{"", "edge", "prod"} {
			for _, name := range []string{"lamp", "other"} {
				findings = append(findings, Finding{Rule: rule, Resource: &manifest.Resource{
					ID: manifest.ID{Kind: "Lamp", Name: name}, Origin: manifest.Origin{Cluster: cluster},
				}})
			}
		}
	}
	for _, one := range waivers {
		for _, other := range waivers {
			pair := []Waiver{one, other}
			for _, f := range findings {
				want := slices.IndexFunc(pair, func(w Waiver) bool { return w.matches(f) })
				if got, found := candidates(pair).first(f); found != (want >= 0) || found && got != want {
					t.Errorf("%+v, %+v: %d, %v; want %d", pair, f, got, found, want)
				}
			}
		}
	}
}
