# METADATA
# title: Container can write to its root file system
# description: >-
#   Set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where the process has to write.
# custom:
#   rationale: Whoever gets in can put programs there, and what a process leaves behind fills the disk of the node.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package policies.pods.read_only_root

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	not workloads.is_windows(container)
	setting := workloads.security(container, "readOnlyRootFilesystem")
	setting.value != true
	finding := {
		"msg": sprintf("container %q can write to its root file system: securityContext.readOnlyRootFilesystem is %s", [container.name, setting.shown]),
		"at": workloads.at(container, ["securityContext", "readOnlyRootFilesystem"]),
	}
}
