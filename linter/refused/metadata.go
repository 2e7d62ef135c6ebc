package refused

import (
	"slices"
	"strings"

	podapi "k8s.io/pod-security-admission/api"

	"github.com/gitopsgen/gitopsgen/linter/refused/field"
)

// kind names a kind in whatever version.
type kind struct{ group, name string }

const rbac = "rbac.authorization.k8s.io"

// names are the grammars of names that are no DNS subdomains.
var names = map[kind]field.Grammar{
	{"", "Namespace"}:                 field.Label,
	{"", "Service"}:                   field.Label,
	{"apps", "StatefulSet"}:           field.Label,
	{"policy", "PodDisruptionBudget"}: field.PathSegment,
	{rbac, "ClusterRole"}:             field.PathSegment,
	{rbac, "ClusterRoleBinding"}:      field.PathSegment,
	{rbac, "Role"}:                    field.PathSegment,
	{rbac, "RoleBinding"}:             field.PathSegment,
}

// isNamed reports whether an object has a name of which the grammar is known. What extends the API server, as OpenShift does, names
// its objects as it likes, and what no Application brings of a kind that is not Kubernetes' own may be a file for a tool.
func isNamed(root *field.Node, k kind) bool {
	switch k.group {
	case "", "apps", "autoscaling", "batch", "policy":
		return k != kind{"", "List"}
	case "apiregistration.k8s.io", "certificates.k8s.io", "kustomize.config.k8s.io":
		return false
	}
	return strings.HasSuffix(k.group, ".k8s.io") || root.Brought() && strings.Contains(k.group, ".") && !strings.HasSuffix(k.group, ".openshift.io")
}

// ofOwn reports whether a kind is Kubernetes' own.
func ofOwn(k kind) bool {
	return !strings.Contains(k.group, ".") || strings.HasSuffix(k.group, ".k8s.io") && kinds[k] != nil
}

// nameOf gives the grammar that the name of an object has.
func nameOf(k kind, n *field.Node) field.Grammar {
	if k == (kind{"", "Service"}) && !n.Since(digitsFirst) {
		return field.Label1035
	}
	if g, ok := names[k]; ok {
		return g
	}
	return field.Subdomain
}

// digitsFirst is the version from which the name of a Service may begin with a digit.
const digitsFirst = "1.36"

// serviceName judges the name of a Service, where it is referred to.
func serviceName(n *field.Node) { nameOf(kind{"", "Service"}, n).Is(n) }

func judgeMetadata(root *field.Node, k kind) {
	if !isNamed(root, k) {
		return
	}
	metadata := root.Get("metadata")
	nameOf(k, root).Is(metadata.Get("name"))
	prefix := metadata.Get("generateName")
	nameOf(k, root).Is(prefix.As(strings.TrimRight(prefix.Text(), "-")))
	field.Label.Is(metadata.Get("namespace"))
	field.At("finalizers[]", field.Qualified.Is, field.Filled)(metadata)
	if ofOwn(k) && k.group != "policy" {
		field.At("finalizers[]", finalizer)(metadata)
	}
	if name := metadata.Get("name"); name.Text() == "" && prefix.Text() == "" && kinds[k] != nil && k.name != "LimitRange" && (name.Value != nil || root.Brought()) {
		metadata.Refuse("Write one.", "name is not set")
	}
	field.Attached(metadata)
	if k == (kind{"", "Namespace"}) {
		field.At("labels.*", standard)(metadata)
	}
}

// finalizer judges one of an object of Kubernetes' own: it has the domain of who removes it.
func finalizer(n *field.Node) {
	known := []string{"foregroundDeletion", "kubernetes", "orphan"}
	if text := n.Text(); text != "" && !strings.Contains(text, "/") && !slices.Contains(known, text) {
		n.Refuse("Write DOMAIN/NAME.", "%q has no domain", text)
	}
}

// standard judges a label of a Namespace that says which pods it admits.
func standard(n *field.Node) {
	mode, ok := strings.CutPrefix(n.Name(), "pod-security.kubernetes.io/")
	if !ok {
		return
	}
	var err error
	switch mode {
	case "enforce", "audit", "warn":
		_, err = podapi.ParseLevel(n.Text())
	case "enforce-version", "audit-version", "warn-version":
		_, err = podapi.ParseVersion(n.Text())
	}
	if err != nil {
		n.Refuse("Write one that the Pod Security Standards know.", "%q %v", n.Text(), err)
	}
}

// ownSelector judges the selector of a workload: an empty one would select all pods.
func ownSelector(n *field.Node) {
	field.Selector(n)
	if _, ok := n.Value.(map[string]any); ok && len(n.Get("matchLabels").Fields()) == 0 && len(n.Get("matchExpressions").Items()) == 0 {
		n.Refuse("Select by the labels that the template sets.", "is empty, and would select every pod")
	}
}
