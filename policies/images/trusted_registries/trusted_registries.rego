# METADATA
# title: Image is from no trusted registry
# description: Mirror the image to a trusted registry, or add its registry under registries.trusted in gitopsgen.yaml.
# custom:
#   rationale: Whoever can push to a registry that pods pull from can run code in the cluster.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [pods]
#   params:
#     trusted:
#       description: >-
#         Registries and repositories to trust, each with a slash at its end: ghcr.io/, quay.io/acme/, docker.io/acme/.
#       required: true
#   references:
#     - https://kubernetes.io/docs/concepts/containers/images/
package policies.images.trusted_registries

import data.lib.images
import data.lib.workloads

deny contains finding if {
	trusted := input.params.trusted
	some container in workloads.containers(input.object)
	image := container.spec.image
	is_string(image)
	not _is_trusted(trusted, image)
	finding := {
		"msg": sprintf("image %q of container %q is from no trusted registry", [image, container.name]),
		"at": workloads.at(container, ["image"]),
		"fix": _fix(trusted),
	}
}

_is_trusted(trusted, image) if {
	some entry in trusted
	images.covers(entry, image)
}

_fix(trusted) := sprintf(
	"trusted are %s; add one under registries.trusted in gitopsgen.yaml, or mirror the image",
	[concat(", ", trusted)],
)
