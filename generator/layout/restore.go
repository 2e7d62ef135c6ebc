package layout

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// lost is what RESTORE.md says of one cluster: what of it Git does not have, and how that comes back.
type lost struct {
	// Cluster is its name, Title that in a heading's end, empty where there is but one cluster.
	Cluster, Title string
	Data           []blueprint.Data
	Secrets        []blueprint.Secret
}

// At is what comes back at one time and has a way to, in the order in which its components come.
func (l lost) At(when string) (all []blueprint.Data) {
	for _, d := range l.Data {
		if d.When == when && d.Restore != "" {
			d.Restore = strings.TrimSpace(d.Restore)
			all = append(all, d)
		}
	}
	return all
}

// After is what is done once all is back.
func (l lost) After() (all []string) {
	for _, d := range l.Data {
		if d.After != "" {
			all = append(all, strings.TrimSpace(d.After))
		}
	}
	return all
}

// losses are those of all clusters.
func losses(b blueprint.Blueprint) []lost {
	var all []lost
	for _, platform := range b.Clusters {
		one := lost{Cluster: platform.Name}
		if len(b.Clusters) > 1 {
			one.Title = " of " + platform.Name
		}
		components := slices.Clone(platform.Components)
		slices.SortStableFunc(components, func(a, b blueprint.Component) int { return a.Wave - b.Wave })
		for _, c := range components {
			one.Data = append(one.Data, c.Data...)
			one.Secrets = append(one.Secrets, c.Secrets...)
		}
		all = append(all, one)
	}
	return all
}
