package cluster

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// makers are what may make objects that no file holds.
type makers struct {
	// podful are the namespaces in which custom resources stand that an operator may make pods of, or which such a resource of the
	// whole cluster names, and unclear those with custom resources of which too little is known.
	podful, unclear map[string]bool
	// said are texts in custom resources and annotations, and named the names of custom resources, by namespace.
	said, named map[inNamespace]bool
	// may are the kinds of objects that an Application may make.
	may map[permission]bool
	// opaque says that there is a ConfigMap of which it is not known what it holds.
	opaque bool
}

type inNamespace struct{ namespace, text string }

// permission is to make objects of a resource in a namespace; empty is everywhere. It is given to what an Application runs.
type permission struct{ application, resource, namespace string }

func newMakers() makers {
	return makers{
		podful: map[string]bool{}, unclear: map[string]bool{}, said: map[inNamespace]bool{}, named: map[inNamespace]bool{}, may: map[permission]bool{},
	}
}

// podless are kinds of custom resources that no pods are made of, or groups of such.
var podless = []string{
	"acme.cert-manager.io", "argoproj.io/AppProject", "argoproj.io/Application", "argoproj.io/ApplicationSet", "bitnami.com", "cert-manager.io", "cilium.io",
	"config.gatekeeper.sh", "constraints.gatekeeper.sh", "external-secrets.io", "gateway.networking.k8s.io/GRPCRoute", "gateway.networking.k8s.io/GatewayClass",
	"gateway.networking.k8s.io/HTTPRoute", "gateway.networking.k8s.io/ReferenceGrant", "gateway.networking.k8s.io/TCPRoute", "gateway.networking.k8s.io/TLSRoute",
	"gateway.networking.k8s.io/UDPRoute", "isindir.github.com", "kyverno.io", "monitoring.coreos.com/AlertmanagerConfig", "monitoring.coreos.com/PodMonitor",
	"monitoring.coreos.com/Probe", "monitoring.coreos.com/PrometheusRule", "monitoring.coreos.com/ScrapeConfig", "monitoring.coreos.com/ServiceMonitor",
	"networking.istio.io", "policies.kyverno.io", "projectcontour.io/HTTPProxy", "route.openshift.io", "security.istio.io", "security.openshift.io",
	"templates.gatekeeper.sh", "traefik.containo.us", "traefik.io",
}

// users are kinds whose objects name what others make, or groups of such.
var users = []string{
	"gateway.networking.k8s.io/GRPCRoute", "gateway.networking.k8s.io/HTTPRoute", "gateway.networking.k8s.io/TCPRoute", "gateway.networking.k8s.io/TLSRoute",
	"gateway.networking.k8s.io/UDPRoute", "monitoring.coreos.com", "traefik.containo.us", "traefik.io",
}

// among reports whether a list has a kind, or its group.
func among(kinds []string, id manifest.ID) bool {
	return slices.Contains(kinds, id.Group) || slices.Contains(kinds, id.Group+"/"+id.Kind)
}

// custom reports whether a kind is none of Kubernetes' own.
func custom(id manifest.ID) bool {
	own := !strings.Contains(id.Group, ".") || strings.HasSuffix(id.Group, ".k8s.io") && id.Group != "gateway.networking.k8s.io"
	_, workload := TemplateOf(groupOf(id), id.Kind)
	return !own && !workload
}

func (m *makers) add(r *manifest.Resource) {
	namespace := r.ID.Namespace
	annotations, _ := manifest.Dig(r.Object, "metadata", "annotations").(map[string]any)
	m.hear(namespace, annotations)
	switch r.ID.Kind {
	case "ConfigMap":
		m.opaque = m.opaque || !Known(r, "data")
	case "Role", "ClusterRole":
		m.permit(r)
	}
	if !custom(r.ID) {
		return
	}
	if !among(podless, r.ID) {
		m.podful[namespace] = true
		m.named[inNamespace{namespace, r.ID.Name}] = true
		if namespace == "" {
			texts(r.Object["spec"], func(text string) { m.podful[text] = true })
		}
	}
	if !among(users, r.ID) {
		m.said[inNamespace{namespace, r.ID.Name}] = true
		m.hear(namespace, r.Object["spec"])
		m.unclear[namespace] = m.unclear[namespace] || !Known(r, "spec")
	}
}

// longest is how long a name may be.
const longest = 253

// hear keeps all texts that may be names.
func (m *makers) hear(namespace string, v any) {
	texts(v, func(text string) { m.said[inNamespace{namespace, text}] = true })
}

// texts calls for each text that may be a name.
func texts(v any, call func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			texts(x, call)
		}
	case []any:
		for _, x := range v {
			texts(x, call)
		}
	case string:
		if v != "" && len(v) <= longest {
			call(v)
		}
	}
}

// permit keeps what a role permits to make.
func (m *makers) permit(r *manifest.Resource) {
	app := r.Origin.Application
	if !Known(r, "rules") {
		m.may[permission{app, "*", r.ID.Namespace}] = true
	}
	for _, rule := range list(r.Object, "rules") {
		verbs, _ := rule["verbs"].([]any)
		resources, _ := rule["resources"].([]any)
		if !slices.Contains(verbs, any("create")) && !slices.Contains(verbs, any("*")) {
			continue
		}
		for _, name := range resources {
			name, _ := name.(string)
			m.may[permission{app, name, r.ID.Namespace}] = true
		}
	}
}

// resources are what roles call the kinds that may be made while something runs.
var resources = map[string][]string{
	"ConfigMap": {"configmaps"}, "Role": {"roles"}, "Secret": {"secrets"}, "Service": {"services"}, "ServiceAccount": {"serviceaccounts"},
	"Pod": {"pods", "deployments", "statefulsets", "daemonsets", "replicasets", "jobs"},
}

// MayMake reports whether an object of a kind may be there that no file holds, to which another one refers: the Application that
// brings that one has roles by which something may make it, a custom resource names it, or an annotation does.
func (c *Cluster) MayMake(by *manifest.Resource, what string, at manifest.ID) bool {
	for _, resource := range append(resources[what], "*") {
		for _, namespace := range []string{at.Namespace, ""} {
			if by.Origin.Application != "" && c.makers.may[permission{by.Origin.Application, resource, namespace}] {
				return true
			}
		}
	}
	switch what {
	case "Pod":
		return c.makers.podful[at.Namespace]
	case "Service":
		return c.makers.podful[at.Namespace] || c.saidIn(at.Namespace, at.Name)
	case "StorageClass": // operators make them of ConfigMaps
		return c.makers.opaque || c.saidIn("", at.Name)
	}
	return c.saidIn(at.Namespace, at.Name) || c.saidIn("", at.Name)
}

// saidIn reports whether something in a namespace names an object, or has a name that the object's begins with, as those have
// that operators make of it.
func (c *Cluster) saidIn(namespace, name string) bool {
	if c.makers.unclear[namespace] || c.makers.said[inNamespace{namespace, name}] {
		return true
	}
	for i, r := range name {
		if r == '-' && c.makers.named[inNamespace{namespace, name[:i]}] {
			return true
		}
	}
	return false
}
