package intent

import (
	"cmp"
	"fmt"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/edit"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Kinds are the things with names that are added and removed, besides components.
var Kinds = []string{"cluster", "team", "workload"}

// lists are the fields of the spec that hold them.
var lists = map[string]func(blueprint.Spec) []string{
	"clusters": func(s blueprint.Spec) []string {
		return names(s.Clusters, func(c blueprint.Cluster) string { return c.Name })
	},
	"teams": func(s blueprint.Spec) []string {
		return names(s.Teams, func(t blueprint.Team) string { return t.Name })
	},
	"workloads": func(s blueprint.Spec) []string {
		return names(s.Workloads, func(w blueprint.Workload) string { return w.Name })
	},
}

func names[T any](all []T, of func(T) string) []string {
	var names []string
	for _, one := range all {
		names = append(names, of(one))
	}
	return names
}

// Field is a field of something with a name.
type Field struct{ Name, Text string }

// AddNamed wants something of a kind, with fields of which empty ones are left out. What a workload deploys of this repository has to be there.
func AddNamed(kind, name string, fields ...Field) Intent {
	return func(p Platform) ([]edit.Setting, error) {
		list := kind + "s"
		there := lists[list](p.Spec)
		if slices.Contains(there, name) {
			return nil, fault.Misuse(fault.Hint(fmt.Errorf("there is a %s %q already", kind, name), "gitopsgen set changes its fields"))
		}
		settings := []edit.Setting{text(name, list, len(there), "name")}
		settings[0].After, settings[0].Comment = "teams", comments[kind]
		elsewhere := slices.ContainsFunc(fields, func(f Field) bool { return f.Name == "repoURL" && f.Text != "" })
		for _, f := range fields {
			if f.Text != "" {
				settings = append(settings, text(f.Text, list, len(there), f.Name))
			}
			if f.Name == "path" && !elsewhere {
				if err := p.deployable(cmp.Or(f.Text, blueprint.WorkloadsDir+"/"+name)); err != nil {
					return nil, err
				}
			}
		}
		return settings, nil
	}
}

// comments stand above the first of a kind.
var comments = map[string]string{"workload": "Your own applications: gitopsgen deploys what stands in their folders."}

// deployable gives an error unless a folder of the repository holds what Argo CD can apply.
func (p Platform) deployable(folder string) error {
	for _, f := range p.Tree.Under(path.Clean(folder)) {
		if path.Dir(f.Path) == path.Clean(folder) && (slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(f.Path)) || path.Base(f.Path) == "Kustomization") {
			return nil
		}
	}
	return fault.Misuse(fault.Hint(fmt.Errorf("--path %q: no kustomization and no manifest stands there", folder), "put the application's files there first, and commit them: Argo CD fails on a folder that is not there"))
}

// RemoveNamed wants something of a kind to go.
func RemoveNamed(kind, name string) Intent {
	return func(p Platform) ([]edit.Setting, error) {
		list := kind + "s"
		there := lists[list](p.Spec)
		i := slices.Index(there, name)
		switch {
		case i < 0:
			return nil, fault.Misuse(fmt.Errorf("there is no %s %q%s", kind, name, wording.DidYouMean(name, there)))
		case kind == "cluster" && i == 0:
			return nil, fault.Misuse(fmt.Errorf("the cluster %q is the hub: its Argo CD serves all", name))
		}
		return []edit.Setting{{Path: manifest.Path{list, i}}}, nil
	}
}
