package layout

import (
	"encoding/json"
	"path"

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

// Record gives the key of what the charts of a kustomization's folder render to, and the component that it is for. There
// is none where a file of the folder is no longer what was written.
func (l Lock) Record(dir string, edited []string) (r LockedRecord, ok bool) {
	for _, r := range l.Records {
		if r.Path != dir {
			continue
		}
		for _, file := range edited {
			if path.Dir(file) == dir {
				return LockedRecord{}, false
			}
		}
		return r, true
	}
	return LockedRecord{}, false
}
