# METADATA
# title: Image is from a blocked registry
# description: Take the image from another registry, or mirror it.
# custom:
#   rationale: Somebody decided that nothing is to come from there.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   params:
#     blocked:
#       description: "Registries and repositories to refuse, each with a slash at its end: evil.example.net/, docker.io/acme/."
#       default: []
#   references:
#     - https://kubernetes.io/docs/concepts/containers/images/
package policies.images.blocked_registries

import data.lib.images
import data.lib.workloads

deny contains finding if {
	blocked := input.params.blocked
	some container in workloads.containers(input.object)
	some entry in blocked
	images.covers(entry, container.spec.image)
	finding := {
		"msg": sprintf("image %q of container %q is from %s, which is blocked", [container.spec.image, container.name, entry]),
		"at": workloads.at(container, ["image"]),
	}
}
