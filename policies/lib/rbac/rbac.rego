# METADATA
# title: Rules of roles
# description: Reads the rules of a Role or ClusterRole as the API server does, and says what they grant.
package lib.rbac

# _patterns are the fields of a rule in which * stands for everything.
_patterns := ["apiGroups", "resources", "verbs"]

# wildcards are the fields of a rule in which everything is meant.
wildcards(rule) := [field |
	some field in _patterns
	is_array(rule[field])
	"*" in rule[field]
]

# rules are those of a Role or ClusterRole, each with its path. Those of a role that is aggregated from others are not
# its own: a controller writes them.
rules(role) := [{"at": ["rules", i], "rule": rule} |
	object.get(role, "aggregationRule", null) == null
	is_array(role.rules)
	some i, rule in role.rules
]

# grants are the rules of a role that grant some permissions on all objects there are, each with the path of its resources
# and what it grants in words: get, list on secrets. Permissions are the verbs on each resource of each API group: {"":
# {"pods/exec": {"create", "get"}}}. As the API server has it, * in a rule stands for everything, and */exec for this
# subresource of everything; pods/* for nothing. Rules with resourceNames are left out.
grants(role, permissions) := [{"at": array.concat(own.at, ["resources"]), "text": _text(granted)} |
	some own in rules(role)
	object.get(own.rule, "resourceNames", null) in [null, []]
	granted := _granted(own.rule, permissions)
	count(granted) > 0
]

_granted(rule, permissions) := {{"resource": resource, "verb": verb} |
	is_array(rule.apiGroups)
	some group in rule.apiGroups
	some resources in _of_group(permissions, group)
	some resource, verbs in resources
	some name in _names(resource)
	_lists(rule.resources, name)
	some verb in verbs
	_lists(rule.verbs, verb)
}

_of_group(permissions, group) := permissions if {
	group == "*"
} else := [permissions[group]]

_text(permissions) := sprintf("%s on %s", [
	concat(", ", {permission.verb | some permission in permissions}),
	concat(", ", {permission.resource | some permission in permissions}),
])

_lists(names, name) if {
	is_array(names)
	some pattern in ["*", name]
	pattern in names
}

# _names are the names by which a rule may mean a resource, beside *.
_names(resource) := {resource} | {sprintf("*/%s", [subresource]) | subresource := split(resource, "/")[1]}
