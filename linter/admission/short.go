package admission

import (
	"maps"
	"strings"

	"gopkg.in/yaml.v3"
)

// The label of the constraints that are about all kinds that run pods.
const (
	judgesLabel = "gitopsgen/judges"
	judgesPods  = "pods"
)

// Short gives the constraints without the kinds that run pods, which are dozens, and the patches of a kustomization that put
// these in: what stands in a repository is for people to read, too. Without the patches a constraint is about anything.
func (e Export) Short() (constraints, patches []any) {
	for _, one := range e.Constraints {
		c := one.(object)
		if c["metadata"].(object)["labels"] != nil {
			c = maps.Clone(c)
			spec := maps.Clone(c["spec"].(object))
			all := spec["match"].(object)["kinds"].([]any)
			spec["match"] = object{"kinds": all[:len(all)-len(e.pods)]}
			c["spec"] = spec
		}
		constraints = append(constraints, c)
	}
	if len(e.pods) > 0 {
		patches = []any{object{
			"target": object{"group": constraintGroup, "labelSelector": judgesLabel + "=" + judgesPods},
			"patch":  appending("/spec/match/kinds/-", e.pods),
		}}
	}
	return constraints, patches
}

// appending is a patch that puts items at the end of a list, a line for each.
func appending(path string, items []any) string {
	var all yaml.Node
	for _, item := range items {
		var one yaml.Node
		if err := one.Encode(object{"op": "add", "path": path, "value": item}); err != nil {
			panic(err) // texts always encode
		}
		one.Style = yaml.FlowStyle
		all.Content = append(all.Content, &one)
	}
	all.Kind = yaml.SequenceNode
	var b strings.Builder
	if err := yaml.NewEncoder(&b).Encode(&all); err != nil {
		panic(err) // and so do lists of them
	}
	return b.String()
}
