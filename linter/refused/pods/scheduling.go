package pods

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/linter/refused/field"
)

// toleration judges which taints of nodes a pod tolerates.
func toleration(n *field.Node) {
	key, operator, value := n.Get("key"), n.Get("operator"), n.Get("value")
	field.Qualified.Is(key)
	switch operator.Text() {
	case "Exists":
		if value.Text() != "" {
			value.Refuse("Leave it out, or write the operator Equal.", "%q: operator %q takes no value", value.Text(), "Exists")
		}
	case "", "Equal":
		field.LabelValue.Is(value)
		if key.Text() == "" && (key.Value == nil || key.Value == "") {
			n.Refuse(`Set the key, or write the operator "Exists" for all taints.`, "no key is set, and only the operator %q goes without", "Exists")
		}
	case "Lt", "Gt":
	default:
		field.OneOf("Equal", "Exists")(operator)
	}
	if effect := n.Get("effect").Text(); n.Has("tolerationSeconds") && effect != "NoExecute" {
		n.Get("tolerationSeconds").Refuse("Set the effect to NoExecute, or leave it out.", "is for the effect %q, and that is %q", "NoExecute", effect)
	}
}

// spread judges how the pods are spread.
var spread = field.All(
	field.At("maxSkew", field.AtLeast(1)),
	field.At("topologyKey", field.Filled),
	field.At("minDomains", field.AtLeast(1)),
	field.At("labelSelector", field.Selector),
	func(n *field.Node) {
		if when := n.Get("whenUnsatisfiable").Text(); n.Has("minDomains") && when != "" && when != "DoNotSchedule" {
			n.Get("minDomains").Refuse("Set whenUnsatisfiable to DoNotSchedule, or leave it out.", "is for whenUnsatisfiable %q, and that is %q", "DoNotSchedule", when)
		}
	},
)

var weight = field.Between(1, 100)

// affinity judges where pods are drawn to.
var affinity = field.All(
	field.At("nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution", field.Needs("nodeSelectorTerms", "")),
	field.At("nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[]", nodeTerm),
	field.At("nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[]", field.At("weight", weight), field.At("preference", nodeTerm)),
	field.At("podAffinity", podAffinity), field.At("podAntiAffinity", podAffinity),
)

var podAffinity = field.All(
	field.At("requiredDuringSchedulingIgnoredDuringExecution[]", podTerm),
	field.At("preferredDuringSchedulingIgnoredDuringExecution[]", field.At("weight", weight), field.At("podAffinityTerm", podTerm)),
)

var podTerm = field.All(
	field.At("labelSelector", field.Selector), field.At("namespaceSelector", field.Selector), field.At("namespaces[]", field.Label.Is), field.At("topologyKey", field.Qualified.Is, field.Filled),
)

var nodeTerm = field.All(field.At("matchExpressions[]", nodeExpression), field.At("matchFields[]", nodeField))

// nodeField judges a requirement of a field of a node, of which there is one.
func nodeField(n *field.Node) {
	field.At("key", field.OneOf("metadata.name"))(n)
	field.At("operator", field.OneOf("In", "NotIn"))(n)
	field.At("values[]", field.Subdomain.Is)(n)
	if got := len(n.Get("values").Items()); got != 1 {
		n.Refuse("List one name.", "a field of a node has one value, and there are %d", got)
	}
}

// nodeExpression judges a requirement of a node's labels.
func nodeExpression(n *field.Node) {
	field.At("key", field.Qualified.Is, field.Filled)(n)
	operator, values := n.Get("operator"), n.Get("values")
	got := len(values.Items())
	switch known := []string{"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"}; {
	case operator.Value == nil:
	case !slices.Contains(known, operator.Text()):
		field.OneOf(known...)(operator)
	case slices.Contains(known[:2], operator.Text()) && got == 0:
		n.Refuse("List values.", "operator %q needs values", operator.Text())
	case slices.Contains(known[2:4], operator.Text()) && got > 0:
		values.Refuse("Leave the values out, or write the operator In or NotIn.", "operator %q takes no values", operator.Text())
	case slices.Contains(known[4:], operator.Text()) && got != 1:
		n.Refuse("List one number.", "operator %q takes one value, and there are %d", operator.Text(), got)
	}
}
