package layout

import (
	"encoding/json"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// LockedRecord says by which key what a component's charts render to was recorded, if it was.
type LockedRecord struct {
	// Path is the folder of the component.
	Path      string `yaml:"path"`
	Component string `yaml:"component"`
	Key       string `yaml:"key"`
}

// RecordKeys gives the key of each component with charts on the last cluster of a neutral spec: a digest of its
// kustomization and values, comments left out.
func RecordKeys(spec blueprint.Spec, b blueprint.Blueprint) (map[string]string, error) {
	keys := map[string]string{}
	last := len(b.Clusters) - 1
	for _, c := range b.Clusters[last].Components {
		if len(c.Charts) == 0 {
			continue
		}
		var values []any
		for _, chart := range c.Charts {
			values = append(values, chart.Values)
		}
		k, err := kustomization(c, spec.Clusters[last], nil, make([]string, len(c.Charts)))
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal([]any{k, values})
		if err != nil {
			return nil, err
		}
		keys[c.Name] = digest(text)
	}
	return keys, nil
}

// componentDir is the folder of a component.
func componentDir(cluster blueprint.Cluster, name string) string {
	return "clusters/" + cluster.Name + "/components/" + name
}

// Unedited are the records of the folders in which no file is among those that were edited since they were written.
func (l Lock) Unedited(edited []string) []LockedRecord {
	return slices.DeleteFunc(slices.Clone(l.Records), func(r LockedRecord) bool {
		return slices.ContainsFunc(edited, func(file string) bool { return path.Dir(file) == r.Path })
	})
}
