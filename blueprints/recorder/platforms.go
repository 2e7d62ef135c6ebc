package main

import (
	"context"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// platform is one whose charts are recorded.
type platform struct {
	// name says what is particular: the tier, and what is not as the tier has it.
	name string
	spec blueprint.Spec
	// keys are those of its records by cluster and component, filled in by keep.
	keys map[string]map[string]string
}

// The endings of names of platforms with addresses, and of those with another cluster than the hub.
const (
	addressed = "-addresses"
	spoke     = "-spoke"
)

// platforms are those of all tiers, with each option of a capability instead of the tier's own and what it is tried with, without
// and with addresses, on a hub and on a cluster that is none.
func platforms(ctx context.Context, library fs.FS) ([]platform, error) {
	var all []platform
	for _, tier := range []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise} {
		can, err := blueprint.Describe(ctx, blueprint.Source{Library: library}, blueprint.Spec{Tier: tier}.WithDefaults())
		if err != nil {
			return nil, err
		}
		all = append(all, variants(string(tier), blueprint.Spec{Tier: tier})...)
		for _, capability := range slices.Sorted(maps.Keys(can.Capabilities)) {
			for _, option := range slices.Sorted(maps.Keys(can.Capabilities[capability].Options)) {
				all = append(all, variants(string(tier)+"-"+capability+"-"+option, can.With(blueprint.Spec{Tier: tier}, capability, option))...)
			}
		}
	}
	all = append(all, variants("small-single", blueprint.Spec{Tier: blueprint.Small, Profile: blueprint.Single})...)
	// The plainest come first: a later one that renders alike needs no record of its own.
	slices.SortStableFunc(all, func(a, b platform) int { return strings.Count(a.name, "-") - strings.Count(b.name, "-") })
	return all, nil
}

// variants are a platform on one cluster, the same with addresses, and both with a second cluster.
func variants(name string, spec blueprint.Spec) []platform {
	addresses := blueprint.Networks{VirtualIP: "192.0.2.1", LoadBalancer: []string{"198.51.100.0/24"}}
	var all []platform
	for _, ending := range []string{"", addressed} {
		hub := blueprint.Cluster{Name: blueprint.DefaultCluster}
		edge := blueprint.Cluster{Name: "edge", Server: "https://edge.example.org:6443"}
		if ending == addressed {
			hub.Networks, edge.Networks = addresses, addresses
		}
		one, two := spec, spec
		one.Clusters, two.Clusters = []blueprint.Cluster{hub}, []blueprint.Cluster{hub, edge}
		all = append(all, platform{name: name + ending, spec: one.WithDefaults()}, platform{name: name + spoke + ending, spec: two.WithDefaults()})
	}
	return all
}
