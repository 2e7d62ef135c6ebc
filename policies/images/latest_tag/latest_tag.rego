# METADATA
# title: Image tag is missing or latest
# description: Name the version of the image in its tag, or pin the image by its digest.
# custom:
#   rationale: Nobody can say which version runs, or go back to the one before, where the name means another image tomorrow.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/docs/concepts/containers/images/
package policies.images.latest_tag

import data.lib.images
import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	image := images.parse(container.spec.image)
	fault := _fault(image)
	finding := {
		"msg": sprintf("image %q of container %q %s", [container.spec.image, container.name, fault]),
		"at": workloads.at(container, ["image"]),
	}
}

# A digest decides what runs, whatever tag stands beside it.
_fault(image) := "has the tag latest" if {
	image.tag == "latest"
	image.digest == ""
}

_fault(image) := "has neither tag nor digest" if {
	image.tag == ""
	image.digest == ""
}
