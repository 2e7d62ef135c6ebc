# METADATA
# title: Label has a value that is not allowed
# description: Write one of the values that the organisation allows, or add it under lint.params in gitopsgen.yaml.
# custom:
#   rationale: A value that is written otherwise here than elsewhere drops out of every report that asks for it.
#   severity: {small: error, medium: error, enterprise: error}
#   params:
#     allowed:
#       description: >-
#         What each label may say: a list of values, or a regular expression for the whole value.
#       default: {}
#   references:
#     - https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
package policies.metadata.label_values

import data.lib.workloads

deny contains finding if {
	some label, values in input.params.allowed
	value := input.object.metadata.labels[label]
	is_string(value)
	not _is_allowed(values, value)
	finding := {
		"msg": sprintf("label %q is %q: want %s", [label, value, _wanted(values)]),
		"at": ["metadata", "labels", label],
	}
}

_is_allowed(values, value) if value in values

_is_allowed(values, value) if {
	is_string(values)
	regex.match(sprintf("^(?:%s)$", [values]), value)
}

_wanted(values) := concat(", ", [sprintf("%q", [value]) | some value in values]) if {
	is_array(values)
} else := sprintf("what matches %s", [workloads.text(values)])
