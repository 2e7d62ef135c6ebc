# METADATA
# title: Pod changes settings of the kernel
# description: Remove the sysctl; what is not of the pod alone is the business of who runs the node.
# custom:
#   rationale: >-
#     The setting holds for the node, or bounds what others there get: one pod can starve all.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   params:
#     safe:
#       description: Sysctls that pods may set.
#       default:
#         - kernel.shm_rmid_forced
#         - net.ipv4.ip_local_port_range
#         - net.ipv4.ip_local_reserved_ports
#         - net.ipv4.ip_unprivileged_port_start
#         - net.ipv4.ping_group_range
#         - net.ipv4.tcp_fin_timeout
#         - net.ipv4.tcp_keepalive_intvl
#         - net.ipv4.tcp_keepalive_probes
#         - net.ipv4.tcp_keepalive_time
#         - net.ipv4.tcp_rmem
#         - net.ipv4.tcp_syncookies
#         - net.ipv4.tcp_wmem
#   references:
#     - https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     - https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
package policies.pods.unsafe_sysctls

import data.lib.workloads

deny contains finding if {
	some pod in workloads.pods(input.object)
	some i, sysctl in pod.spec.securityContext.sysctls
	not replace(sysctl.name, "/", ".") in input.params.safe
	finding := {
		"msg": sprintf("sysctl %q is not safe", [sysctl.name]),
		"at": workloads.at(pod, ["securityContext", "sysctls", i, "name"]),
	}
}
