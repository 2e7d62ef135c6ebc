package pods

import (
	"math"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/linter/refused/field"
)

// container judges one by itself.
var container = field.All(
	field.At("name", field.Label.Is, field.Filled),
	field.At("image", field.Filled),
	field.At("ports", field.Distinct("name")),
	field.At("ports[]", field.At("name", field.PortName.Is), field.At("containerPort", field.Port), field.At("hostPort", field.Between(0, math.MaxUint16))),
	field.At("env[]", variable),
	field.At("envFrom[]", field.At("prefix", prefix), field.One("configMapRef", "secretRef"), field.At("configMapRef", whole), field.At("secretRef", whole)),
	field.At("resources", resources),
	field.At("securityContext", securityContext),
	field.At("livenessProbe", probe, once),
	field.At("startupProbe", probe, once),
	field.At("readinessProbe", probe, func(n *field.Node) {
		if n.Has("terminationGracePeriodSeconds") {
			n.Get("terminationGracePeriodSeconds").RefuseName("Leave it out.", "a readiness probe has none: it ends no container")
		}
	}),
	field.At("lifecycle.postStart", lifecycleHandler),
	field.At("lifecycle.preStop", lifecycleHandler),
)

// prefix judges what the names of variables begin with.
func prefix(n *field.Node) {
	if n.Text() != "" {
		environment(n)
	}
}

// referred judges the name of a ConfigMap or Secret.
func referred(n *field.Node) {
	field.Subdomain.Is(n.Get("name"))
	field.Needs("name", "")(n)
}

// whole judges the name of one that gives all its keys. It may be the beginning of a name.
func whole(n *field.Node) {
	name := n.Get("name")
	field.Subdomain.Is(name.As(strings.TrimSuffix(name.Text(), "-")))
	field.Needs("name", "")(n)
}

