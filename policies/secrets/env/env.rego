# METADATA
# title: Container has a secret in its environment
# description: Mount the Secret as a file.
# custom:
#   rationale: >-
#     Variables are inherited by each program that is started, and stand in dumps and in what a process tells of
#     itself.
#   severity: {small: off, medium: info, enterprise: info}
#   kinds: [pods]
package policies.secrets.env

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	some i, variable in container.spec.env
	name := variable.valueFrom.secretKeyRef.name
	finding := {
		"msg": sprintf("container %q has key %v of Secret %v in its environment", [container.name, object.get(variable.valueFrom.secretKeyRef, "key", ""), name]),
		"at": workloads.at(container, ["env", i, "valueFrom", "secretKeyRef"]),
	}
}

deny contains finding if {
	some container in workloads.containers(input.object)
	some i, source in container.spec.envFrom
	name := source.secretRef.name
	finding := {
		"msg": sprintf("container %q has all of Secret %v in its environment", [container.name, name]),
		"at": workloads.at(container, ["envFrom", i, "secretRef"]),
	}
}
