package cluster

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Backend is a Service that traffic is sent to.
type Backend struct {
	// Namespace and Name are the Service's, said at At.
	Namespace, Name string
	At              manifest.Path
	// Port is a number or a name, said at PortAt; nil is none.
	Port   any
	PortAt manifest.Path
}

// Ingresses are the objects of that kind.
func (c *Cluster) Ingresses() []*manifest.Resource { return c.Of("networking.k8s.io", "Ingress") }

// Routes are those of the Gateway API.
func (c *Cluster) Routes() (all []*manifest.Resource) {
	for _, name := range []string{"GRPCRoute", "HTTPRoute", "TCPRoute", "TLSRoute", "UDPRoute"} {
		all = append(all, c.Of("gateway.networking.k8s.io", name)...)
	}
	return all
}

// IngressBackends gives those of an Ingress, in whatever version.
func IngressBackends(r *manifest.Resource) (all []Backend) {
	take := func(v map[string]any, at manifest.Path) {
		b := Backend{r.ID.Namespace, text(v, "service", "name"), at.With("service", "name"), manifest.Dig(v, "service", "port", "number"), at.With("service", "port", "number")}
		if b.Port == nil {
			b.Port, b.PortAt = manifest.Dig(v, "service", "port", "name"), at.With("service", "port", "name")
		}
		if name := text(v, "serviceName"); name != "" {
			b = Backend{r.ID.Namespace, name, at.With("serviceName"), v["servicePort"], at.With("servicePort")}
		}
		if b.Name != "" {
			all = append(all, b)
		}
	}
	for _, field := range []string{"defaultBackend", "backend"} {
		v, _ := manifest.Dig(r.Object, "spec", field).(map[string]any)
		take(v, manifest.Path{"spec", field})
	}
	for i, rule := range list(r.Object, "spec", "rules") {
		for j, p := range list(rule, "http", "paths") {
			v, _ := p["backend"].(map[string]any)
			take(v, manifest.Path{"spec", "rules", i, "http", "paths", j, "backend"})
		}
	}
	return all
}

// RouteBackends gives the Services of a route.
func RouteBackends(r *manifest.Resource) (all []Backend) {
	take := func(v map[string]any, at manifest.Path) {
		group, what := text(v, "group"), text(v, "kind")
		if group != "" || what != "" && what != "Service" || text(v, "name") == "" {
			return
		}
		b := Backend{text(v, "namespace"), text(v, "name"), at.With("name"), v["port"], at.With("port")}
		if b.Namespace == "" {
			b.Namespace = r.ID.Namespace
		}
		all = append(all, b)
	}
	for i, rule := range list(r.Object, "spec", "rules") {
		for j, v := range list(rule, "backendRefs") {
			take(v, manifest.Path{"spec", "rules", i, "backendRefs", j})
		}
		for j, f := range list(rule, "filters") {
			v, _ := manifest.Dig(f, "requestMirror", "backendRef").(map[string]any)
			take(v, manifest.Path{"spec", "rules", i, "filters", j, "requestMirror", "backendRef"})
		}
	}
	return all
}

// HasServicePort reports whether a Service has a port of a number or a name. One that stands for a name of DNS has any.
func (c *Cluster) HasServicePort(service *manifest.Resource, port any) bool {
	if !Known(service, "spec", "ports") || text(service.Object, "spec", "type") == "ExternalName" {
		return true
	}
	return c.ports[service][fmt.Sprint(port)]
}

func portsOf(service *manifest.Resource) map[string]bool {
	ports := map[string]bool{}
	for _, p := range list(service.Object, "spec", "ports") {
		ports[fmt.Sprint(p["port"])], ports[text(p, "name")] = true, true
	}
	return ports
}

// ServicePorts names the ports of a Service as people do.
func ServicePorts(service *manifest.Resource) (names []string) {
	for _, p := range list(service.Object, "spec", "ports") {
		name := fmt.Sprint(p["port"])
		if text(p, "name") != "" {
			name += " (" + text(p, "name") + ")"
		}
		names = append(names, name)
	}
	return names
}

// Host is a host with a path of which an object says that it serves it.
type Host struct {
	Name, Path string
	At         manifest.Path
	// By is what else decides who is asked: only claims that are equal in it exclude each other.
	By string
}

// canary marks an Ingress that stands beside another one of the same host.
const canary = "nginx.ingress.kubernetes.io/canary"

// IngressHosts gives those of an Ingress.
func IngressHosts(r *manifest.Resource) (all []Host) {
	annotations := manifest.Dig(r.Object, "metadata", "annotations")
	if text(annotations, canary) == "true" {
		return nil
	}
	class := text(r.Object, "spec", "ingressClassName") + text(annotations, "kubernetes.io/ingress.class")
	for i, rule := range list(r.Object, "spec", "rules") {
		for j, p := range list(rule, "http", "paths") {
			path := "/" + strings.TrimPrefix(text(p, "path"), "/")
			all = append(all, Host{text(rule, "host"), path, manifest.Path{"spec", "rules", i, "http", "paths", j}, "Ingress " + class + " " + text(p, "pathType")})
		}
	}
	return all
}

// RouteHosts gives those of an HTTPRoute.
func RouteHosts(r *manifest.Resource) (all []Host) {
	hosts, _ := manifest.Dig(r.Object, "spec", "hostnames").([]any)
	if len(hosts) == 0 {
		return nil // those of its Gateways
	}
	parents, _ := json.Marshal(manifest.Dig(r.Object, "spec", "parentRefs"))
	for i, rule := range list(r.Object, "spec", "rules") {
		matches := list(rule, "matches")
		if len(matches) == 0 {
			matches = []map[string]any{{}}
		}
		for _, m := range matches {
			path := text(m, "path", "value")
			if path == "" {
				path = "/"
			}
			rest, _ := json.Marshal([]any{text(m, "path", "type"), m["headers"], m["queryParams"], m["method"]})
			for _, host := range hosts {
				host, _ := host.(string)
				all = append(all, Host{host, path, manifest.Path{"spec", "rules", i}, "HTTPRoute " + string(parents) + string(rest)})
			}
		}
	}
	return all
}
