package layout

import (
	"encoding/json"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/lock"
)

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
		patches := c.Patches // how they are written decides nothing
		c.Reasons, c.Patches = nil, nil
		k, err := kustomization(c, spec.Clusters[last], nil, make([]string, len(c.Charts)))
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal([]any{k, values, patches})
		if err != nil {
			return nil, err
		}
		keys[c.Name] = lock.Digest(text)
	}
	return keys, nil
}

// componentDir is the folder of a component.
func componentDir(cluster blueprint.Cluster, name string) string {
	return "clusters/" + cluster.Name + "/components/" + name
}

// ComponentIn gives the cluster and the component whose folder a directory is; ok is false where it is none.
func ComponentIn(dir string) (cluster, name string, ok bool) {
	parts := strings.Split(dir, "/")
	if len(parts) != 4 || parts[0] != "clusters" || parts[2] != "components" {
		return "", "", false
	}
	return parts[1], parts[3], true
}