// fromPod are the fields of a pod that a variable may have, and fromFile those that a file may.
var (
	fromPod = field.OneOf("metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
		"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs")
	fromFile = field.OneOf("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
)

// variable judges one of a container.
func variable(n *field.Node) {
	environment(n.Get("name"))
	from := n.Get("valueFrom")
	if from.Value == nil {
		return
	}
	field.One("configMapKeyRef", "fieldRef", "resourceFieldRef", "secretKeyRef", "fileKeyRef")(from)
	if value := n.Get("value"); value.Text() != "" && len(from.Fields()) > 0 {
		value.Refuse("Leave one of them out.", "value and valueFrom are set, and a variable has one of them")
	}
	field.At("fieldRef.fieldPath", fieldOf(fromPod))(from)
	field.At("resourceFieldRef", measure)(from)
	for _, name := range []string{"configMapKeyRef", "secretKeyRef"} {
		field.At(name, referred, field.Needs("key", ""), field.At("key", field.DataKey.Is))(from)
	}
}

// fieldOf judges the path to a field of a pod: one of those that are known, or a label or annotation.
func fieldOf(known field.Check) field.Check {
	return func(n *field.Node) {
		path, key, isKey := strings.Cut(n.Text(), "['")
		switch key = strings.TrimSuffix(key, "']"); {
		case !isKey:
			known(n)
		case path == "metadata.annotations":
			key = strings.ToLower(key)
			fallthrough
		case path == "metadata.labels":
			if len(validation.IsQualifiedName(key)) > 0 {
				n.Refuse(field.Qualified.Fix, "%q is no %s", key, field.Qualified.Name)
			}
		default:
			n.Refuse("Write metadata.labels['NAME'] or metadata.annotations['NAME'].", "%q has no such keys", path)
		}
	}
}

// measures are the resources of a container that a variable may tell.
var measures = []string{
	"limits.cpu", "limits.memory", "limits.ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage",
}

func measure(n *field.Node) {
	field.Needs("resource", "")(n)
	if text := n.Get("resource").Text(); text != "" && !strings.HasPrefix(text, "limits.hugepages-") && !strings.HasPrefix(text, "requests.hugepages-") {
		field.OneOf(measures...)(n.Get("resource"))
	}
	field.At("divisor", func(n *field.Node) { field.QuantityOf(n) })(n)
}

// probe judges how a container is asked.
var probe = field.All(
	field.One("exec", "grpc", "httpGet", "tcpSocket"), handler,
	field.At("failureThreshold", field.AtLeast(0)), field.At("initialDelaySeconds", field.AtLeast(0)), field.At("periodSeconds", field.AtLeast(0)), field.At("successThreshold", field.AtLeast(0)),
	field.At("timeoutSeconds", field.AtLeast(0)), field.At("terminationGracePeriodSeconds", field.AtLeast(1)),
)

// once judges a probe whose first success is enough. Zero is the default, which is 1.
func once(n *field.Node) {
	if number, ok := n.Get("successThreshold").Number(); ok && number > 1 {
		n.Get("successThreshold").Refuse("Write 1, or leave it out.", "got %d, want 1: a %s takes no other", number, n.Name())
	}
}

var lifecycleHandler = field.All(field.One("exec", "httpGet", "sleep", "tcpSocket"), handler)

var handler = field.All(
	field.At("exec", field.Needs("command", "")),
	field.At("httpGet.port", field.PortOrName), field.At("httpGet.httpHeaders[].name", field.Header.Is, field.Filled), field.At("tcpSocket.port", field.PortOrName), field.At("grpc.port", field.Port),
)

// hostPorts judges the ports of all containers that the node has, too: each once for an address and a protocol.
func hostPorts(containers *field.Node) {
	type socket struct {
		protocol, address string
		port              int64
	}
	first := map[socket]*field.Node{}
	for _, c := range containers.Items() {
		for _, p := range c.Get("ports").Items() {
			at := socket{p.Get("protocol").Text(), p.Get("hostIP").Text(), 0}
			if at.port, _ = p.Get("hostPort").Number(); at.port == 0 {
				continue
			}
			if at.protocol == "" {
				at.protocol = "TCP"
			}
			if before := first[at]; before != nil {
				p.Get("hostPort").Refuse("Give each a port of its own.", "%d is what %s has, too", at.port, before.Path())
			} else {
				first[at] = p
			}
		}
	}
}

// resources judges what a container asks for.
func resources(n *field.Node) {
	field.At("limits.*", resource)(n)
	field.At("requests.*", resource)(n)
	for _, request := range n.Get("requests").Fields() {
		limit := n.Get("limits").Get(request.Name())
		overcommitted := !isExtended(request.Name()) && !strings.HasPrefix(request.Name(), "hugepages-")
		asked, ok := field.ReadQuantity(request)
		most, is := field.ReadQuantity(limit)
		switch {
		case ok && is && asked.Cmp(most) > 0:
			request.Refuse("Raise the limit, or lower the request.", "%s is more than the limit of %s", request.Shown(), limit.Shown())
		case ok && is && !overcommitted && asked.Cmp(most) != 0:
			request.Refuse("Write the limit.", "%s is not the limit of %s, and of %s they are one", request.Shown(), limit.Shown(), request.Name())
		case ok && limit.Value == nil && !overcommitted:
			request.Refuse("Set the limit to it, too.", "%s has no limit, and needs one", request.Name())
		}
	}
}

// isExtended reports whether a resource is none of Kubernetes' own: those come in whole numbers, and are limited to what is asked for.
func isExtended(name string) bool {
	return strings.Contains(name, "/") && !strings.Contains(name, "kubernetes.io/")
}

// resource judges how much of one a container asks for.
func resource(n *field.Node) {
	field.Quantity(n)
	switch name := n.Name(); {
	case strings.Contains(name, "/"):
		field.Qualified.Names(n)
	case name != "cpu" && name != "memory" && name != "ephemeral-storage" && !strings.HasPrefix(name, "hugepages-"):
		n.RefuseName("Write cpu, memory, ephemeral-storage, hugepages-SIZE, or the name of an extended resource with its domain.", "%q is no resource of a container", name)
	}
	if q, ok := field.ReadQuantity(n); ok && isExtended(n.Name()) && q.MilliValue()%1000 != 0 {
		n.Refuse("Write a whole number.", "%s is no whole number, and %s comes in whole ones", n.Shown(), n.Name())
	}
}
