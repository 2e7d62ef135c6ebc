# METADATA
# title: Selectors of labels
# description: Holds labels against a selector, as Kubernetes does.
package lib.selectors

# unmet are the requirements of a selector that labels do not meet, each as matchExpressions are written. What is
# malformed is none.
unmet(selector, labels) := {requirement |
	some requirement in _requirements(selector)
	_is_unmet(requirement, labels)
}

_requirements(selector) := {{"key": key, "operator": "In", "values": [value]} |
	some key, value in selector.matchLabels
	is_string(key)
	is_string(value)
} | {requirement |
	is_array(selector.matchExpressions)
	some requirement in selector.matchExpressions
	is_string(requirement.key)
}

_is_unmet(requirement, labels) if {
	requirement.operator == "In"
	is_array(requirement.values)
	value := object.get(labels, requirement.key, "")
	is_string(value)
	not _is_label(requirement, labels)
}

_is_unmet(requirement, labels) if {
	requirement.operator == "NotIn"
	_is_label(requirement, labels)
}

_is_unmet(requirement, labels) if {
	requirement.operator == "Exists"
	not requirement.key in object.keys(labels)
}

_is_unmet(requirement, labels) if {
	requirement.operator == "DoesNotExist"
	requirement.key in object.keys(labels)
}

_is_label(requirement, labels) if labels[requirement.key] in requirement.values
