# METADATA
# title: What Gatekeeper asks
# description: >-
#   Stands between Gatekeeper and a policy. A review is what Gatekeeper has of a request, or of an object that its audit
#   finds; the parameters are those of the constraint: the tier, the policy's own, and waivers.
package lib.gatekeeper

# asked is the input of the policy.
asked(review, parameters) := {
	"object": review.object,
	"namespace": _namespace(review),
	"params": parameters.params,
	"tier": parameters.tier,
}

# is_judged says whether somebody wrote the object: it is not Kubernetes' own, and no controller of Kubernetes makes it for
# an object that is judged itself. Only these controllers and the audit, which knows of no user, are believed: whoever
# makes a pod can write down any owner.
is_judged(review) if {
	not _is_owned(review)
	not _is_built_in(review)
}

# is_excused says whether a waiver excuses a finding.
is_excused(review, finding, waivers) if {
	some waiver in waivers
	not _has_expired(waiver)
	_is_meant(waiver, "kind", review.object.kind)
	_is_meant(waiver, "namespace", object.get(review.object, ["metadata", "namespace"], ""))
	_is_meant(waiver, "name", object.get(review.object, ["metadata", "name"], ""))
	_is_meant(waiver, "container", _container(review.object, at(finding)))
}

# at is the path of what a finding blames.
at(finding) := object.get(finding, "at", [])

_namespace(review) := {field: object.get(metadata, field, {}) | some field in ["annotations", "labels"]} if {
	metadata := review.namespaceObject.metadata
	object.get(review.object, ["metadata", "namespace"], "") != ""
} else := {}

_is_owned(review) if {
	some owner in review.object.metadata.ownerReferences
	owner.controller == true
	_is_controller(_user(review))
}

_is_controller("")

_is_controller("system:kube-controller-manager")

_is_controller(user) if startswith(user, "system:serviceaccount:kube-system:")

_is_built_in(review) if _user(review) == "system:apiserver"

_is_built_in(review) if {
	_user(review) == ""
	review.object.metadata.labels["kubernetes.io/bootstrapping"] == "rbac-defaults"
}

_user(review) := object.get(review, ["userInfo", "username"], "")

_has_expired(waiver) if time.now_ns() > time.add_date(time.parse_ns("2006-01-02", waiver.expires), 0, 0, 1)

_is_meant(waiver, field, _) if not waiver[field]

_is_meant(waiver, field, value) if waiver[field] == value

# _container is the name of the container that a path runs through; "" where there is none.
_container(workload, path) := container if {
	container := [name |
		some i, _ in path
		path[i - 1] in {"containers", "ephemeralContainers", "initContainers"}
		name := object.get(workload, array.concat(array.slice(path, 0, i + 1), ["name"]), "")
	][0]
} else := ""
