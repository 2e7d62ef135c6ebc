package refused

import "github.com/gitopsgen/gitopsgen/linter/refused/field"

// policyRule judges a rule of a role: it is about resources, or about URLs.
func policyRule(n *field.Node) {
	field.Needs("verbs", "")(n)
	if len(n.Get("nonResourceURLs").Items()) == 0 {
		field.Needs("apiGroups", "")(n)
		field.Needs("resources", "")(n)
		return
	}
	for _, name := range []string{"apiGroups", "resources", "resourceNames"} {
		if len(n.Get(name).Items()) > 0 {
			n.Get("nonResourceURLs").Refuse("Write two rules.", "%s is set, too, and a rule is about one of them", name)
			return
		}
	}
}

// aggregation judges which roles another one gathers.
var aggregation = field.All(field.Needs("clusterRoleSelectors", ""), field.At("clusterRoleSelectors[]", field.Selector))

// namespacedRule judges a rule of a Role, which is about resources.
func namespacedRule(n *field.Node) {
	if urls := n.Get("nonResourceURLs"); len(urls.Items()) > 0 {
		urls.Refuse("Write it into a ClusterRole.", "a Role is about the resources of its namespace")
	}
}

// roleRef judges which role a binding gives.
func roleRef(kinds ...string) field.Check {
	return field.At("roleRef", field.At("apiGroup", ofRBAC), field.At("kind", field.OneOf(kinds...)), field.At("name", field.PathSegment.Is, field.Filled))
}

// ofRBAC judges the group of a role or of who gets it; an empty one is that, too.
func ofRBAC(n *field.Node) {
	if n.Text() != "" {
		field.OneOf(rbac)(n)
	}
}

// subject judges who gets a role.
func subject(n *field.Node) {
	field.At("name", field.Filled)(n)
	group := n.Get("apiGroup")
	switch kind := n.Get("kind").Text(); kind {
	case "ServiceAccount":
		field.Subdomain.Is(n.Get("name"))
		if group.Text() != "" {
			group.Refuse("Leave it out.", "%q: a ServiceAccount is of none", group.Text())
		}
	case "User", "Group":
		ofRBAC(group)
	case "":
	default:
		field.OneOf("ServiceAccount", "User", "Group")(n.Get("kind"))
	}
}

// clusterSubject judges one that stands in no namespace by itself. Where kustomize takes in its ServiceAccount, it fills that in.
func clusterSubject(n *field.Node) {
	if n.Brought() && n.Get("kind").Text() == "ServiceAccount" {
		field.Needs("namespace", ": a ClusterRoleBinding has none")(n)
	}
}
