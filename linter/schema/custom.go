package schema

import (
	"fmt"
	"iter"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// customKind is a kind that a definition brings into a cluster.
type customKind struct{ cluster, group, kind string }

// definition is what defines kinds: CustomResourceDefinitions, and ConstraintTemplates of Gatekeeper.
type definition struct {
	// apiVersions are the versions in which the API server takes it.
	apiVersions []string
	// schema leads to the field that has the schema.
	schema manifest.Path
	// kind gives the kind that an object defines.
	kind func(object map[string]any) (group, kind string)
	// versions are those in which the kind is served.
	versions func(object map[string]any) []string
}

// definitions are the kinds that define kinds, by group and kind.
var definitions = map[[2]string]definition{
	{"apiextensions.k8s.io", "CustomResourceDefinition"}: {
		apiVersions: []string{"v1"},
		schema:      manifest.Path{"spec", "versions"},
		kind: func(object map[string]any) (group, kind string) {
			group, _ = manifest.Dig(object, "spec", "group").(string)
			kind, _ = manifest.Dig(object, "spec", "names", "kind").(string)
			return group, kind
		},
		versions: servedVersions,
	},
	{"templates.gatekeeper.sh", "ConstraintTemplate"}: {
		apiVersions: []string{"v1", "v1beta1", "v1alpha1"},
		schema:      manifest.Path{"spec", "crd", "spec", "validation"},
		kind: func(object map[string]any) (group, kind string) {
			kind, _ = manifest.Dig(object, "spec", "crd", "spec", "names", "kind").(string)
			return "constraints.gatekeeper.sh", kind
		},
		versions: func(map[string]any) []string { return []string{"v1beta1", "v1alpha1"} },
	},
}

// definitionOf gives what r defines kinds by. What the API server refuses defines none: it must not stand before what does.
func definitionOf(r manifest.Resource) (definition, bool) {
	d := definitions[[2]string{r.ID.Group, r.ID.Kind}]
	return d, slices.Contains(d.apiVersions, r.ID.Version) && r.Object["spec"] != nil // which records leave out where the source has the kind
}

// customsOf lists the definitions; where a cluster gets a kind twice, the first one counts.
func customsOf(resources []manifest.Resource) map[customKind]int {
	customs := map[customKind]int{}
	for i, r := range resources {
		d, ok := definitionOf(r)
		if !ok {
			continue
		}
		key := customKind{cluster: r.Origin.Cluster}
		key.group, key.kind = d.kind(r.Object)
		if _, ok := customs[key]; !ok {
			customs[key] = i
		}
	}
	return customs
}

// servedVersions are those that a CustomResourceDefinition serves.
func servedVersions(object map[string]any) (names []string) {
	versions, _ := manifest.Dig(object, "spec", "versions").([]any)
	for _, v := range versions {
		version, _ := v.(map[string]any)
		if name, _ := version["name"].(string); name != "" && version["served"] != false {
			names = append(names, name)
		}
	}
	return names
}

// defined lists the kinds by apiVersion and kind that definitions bring into a cluster, in no order. Those that were fetched
// are nobody's business.
func (a *assigner) defined(cluster string) iter.Seq2[string, string] {
	return func(yield func(apiVersion, kind string) bool) {
		for key, i := range a.customs {
			r := a.in.Resources[i]
			if key.cluster != cluster && key.cluster != "" || r.Origin.Fetched {
				continue
			}
			d, _ := definitionOf(r)
			for _, version := range d.versions(r.Object) {
				if !yield(manifest.ID{Group: key.group, Version: version}.APIVersion(), key.kind) {
					return
				}
			}
		}
	}
}

// badDefinition tells of a definition whose schema nothing can be judged by.
func badDefinition(r *manifest.Resource, version string, objects int) linter.Finding {
	d, _ := definitionOf(*r)
	return linter.Finding{
		Rule:    invalid,
		Message: fmt.Sprintf("%s: the schema of %s is no valid schema, %s", d.schema, version, notJudged(objects)),
		Place:   r.Place(d.schema...), Resource: r,
		Detail: d.schema.String(),
	}
}
