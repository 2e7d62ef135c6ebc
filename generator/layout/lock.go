package layout

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/lock"
)

// lockOf is the lock of what was added so far.
func (w *writer) lockOf() lock.Lock {
	made := lock.Lock{
		Gitopsgen: w.in.Version,
		Requires:  w.in.Version,
		Blueprint: string(w.in.Spec.Tier),
		Files:     w.lock,
	}
	if w.in.Spec.Blueprint != "" {
		made.Blueprint = w.in.Spec.Blueprint
	}
	for i, platform := range w.in.Blueprint.Clusters {
		for _, c := range platform.Components {
			if key := w.in.RecordKeys[platform.Name][c.Name]; key != "" {
				made.Records = append(made.Records, lock.Record{Path: componentDir(w.in.Spec.Clusters[i], c.Name), Component: c.Name, Key: key})
			}
			for _, s := range c.Secrets {
				made.Secrets = append(made.Secrets, lock.Secret{Cluster: platform.Name, Namespace: s.Namespace, Name: s.Name})
			}
			for _, one := range c.Charts {
				made.Charts = append(made.Charts, lock.Chart{Name: one.Name, Repository: one.Repo, Version: one.Version, Digest: lock.Unverified})
			}
		}
	}
	made.Registries = Registries(w.in.Blueprint)
	for i, c := range made.Charts {
		for _, known := range w.in.Lock.Charts {
			if known.Same(c) {
				made.Charts[i] = known
			}
		}
	}
	made.Vendored, made.Bumped = w.in.Lock.Vendored, w.in.Lock.Bumped
	slices.SortFunc(made.Files, func(a, b lock.File) int { return strings.Compare(a.Path, b.Path) })
	return made
}

// Registries are prefixes of the images of all components, sorted.
func Registries(b blueprint.Blueprint) []string {
	var all []string
	for _, platform := range b.Clusters {
		for _, c := range platform.Components {
			all = append(all, c.Registries...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
