package field

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// Grammar is how a text is written.
type Grammar struct {
	// Name is what such a text is called, Fix says how it is written.
	Name, Fix string
	// Faults gives nothing for a text that is written so.
	Faults func(text string) []string
}

const lowerCase = "lower case letters, digits and \"-\", beginning and ending with a letter or digit"

// The grammars of Kubernetes.
var (
	Subdomain   = Grammar{"DNS subdomain", "Write " + lowerCase + ", with dots between such parts: 253 characters at most.", validation.IsDNS1123Subdomain}
	Label       = Grammar{"DNS label", "Write " + lowerCase + ": 63 characters at most.", validation.IsDNS1123Label}
	Label1035   = Grammar{"DNS label that begins with a letter", "Write " + lowerCase + ", the first a letter: 63 characters at most.", validation.IsDNS1035Label}
	PathSegment = Grammar{"segment of a path", `Write no "/" and no "%", and neither "." nor "..".`, segmentFaults}
	PortName    = Grammar{"name of a port", "Write lower case letters, digits and single \"-\", at least one of them a letter: 15 characters at most.", validation.IsValidPortName}
	Qualified   = Grammar{"qualified name", `Write letters, digits, "-", "_" and ".", 63 characters at most, and before it a DNS subdomain and "/" if need be.`, validation.IsQualifiedName}
	LabelValue  = Grammar{"value of a label", `Write letters, digits, "-", "_" and ".", beginning and ending with a letter or digit: 63 characters at most.`, validation.IsValidLabelValue}
	DataKey     = Grammar{"key of data", `Write letters, digits, "-", "_" and ".": 253 characters at most.`, validation.IsConfigMapKey}
	Header      = Grammar{"name of a header", `Write letters, digits, "-" and "_".`, validation.IsHTTPHeaderName}
	Wildcard    = Grammar{"DNS name with a wildcard", `Write "*." and a DNS subdomain.`, validation.IsWildcardDNS1123Subdomain}
)

// segmentFaults is the grammar of names that RBAC takes.
func segmentFaults(text string) []string {
	if text == "." || text == ".." || strings.ContainsAny(text, "/%") {
		return []string{"no segment"}
	}
	return nil
}

// Is judges a text by a grammar; an empty one is left to others.
func (g Grammar) Is(n *Node) {
	if text := n.Text(); text != "" && len(g.Faults(text)) > 0 {
		n.Refuse(g.Fix, "%q is no %s", text, g.Name)
	}
}

// Names judges the name of a field by a grammar.
func (g Grammar) Names(n *Node) {
	if len(g.Faults(n.Name())) > 0 {
		n.RefuseName(g.Fix, "%q is no %s", n.Name(), g.Name)
	}
}
