# METADATA
# title: Version has a known fault that lets others in
# description: Update to the version named, or a later one.
# custom:
#   rationale: >-
#     The fault is published, and so is how it is used. The table has what is worst of what these platforms consist
#     of, and is of November 2026; a scanner of images knows all.
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [pods]
#   references:
#     - https://github.com/argoproj/argo-cd/security/advisories
#     - https://grafana.com/security/security-advisories/
#     - https://github.com/kyverno/kyverno/security/advisories
package policies.versions.vulnerable

import data.lib.images
import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	image := images.parse(container.spec.image)
	some path in images.tails(image.repository)
	fault := _faults[path]
	version := _version(image.tag)
	not _is_mended(version, fault.mended)
	newer := [mended | some mended in fault.mended; semver.compare(version, mended) < 0]
	count(newer) > 0
	finding := {
		"msg": sprintf("image %q of container %q has the fault %s", [container.spec.image, container.name, fault.id]),
		"at": workloads.at(container, ["image"]),
		"fix": sprintf("It is mended in %s.", [concat(", ", newer)]),
	}
}

# A mended version mends what follows it on its line.
_is_mended(version, mended) if {
	some good in mended
	_line(good) == _line(version)
	semver.compare(version, good) >= 0
}

_line(version) := array.slice(split(version, "."), 0, 2)

# _version is the version that a tag names, without what tells builds of it apart; builds that mend faults say so.
_version(tag) := version if {
	not contains(tag, "security")
	version := regex.find_n(`^[0-9]+\.[0-9]+\.[0-9]+`, trim_prefix(tag, "v"), 1)[0]
}

# _faults are faults by the repository of the images, each with the first version that is mended on each line.
_faults := {
	"argoproj/argocd": {"id": "CVE-2025-55190", "mended": ["2.13.9", "2.14.16", "3.0.14", "3.1.2"]},
	"grafana/grafana": {"id": "CVE-2025-4123", "mended": ["10.4.19", "11.2.10", "11.3.7", "11.4.5", "11.5.5", "11.6.2", "12.0.1"]},
	"ingress-nginx/controller": {"id": "CVE-2025-1974", "mended": ["1.11.5", "1.12.1"]},
	"kyverno/kyverno": {"id": "CVE-2026-22039", "mended": ["1.15.3", "1.16.3"]},
}
