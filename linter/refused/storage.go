package refused

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/linter/refused/field"
)

var resourceQuota = field.At("spec.hard.*", field.Quantity, func(n *field.Node) {
	hugePages := strings.HasPrefix(strings.TrimPrefix(n.Name(), "requests."), "hugepages-")
	if !strings.Contains(n.Name(), "/") && !slices.Contains(quotaNames, n.Name()) && !hugePages {
		n.RefuseName("Write a resource of pods, or count/KIND.GROUP.", "%q is no resource of a quota", n.Name())
	} else {
		field.Qualified.Names(n)
	}
})

// quotaNames are the resources that a quota limits, beside those with a domain.
var quotaNames = []string{
	"configmaps", "cpu", "ephemeral-storage", "limits.cpu", "limits.ephemeral-storage", "limits.memory", "memory", "persistentvolumeclaims", "pods",
	"replicationcontrollers", "requests.cpu", "requests.ephemeral-storage", "requests.memory", "requests.storage", "resourcequotas", "secrets", "services",
	"services.loadbalancers", "services.nodeports",
}

// bounds are the fields of a limit that do not pass each other: the first is not more than the second.
var bounds = [][2]string{
	{"min", "max"}, {"min", "defaultRequest"}, {"defaultRequest", "max"}, {"defaultRequest", "default"}, {"min", "default"}, {"default", "max"},
}

// limitTypes are what a LimitRange bounds.
var limitTypes = field.OneOf("Container", "PersistentVolumeClaim", "Pod")

// limitRange judges one of the limits of a LimitRange.
func limitRange(n *field.Node) {
	if kind := n.Get("type"); !strings.Contains(kind.Text(), "/") {
		limitTypes(kind)
	} else {
		field.Qualified.Is(kind)
	}
	if n.Get("type").Text() == "PersistentVolumeClaim" && !n.Get("min").Has("storage") && !n.Get("max").Has("storage") {
		n.Refuse("Set min.storage or max.storage.", "neither min nor max of storage is set")
	}
	if n.Get("type").Text() == "Pod" {
		for _, name := range []string{"default", "defaultRequest"} {
			if len(n.Get(name).Fields()) > 0 {
				n.Get(name).RefuseName("Write it for the type Container.", "a limit of type %q has none", "Pod")
			}
		}
	}
	for _, name := range []string{"min", "max", "default", "defaultRequest", "maxLimitRequestRatio"} {
		field.At(name+".*", func(n *field.Node) { field.QuantityOf(n) })(n)
	}
	for _, pair := range bounds {
		for _, low := range n.Get(pair[0]).Fields() {
			high := n.Get(pair[1]).Get(low.Name())
			least, ok := field.ReadQuantity(low)
			if most, is := field.ReadQuantity(high); ok && is && least.Cmp(most) > 0 {
				high.Refuse("Raise it, or lower the other.", "%s is less than %s, %s", high.Shown(), pair[0], low.Shown())
			}
		}
	}
}

// priorityClass judges one: what begins with system- is Kubernetes' own.
func priorityClass(n *field.Node) {
	const highest = 1_000_000_000
	name := n.Get("metadata").Get("name")
	if !strings.HasPrefix(name.Text(), "system-") {
		if value, ok := n.Get("value").Number(); ok && value > highest {
			n.Get("value").Refuse("Write less.", "%d is more than %d, the highest that users may give", value, highest)
		}
	} else if name.Text() != "system-cluster-critical" && name.Text() != "system-node-critical" {
		name.Refuse("Write another name.", "%q begins with %q, which is Kubernetes' own", name.Text(), "system-")
	}
}
