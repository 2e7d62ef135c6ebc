package cluster

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Demand is what a ResourceQuota demands that the containers of a pod say, and one of them does not: the API server refuses the pod.
type Demand struct {
	Quota     *manifest.Resource
	Container Container
	// Resource is the resource, as requests.memory.
	Resource string
}

// demanded are the resources of which a quota lets no pod in that does not say how much it takes, as they are called in quotas.
var demanded = map[string]string{
	"cpu": "requests.cpu", "memory": "requests.memory", "requests.cpu": "requests.cpu", "requests.memory": "requests.memory",
	"limits.cpu": "limits.cpu", "limits.memory": "limits.memory",
}

// Unmet gives the first demand that pods do not meet; ok is false where they meet all.
func (c *Cluster) Unmet(p *Pod) (d Demand, ok bool) {
	if p.Spec["resources"] != nil {
		return d, false // what the pod says as a whole counts, too
	}
	for _, quota := range c.quotas[p.Maker.ID.Namespace] {
		hard, _ := manifest.Dig(quota.Object, "spec", "hard").(map[string]any)
		var names []string
		for name := range hard {
			if demanded[name] != "" {
				names = append(names, demanded[name])
			}
		}
		slices.Sort(names)
		for _, container := range p.Containers() {
			for _, name := range names {
				if !c.says(p, container, name) {
					return Demand{quota, container, name}, true
				}
			}
		}
	}
	return d, false
}

// says reports whether a container has a resource, by itself or by a LimitRange.
func (c *Cluster) says(p *Pod, container Container, name string) bool {
	field, resource, _ := strings.Cut(name, ".")
	has := func(field string) bool { return manifest.Dig(container.Object, "resources", field, resource) != nil }
	if has(field) || field == "requests" && has("limits") {
		return true
	}
	defaults := []string{"default", "max"}
	if field == "requests" {
		defaults = append(defaults, "defaultRequest", "min")
	}
	for _, r := range c.limits[p.Maker.ID.Namespace] {
		for _, l := range list(r.Object, "spec", "limits") {
			for _, from := range defaults {
				if text(l, "type") == "Container" && manifest.Dig(l, from, resource) != nil {
					return true
				}
			}
		}
		if !Known(r, "spec", "limits") {
			return true
		}
	}
	return false
}

// plainQuota reports whether a quota is for all pods of its namespace.
func plainQuota(r *manifest.Resource) bool {
	return manifest.Dig(r.Object, "spec", "scopes") == nil && manifest.Dig(r.Object, "spec", "scopeSelector") == nil
}

// verifiers are the kinds whose objects have the signatures of images verified.
var verifiers = []kind{
	{"config.ratify.deislabs.io", "Verifier"}, {"policies.kyverno.io", "ImageValidatingPolicy"}, {"policy.sigstore.dev", "ClusterImagePolicy"},
}

// Verifies reports whether something in the cluster verifies the signatures of images before it lets pods in.
func (c *Cluster) Verifies() bool {
	if slices.ContainsFunc(verifiers, func(k kind) bool { return len(c.kinds[k]) > 0 }) {
		return true
	}
	for _, r := range slices.Concat(c.Of("kyverno.io", "ClusterPolicy"), c.Of("kyverno.io", "Policy")) {
		if !Known(r, "spec", "rules") || slices.ContainsFunc(list(r.Object, "spec", "rules"), func(rule map[string]any) bool { return rule["verifyImages"] != nil }) {
			return true
		}
	}
	return slices.ContainsFunc(slices.Concat(c.Of("policies.kubewarden.io", "ClusterAdmissionPolicy"), c.Of("policies.kubewarden.io", "AdmissionPolicy")), func(r *manifest.Resource) bool {
		return strings.Contains(text(r.Object, "spec", "module"), "verify-image-signatures")
	})
}
