# METADATA
# title: Image is from a registry that has ended
# description: Take the image from where it is published now.
# custom:
#   rationale: Nothing new is published there, mended versions neither, and one day the images are gone.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/blog/2023/03/10/image-registry-redirect/
package policies.images.retired_registry

import data.lib.images
import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	image := container.spec.image
	some old, now in _moved
	images.covers(old, image)
	finding := {
		"msg": sprintf("image %q of container %q is from %s, which has ended", [image, container.name, old]),
		"at": workloads.at(container, ["image"]),
		"fix": sprintf("What is published there stands below %s now.", [now]),
	}
}

# _moved says where the images of a registry went.
_moved := {
	"k8s.gcr.io/": "registry.k8s.io",
	"gcr.io/google-containers/": "registry.k8s.io",
	"gcr.io/google_containers/": "registry.k8s.io",
	"docker.pkg.github.com/": "ghcr.io",
	"gcr.io/kubernetes-helm/": "ghcr.io/helm",
	"docker.io/bitnami/": "docker.io/bitnamilegacy, without any updates,",
}
