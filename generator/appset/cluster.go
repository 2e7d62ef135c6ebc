package appset

import (
	"cmp"
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/fill"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Cluster is a cluster that Argo CD knows.
type Cluster struct {
	Name, Server, Project string
	Labels, Annotations   map[string]string
	// Place is where it is said.
	Place manifest.Place
}

// What Argo CD calls the cluster that it runs in, and the label of the Secrets of others.
const (
	inCluster   = "in-cluster"
	inServer    = "https://kubernetes.default.svc"
	typeLabel   = "argocd.argoproj.io/secret-type"
	typeCluster = "cluster"
)

// Clusters reads those that the Secrets among objects tell Argo CD of. A Secret that is encrypted tells of none.
func Clusters(resources []manifest.Resource) []Cluster {
	var all []Cluster
	for _, res := range resources {
		labels := texts(manifest.Dig(res.Object, "metadata", "labels"))
		if res.ID.Kind != "Secret" || res.ID.Group != "" || labels[typeLabel] != typeCluster {
			continue
		}
		c := Cluster{
			Name: secret(res, "name"), Server: secret(res, "server"), Project: secret(res, "project"),
			Labels: labels, Annotations: texts(manifest.Dig(res.Object, "metadata", "annotations")), Place: res.Place(),
		}
		if c.Name != "" && c.Server != "" {
			all = append(all, c)
		}
	}
	return all
}

// secret reads a field of a Secret; empty where it has none that can be read.
func secret(res manifest.Resource, name string) string {
	if text, ok := manifest.Dig(res.Object, "stringData", name).(string); ok {
		return text
	}
	encoded, _ := manifest.Dig(res.Object, "data", name).(string)
	text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		return ""
	}
	return string(text)
}

func texts(v any) map[string]string {
	object, _ := v.(map[string]any)
	out := map[string]string{}
	for key, value := range object {
		if text, ok := value.(string); ok {
			out[key] = text
		}
	}
	return out
}

// clusters gives the clusters that a selector leaves, by name, and Argo CD's own where nothing is selected.
func (x *expansion) clusters(g generator, yield func(given) error) error {
	object, at := g.object("clusters"), g.at.With("clusters")
	selects, err := newSelector(object["selector"])
	if err != nil {
		return x.wrong(at.With("selector"), "selector: %v", err)
	}
	if len(selects) > 0 && len(x.world.Clusters) == 0 {
		return Lack{Kind: Clusterless, Place: x.set.KeyPlace(at...), Text: "its generator clusters selects from clusters that nothing here declares"}
	}
	var all []any
	var of []manifest.Element
	for _, c := range x.selected(selects, x.set.KeyPlace(at...)) {
		params := x.cluster(c)
		if err := x.withValues(params, object["values"]); err != nil {
			return x.wrong(at, "%v", err)
		}
		element := manifest.Element{Place: c.Place, Name: c.Name}
		if object["flatList"] == true {
			all, of = append(all, params), append(of, element)
			continue
		}
		if err := yield(given{params, []manifest.Element{element}}); err != nil {
			return err
		}
	}
	if object["flatList"] != true {
		return nil
	}
	return yield(given{map[string]any{"clusters": all}, of})
}

// selected are the clusters that a selector leaves. Where it asks nothing that of Argo CD itself is among them, which is said at
// a place if nowhere else.
func (x *expansion) selected(selects selector, at manifest.Place) []Cluster {
	known := slices.SortedStableFunc(slices.Values(x.world.Clusters), func(a, b Cluster) int { return cmp.Compare(a.Name, b.Name) })
	if len(selects) == 0 {
		if len(known) == 0 {
			x.out.Notes = append(x.out.Notes, inCluster+" is taken to be the only cluster that Argo CD knows: nothing here declares others")
		}
		if !slices.ContainsFunc(known, func(c Cluster) bool { return c.Server == inServer }) {
			known = append(known, Cluster{Name: inCluster, Server: inServer, Place: at})
		}
		return known
	}
	return slices.DeleteFunc(known, func(c Cluster) bool {
		labels := maps.Clone(c.Labels)
		if labels == nil {
			labels = map[string]string{}
		}
		labels[typeLabel] = typeCluster
		return !selects.matches(labels)
	})
}

// cluster gives the parameters of one cluster.
func (x *expansion) cluster(c Cluster) map[string]any {
	params := map[string]any{"name": c.Name, "nameNormalized": fill.Normalize(c.Name), "server": c.Server, "project": c.Project}
	metadata := map[string]any{}
	for field, all := range map[string]map[string]string{"labels": c.Labels, "annotations": c.Annotations} {
		object := map[string]any{}
		for key, text := range all {
			if object[key] = text; !x.spec.GoTemplate {
				params["metadata."+field+"."+key] = text
			}
		}
		if len(object) > 0 {
			metadata[field] = object
		}
	}
	if x.spec.GoTemplate {
		params["metadata"] = metadata
	}
	return params
}
