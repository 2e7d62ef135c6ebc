# METADATA
# title: Pod has names of its own for addresses
# description: Give the name a Service of type ExternalName, or an entry in DNS.
# custom:
#   rationale: >-
#     Names in /etc/hosts of a pod go past DNS: nobody sees them, and they stay when the address moves.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [pods]
package policies.pods.host_aliases

import data.lib.workloads

deny contains finding if {
	some pod in workloads.pods(input.object)
	aliases := pod.spec.hostAliases
	count(aliases) > 0
	finding := {
		"msg": sprintf("hostAliases names %s", [concat(", ", [sprintf("%v", [alias.ip]) | some alias in aliases])]),
		"at": workloads.at(pod, ["hostAliases"]),
	}
}

deny contains finding if {
	some container in workloads.containers(input.object)
	some field in ["command", "args"]
	some i, text in container.spec[field]
	regex.match(`>\s*/etc/hosts\b`, text)
	finding := {
		"msg": sprintf("container %q writes to /etc/hosts", [container.name]),
		"at": workloads.at(container, [field, i]),
	}
}
