# METADATA
# title: Credential stands in clear
# description: >-
#   Put it into a Secret that is encrypted or comes from a store, and change it: it is known now.
# custom:
#   rationale: What was in Git once in clear, everybody who can read the repository has, and its history keeps it.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [pods, core/ConfigMap]
package policies.secrets.plaintext_credential

import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	some i, variable in container.spec.env
	_is_credential(variable.name, variable.value)
	finding := {
		"msg": sprintf("variable %v of container %q holds a credential in clear", [variable.name, container.name]),
		"at": workloads.at(container, ["env", i, "value"]),
	}
}

deny contains finding if {
	input.object.kind == "ConfigMap"
	some key, value in input.object.data
	_is_credential(key, value)
	finding := {
		"msg": sprintf("key %q holds a credential in clear", [key]),
		"at": ["data", key],
	}
}

# A name that says so, with a value that may be one.
_is_credential(name, value) if {
	regex.match(`(?i)(^|[_.-])(password|passwd|pwd|passphrase|secret|token|api[_-]?key|secret[_-]?key|private[_-]?key|access[_-]?key|client[_-]?secret|credentials?)$`, _words(name))
	not regex.match(`(?i)(^|[_.-])initial[_.-]cluster[_.-]token$`, _words(name)) # by which members of etcd tell clusters apart
	_may_be_one(value)
}

# A value that is one by its form, whatever its name.
_is_credential(_, value) if regex.match(concat("|", _forms), value)

_forms := [
	`-----BEGIN ([A-Z]+ )?PRIVATE KEY-----`,
	`\b(AKIA|ASIA)[0-9A-Z]{16}\b`,
	`\bgh[pousr]_[0-9A-Za-z]{36,}\b`,
	`\bgithub_pat_[0-9A-Za-z_]{60,}\b`,
	`\bglpat-[0-9A-Za-z_-]{20,}\b`,
	`\bxox[abprs]-[0-9A-Za-z-]{20,}\b`,
	`\b[a-z][a-z0-9+.-]*://[^/\s:@$<{]+:[^/\s:@$<{]+@[0-9A-Za-z]`,
]

# No path, no place for a value, no reference to something else, no switch and no number: each says where a credential is, or how it is used.
_may_be_one(value) if {
	not regex.match(`^\s*$|^(true|false|yes|no|on|off|none|null|enabled|disabled|[0-9]+[a-z]*)$|^[/.~]|^\$|^[<{%]|^insert_|^(file|env|vault|https?)(:|$)|\s`, lower(value))
}

# _words parts what is written together: clientSecret is client_Secret.
_words(name) := regex.replace(name, `([a-z0-9])([A-Z])`, "${1}_${2}")
