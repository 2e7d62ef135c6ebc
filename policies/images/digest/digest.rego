# METADATA
# title: Image is not pinned by its digest
# description: >-
#   Add the digest behind the tag: lamp:1.4.2@sha256:…; Renovate keeps both current.
# custom:
#   rationale: Whoever can push to the registry can put another image behind a tag; behind a digest nobody can.
#   severity: {small: off, medium: off, enterprise: warning}
#   kinds: [pods]
#   under: [images/latest-tag]
#   references:
#     - https://kubernetes.io/docs/concepts/containers/images/
package policies.images.digest

import data.lib.images
import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	images.parse(container.spec.image).digest == ""
	finding := {
		"msg": sprintf("image %q of container %q has no digest", [container.spec.image, container.name]),
		"at": workloads.at(container, ["image"]),
	}
}
