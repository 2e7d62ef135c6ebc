# METADATA
# title: Image is not on the list of allowed ones
# description: Use an image of the list, or have this one added to it.
# custom:
#   rationale: Where each image is looked at before it is used, one that nobody looked at is not to run.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   params:
#     allowed:
#       description: "Images that may run: repositories, with a tag or digest where only that one may."
#       default: []
#   references:
#     - https://kubernetes.io/docs/concepts/containers/images/
package policies.images.allowed_images

import data.lib.images
import data.lib.workloads

deny contains finding if {
	allowed := input.params.allowed
	count(allowed) > 0
	some container in workloads.containers(input.object)
	image := container.spec.image
	is_string(image)
	not _is_allowed(allowed, image)
	finding := {
		"msg": sprintf("image %q of container %q is not on the list of allowed images", [image, container.name]),
		"at": workloads.at(container, ["image"]),
	}
}

_is_allowed(allowed, image) if {
	some entry in allowed
	images.covers(entry, image)
}
