// Package cluster sees objects as one Kubernetes cluster does: which pods they make, what selects these, and what one object
// says of another.
//
// It knows kinds, labels and references, and nothing of Argo CD or of what is right and wrong.
package cluster

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Cluster is what goes to one cluster. It never changes; ask one that is Bounded.
type Cluster struct {
	all     []*manifest.Resource
	objects map[object][]*manifest.Resource
	kinds   map[kind][]*manifest.Resource
	pods    pods
	makers  makers
	scalers map[object]Scaler
	// services, quotas and limits are those of a namespace, and has the kinds that one has.
	services, quotas, limits map[string][]*manifest.Resource
	has                      map[object]bool
	// ports are the numbers and names of a Service's ports.
	ports map[*manifest.Resource]map[string]bool
	// left is how many labels may still be compared with selectors.
	left *int
}

type kind struct{ group, kind string }

type object struct {
	kind
	namespace, name string
}

// New sees objects, which stay in their order.
func New(objects []*manifest.Resource) *Cluster {
	c := &Cluster{
		all: objects, objects: map[object][]*manifest.Resource{}, kinds: map[kind][]*manifest.Resource{}, has: map[object]bool{},
		services: map[string][]*manifest.Resource{}, quotas: map[string][]*manifest.Resource{}, limits: map[string][]*manifest.Resource{},
		ports: map[*manifest.Resource]map[string]bool{}, pods: newPods(), makers: newMakers(), scalers: map[object]Scaler{}, left: new(int),
	}
	for _, r := range objects {
		c.add(r)
	}
	c.addInText()
	for _, s := range c.Scalers() {
		c.scalers[object{kind{s.Target.Group, s.Target.Kind}, s.Target.Namespace, s.Target.Name}] = s
	}
	return c
}

func (c *Cluster) add(r *manifest.Resource) {
	k := kind{groupOf(r.ID), r.ID.Kind}
	at, namespace := object{k, r.ID.Namespace, r.ID.Name}, r.ID.Namespace
	c.objects[at] = append(c.objects[at], r)
	c.kinds[k] = append(c.kinds[k], r)
	c.has[object{k, namespace, ""}] = true
	switch k {
	case kind{"", "Service"}:
		c.services[namespace], c.ports[r] = append(c.services[namespace], r), portsOf(r)
	case kind{"", "LimitRange"}:
		c.limits[namespace] = append(c.limits[namespace], r)
	case kind{"", "ResourceQuota"}:
		if plainQuota(r) {
			c.quotas[namespace] = append(c.quotas[namespace], r)
		}
	}
	if p := podOf(r); p != nil {
		c.pods.add(p)
	}
	c.makers.add(r)
}

// mostCompared is how often labels are compared with a selector for one question. Real clusters need a thousandth.
const mostCompared = 20_000_000

// Bounded gives the cluster for one question about all of it: nothing bounds how many selectors and pods a repository has.
func (c *Cluster) Bounded() *Cluster {
	own, left := *c, mostCompared
	own.left = &left
	return &own
}

// Exhausted reports whether the question was too much: what is selected from then on is nothing.
func (c *Cluster) Exhausted() bool { return *c.left < 0 }

// moved are the groups that kinds of the group extensions have now.
var moved = map[string]string{"DaemonSet": "apps", "Deployment": "apps", "ReplicaSet": "apps", "Ingress": "networking.k8s.io", "NetworkPolicy": "networking.k8s.io"}

func groupOf(id manifest.ID) string {
	if group, ok := moved[id.Kind]; ok && id.Group == "extensions" {
		return group
	}
	return id.Group
}

// Find gives the objects that an ID names, in whatever version: more than one where several Applications or kustomizations bring it.
func (c *Cluster) Find(id manifest.ID) []*manifest.Resource {
	return c.objects[object{kind{groupOf(id), id.Kind}, id.Namespace, id.Name}]
}

// Of gives the objects of a kind, in whatever version.
func (c *Cluster) Of(group, name string) []*manifest.Resource { return c.kinds[kind{group, name}] }

// Objects are all, in their order.
func (c *Cluster) Objects() []*manifest.Resource { return c.all }

// HasOne reports whether a namespace has an object of a kind.
func (c *Cluster) HasOne(group, name, namespace string) bool {
	return c.has[object{kind{group, name}, namespace, ""}]
}

// Meant gives the name among the objects of a kind in a namespace that is near to one which none of them has, as a question.
func (c *Cluster) Meant(id manifest.ID) string {
	var names []string
	for _, r := range c.Of(groupOf(id), id.Kind) {
		if r.ID.Namespace == id.Namespace && len(names) < mostNear {
			names = append(names, r.ID.Name)
		}
	}
	return Nearest(id.Name, names)
}

// mostNear is among how many names one is looked for that may have been meant.
const mostNear = 100

// Nearest gives the name that is near to one that there is not, as a question; empty where none is.
func Nearest(name string, names []string) string {
	if len(name) > longest {
		return ""
	}
	short := slices.DeleteFunc(slices.Clone(names[:min(len(names), mostNear)]), func(s string) bool { return len(s) > longest })
	return wording.DidYouMean(name, short)
}

// addInText adds the StorageClasses that stand in texts of ConfigMaps: operators make them of these.
func (c *Cluster) addInText() {
	for _, r := range c.Of("", "ConfigMap") {
		data, _ := r.Object["data"].(map[string]any)
		for _, text := range data {
			text, _ := text.(string)
			if !strings.Contains(text, "kind: StorageClass") {
				continue
			}
			made, _ := manifest.Parse("", []byte(text))
			for _, m := range made {
				if m.ID.Kind == "StorageClass" {
					at := object{kind{m.ID.Group, m.ID.Kind}, "", m.ID.Name}
					c.objects[at] = append(c.objects[at], r)
				}
			}
		}
	}
}

// Known reports whether an object says what stands at a path: of one that is known by a record alone only where it is there.
func Known(r *manifest.Resource, path ...any) bool {
	return !r.Origin.Recorded || manifest.Dig(r.Object, path...) != nil
}

// text is the text at a path; empty where there is none.
func text(v any, path ...any) string {
	s, _ := manifest.Dig(v, path...).(string)
	return s
}

// list gives the mappings of a list at a path. What is none is a nil one, so that places stay.
func list(v any, path ...any) []map[string]any {
	items, _ := manifest.Dig(v, path...).([]any)
	all := make([]map[string]any, len(items))
	for i, item := range items {
		all[i], _ = item.(map[string]any)
	}
	return all
}

// Foreign reports whether a namespace holds what Kubernetes or its distribution brings, which no repository shows.
func Foreign(namespace string) bool {
	return strings.HasPrefix(namespace, "kube-") || namespace == "openshift" || strings.HasPrefix(namespace, "openshift-")
}
