// Package pods judges pods, and the templates of them, by what the API server refuses and no schema says.
//
// It knows pods, their containers, volumes and claims, and nothing of the kinds that make pods.
package pods

import (
	"math"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/linter/refused/field"
)

// Template judges what pods are made of: their metadata and their spec.
var Template = field.All(
	field.At("metadata", field.Attached),
	Pod,
)

// Pod judges what has the spec of a pod.
var Pod = field.All(
	field.Needs("spec", ": a pod has at least one container"),
	field.At("spec", spec),
)

// spec judges the spec of a pod.
var spec = field.All(
	containers,
	field.At("volumes", distinct),
	field.At("volumes[]", volume),
	field.At("activeDeadlineSeconds", field.Between(1, math.MaxInt32)),
	hostName,
	field.At("nodeName", field.Subdomain.Is),
	field.At("serviceAccountName", field.Subdomain.Is),
	field.At("priorityClassName", field.Subdomain.Is),
	field.At("runtimeClassName", field.Subdomain.Is),
	field.At("nodeSelector", field.Labels),
	field.At("overhead.*", field.Quantity),
	field.At("resources", resources),
	field.At("securityContext", podSecurityContext),
	field.At("hostAliases[]", field.At("ip", field.Address), field.At("hostnames[]", field.Subdomain.Is)),
	field.At("readinessGates[].conditionType", field.Qualified.Is),
	field.At("schedulingGates", field.Distinct("name")),
	field.At("schedulingGates[].name", field.Qualified.Is),
	field.At("tolerations[]", toleration),
	field.At("topologySpreadConstraints", field.Distinct("topologyKey", "whenUnsatisfiable")),
	field.At("topologySpreadConstraints[]", spread),
	field.At("affinity", affinity),
	dns,
	hostUsers,
)

// containers judges those of a pod, each by itself and beside each other.
func containers(n *field.Node) {
	field.Needs("containers", ": a pod has at least one")(n)
	first := map[string]*field.Node{}
	for _, c := range append(n.Get("containers").Items(), n.Get("initContainers").Items()...) {
		container(c)
		mounts(n, c)
		name := c.Get("name").Text()
		if before := first[name]; before != nil && name != "" {
			c.Get("name").Refuse("Give each container of the pod a name of its own.", "%q is what %s is called, too", name, before.Path())
		} else {
			first[name] = c
		}
	}
	if n.Get("hostNetwork").IsTrue() {
		field.At("containers[].ports[]", hostPort)(n)
	}
	hostPorts(n.Get("containers"))
	field.At("initContainers[]", initContainer)(n)
	if running := n.Get("ephemeralContainers"); len(running.Items()) > 0 {
		running.RefuseName("Leave them out: they are put into pods that run.", "ephemeral containers are not taken from a manifest")
	}
}

// hostPort judges a port of a container that has the network of its node.
func hostPort(n *field.Node) {
	host, ok := n.Get("hostPort").Number()
	if inside, is := n.Get("containerPort").Number(); ok && is && host != 0 && host != inside {
		n.Get("hostPort").Refuse("Write the containerPort, or leave it out.", "%d is not the containerPort %d, and with hostNetwork they are one", host, inside)
	}
}

// initContainer judges what only a sidecar may have.
func initContainer(n *field.Node) {
	if n.Get("restartPolicy").Text() == "Always" {
		return
	}
	for _, name := range n.Those([]string{"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"}) {
		n.Get(name).RefuseName(`Leave it out, or set restartPolicy to "Always".`, "an init container has none unless its restartPolicy is Always")
	}
}

var podSecurityContext = field.All(
	field.At("fsGroup", field.IDs), field.At("runAsUser", field.IDs), field.At("runAsGroup", field.IDs), field.At("supplementalGroups[]", field.IDs), field.At("seccompProfile", seccomp), field.At("appArmorProfile", profile),
	field.At("sysctls", field.Distinct("name")), field.At("sysctls[]", field.Needs("name", "")),
)

var securityContext = field.All(
	field.At("runAsUser", field.IDs), field.At("runAsGroup", field.IDs), field.At("seccompProfile", seccomp), field.At("appArmorProfile", profile),
	func(n *field.Node) {
		escalation := n.Get("allowPrivilegeEscalation")
		if escalation.Value != false {
			return
		}
		if n.Get("privileged").IsTrue() {
			escalation.Refuse("Set privileged to false, or leave one of them out.", "is false, and privileged is true")
		}
		if added, _ := n.Get("capabilities").Get("add").Value.([]any); slices.Contains(added, any("CAP_SYS_ADMIN")) {
			escalation.Refuse("Leave the capability out.", "is false, and the capability CAP_SYS_ADMIN is added")
		}
	},
)

var seccomp = field.All(profile, field.At("localhostProfile", field.Below))

// profile judges one of seccomp or AppArmor: one of the node has its name beside it.
func profile(n *field.Node) {
	local := n.Get("localhostProfile")
	switch isLocal := n.Get("type").Text() == "Localhost"; {
	case isLocal && local.Value == nil:
		n.Refuse("Set localhostProfile.", "type %q needs a localhostProfile", "Localhost")
	case !isLocal && local.Value != nil && n.Has("type"):
		local.RefuseName(`Leave it out, or set the type to "Localhost".`, "only the type Localhost has one")
	}
}

// dns judges how a pod finds names.
func dns(n *field.Node) {
	config := n.Get("dnsConfig")
	if n.Get("dnsPolicy").Text() == "None" && len(config.Get("nameservers").Items()) == 0 {
		n.Get("dnsPolicy").Refuse("Name a server in dnsConfig.nameservers.", "%q needs a server in dnsConfig", "None")
	}
	const maxServers, maxSearches = 3, 32
	if got := len(config.Get("nameservers").Items()); got > maxServers {
		config.Get("nameservers").Refuse("Leave some out.", "there are %d, and %d at most are taken", got, maxServers)
	}
	if got := len(config.Get("searches").Items()); got > maxSearches {
		config.Get("searches").Refuse("Leave some out.", "there are %d, and %d at most are taken", got, maxSearches)
	}
	field.At("nameservers[]", field.Address)(config)
	field.At("options[]", field.Needs("name", ""))(config)
}

// hostName judges how a pod is called in the network. A StatefulSet writes its own there.
func hostName(n *field.Node) {
	if n.Root().Get("kind").Text() != "StatefulSet" {
		field.Label.Is(n.Get("hostname"))
		field.Label.Is(n.Get("subdomain"))
	}
}

// hostUsers judges a pod with users of its own: it shares none of the node's processes.
func hostUsers(n *field.Node) {
	if n.Get("hostUsers").Value == false {
		for _, name := range []string{"hostPID", "hostIPC"} {
			if n.Get(name).IsTrue() {
				n.Get(name).Refuse("Leave one of them out.", "is true, and hostUsers is false")
			}
		}
	}
	if n.Get("hostPID").IsTrue() && n.Get("shareProcessNamespace").IsTrue() {
		n.Get("shareProcessNamespace").Refuse("Leave one of them out.", "is true, and hostPID is, too")
	}
}

// environment is the grammar of names of variables.
func environment(n *field.Node) {
	g := field.Grammar{Name: "name of a variable", Fix: `Write printable characters without "=".`, Faults: validation.IsRelaxedEnvVarName}
	if !n.Since("1.32") {
		g = field.Grammar{Name: "name of a variable", Fix: `Write letters, digits, "-", "_" and ".", not beginning with a digit.`, Faults: validation.IsEnvVarName}
	}
	g.Is(n)
	field.Filled(n)
}
