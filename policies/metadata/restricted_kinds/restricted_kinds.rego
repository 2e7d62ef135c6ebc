# METADATA
# title: Object is of a restricted kind
# description: >-
#   Ask those who run the platform to make it; who may have one stands under lint.params of metadata/restricted-kinds in
#   gitopsgen.yaml.
# custom:
#   rationale: Some kinds reach beyond the namespace they stand in, and only some teams are meant to have them.
#   severity: {small: error, medium: error, enterprise: error}
#   params:
#     restricted:
#       description: >-
#         Who may have which kinds, a list of {kinds, namespaces, names, reason}: objects of these kinds (group/Kind, the
#         core group is core) may stand in these namespaces alone, or have one of these names. Each may have * for any text
#         without a slash.
#       default: []
#   references:
#     - https://kubernetes.io/docs/concepts/security/multi-tenancy/
package policies.metadata.restricted_kinds

deny contains finding if {
	some restriction in input.params.restricted
	_is_among(_kind, restriction, "kinds")
	not _is_among(object.get(input.object, ["metadata", "namespace"], ""), restriction, "namespaces")
	not _is_among(object.get(input.object, ["metadata", "name"], ""), restriction, "names")
	finding := {
		"msg": sprintf("%s is restricted: %s", [_kind, object.get(restriction, "reason", "no reason is given")]),
		"at": ["kind"],
	}
}

# _kind is group/Kind.
_kind := sprintf("%s/%s", [split(input.object.apiVersion, "/")[0], input.object.kind]) if {
	contains(input.object.apiVersion, "/")
} else := sprintf("core/%s", [input.object.kind])

_is_among(text, restriction, field) if {
	some pattern in restriction[field]
	glob.match(pattern, ["/"], text)
}
