package rules

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

var ownershipSharedResource = linter.Rule{
	ID:          "ownership/shared-resource",
	Title:       "Two Applications bring one object",
	Description: "Leave the object to one of the Applications, or give one of the two another name or namespace.",
	Rationale:   "Each sync writes what its Application says, so the last one wins, and the other is never in sync. When one of them goes, its object goes with it.",
	Severity:    always,
	References:  []string{"https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#fail-the-sync-if-a-shared-resource-is-found"},
	Check:       checkSharedResource,
}

func checkSharedResource(v *linter.View) (out linter.Judgement) {
	for _, cluster := range v.ClusterNames() {
		type pair struct{ first, second string }
		type shared struct {
			pair
			first, second *manifest.Resource
			more          int
		}
		var all []shared
		at := map[pair]int{}
		for _, r := range v.InCluster(cluster) {
			others := v.Objects(cluster, r.ID)
			i := slices.IndexFunc(others, func(o *manifest.Resource) bool { return o == r || ownedAlike(o, r) })
			if i < 1 || !owned(r) || !owned(others[0]) || others[i] != r {
				continue // it is the first, or the Application brings it twice
			}
			p := pair{others[0].Origin.Application, r.Origin.Application}
			if n, told := at[p]; told {
				all[n].more++
				continue
			}
			at[p], all = len(all), append(all, shared{p, others[0], r, 0})
		}
		for _, s := range all {
			message := fmt.Sprintf("the Application %s brings this object", s.pair.first)
			if s.more > 0 {
				message = fmt.Sprintf("the Application %s brings this and %s", s.pair.first, wording.Count(s.more, "other object"))
			}
			out.Findings = append(out.Findings, linter.Finding{
				Message: message + " of " + s.pair.second + ", too",
				Related: []linter.Related{{Place: s.first.Place(), Message: s.first.ID.String() + " of " + s.pair.first}},
			}.About(s.second))
		}
	}
	return out
}

// owned reports whether an Application brings an object, of which is known what it is called.
func owned(r *manifest.Resource) bool {
	return r.Origin.Application != "" && r.Origin.Cluster != "" && r.Origin.Set == nil && !r.Origin.Fetched && r.ID.Name != ""
}

// ownedAlike reports whether two objects are of one Application. Where two are called alike nobody knows.
func ownedAlike(a, b *manifest.Resource) bool { return a.Origin.Application == b.Origin.Application }
