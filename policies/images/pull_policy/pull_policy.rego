# METADATA
# title: Node may run an image that it has kept
# description: Set imagePullPolicy to Always, or pin the image by its digest.
# custom:
#   rationale: >-
#     A node that has an image of this name starts it without asking the registry: neither what is behind the tag now,
#     nor whether the pod may have it.
#   severity: {small: off, medium: off, enterprise: info}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/containers/images/
package policies.images.pull_policy

import data.lib.images
import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	image := images.parse(container.spec.image)
	_policy(container, image) != "Always"
	image.digest == ""
	finding := {
		"msg": sprintf("image %q of container %q is pulled by the policy %v", [container.spec.image, container.name, _policy(container, image)]),
		"at": workloads.at(container, ["imagePullPolicy"]),
	}
}

# _policy is the one that holds, by the API server's defaults.
_policy(container, image) := policy if {
	policy := container.spec.imagePullPolicy
	not policy in {"", null}
} else := "Always" if {
	image.tag in {"", "latest"}
} else := "IfNotPresent"
