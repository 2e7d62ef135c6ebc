package field

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/validation"
)

// Attached judges labels and annotations.
func Attached(metadata *Node) {
	At("labels", Labels)(metadata)
	size := 0
	for _, n := range metadata.Get("annotations").Fields() {
		if len(Qualified.Faults(strings.ToLower(n.Name()))) > 0 {
			n.RefuseName(Qualified.Fix, "%q is no %s", n.Name(), Qualified.Name)
		}
		size += len(n.Name()) + len(n.Text())
	}
	if size > validation.TotalAnnotationSizeLimitB {
		metadata.Get("annotations").Refuse("Keep long texts in a ConfigMap.", "the annotations have %d bytes, %d at most are taken", size, validation.TotalAnnotationSizeLimitB)
	}
}

// Labels judges pairs of names and values of labels.
var Labels = At("*", Qualified.Names, LabelValue.Is)

// Selector judges a selector of labels.
var Selector = All(At("matchLabels", Labels), At("matchExpressions[]", expression))

// expression judges a requirement of a selector.
func expression(n *Node) {
	Qualified.Is(n.Get("key"))
	Filled(n.Get("key"))
	values := n.Get("values")
	At("values[]", LabelValue.Is)(n)
	switch operator := n.Get("operator").Text(); operator {
	case "In", "NotIn":
		if len(values.Items()) == 0 {
			n.Refuse("List values.", "operator %q needs values", operator)
		}
	case "Exists", "DoesNotExist":
		if len(values.Items()) > 0 {
			values.Refuse("Leave the values out, or write the operator In or NotIn.", "operator %q takes no values", operator)
		}
	default:
		OneOf("In", "NotIn", "Exists", "DoesNotExist")(n.Get("operator"))
	}
}
