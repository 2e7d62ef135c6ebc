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
	fault := _fault(images.parse(container.spec.image).digest)
	finding := {
		"msg": sprintf("image %q of container %q %s", [container.spec.image, container.name, fault]),
		"at": workloads.at(container, ["image"]),
	}
}

_fault("") := "has no digest"

# A runtime pulls nothing by a digest that is cut off.
_fault(digest) := "has a digest that is none" if {
	regex.match(`^(sha256|sha384|sha512|blake3):`, digest)
	not regex.match(`^((sha256|blake3):[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$`, digest)
}
