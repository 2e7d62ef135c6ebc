package policies.metadata.label_values_test

import data.policies.metadata.label_values

failing := {
	"apiVersion": "v1",
	"kind": "Namespace",
	"metadata": {"name": "shop", "labels": {"environment": "production", "cost-centre": "4711"}},
}

mended := json.patch(failing, [{"op": "replace", "path": "/metadata/labels/environment", "value": "prod"}])

params := {"allowed": {"environment": ["dev", "test", "prod"], "cost-centre": "[0-9]{4}"}}

# _findings are what the policy says of the label a with a value, where these are allowed.
_findings(value, allowed) := findings if {
	findings := label_values.deny with input as {
		"object": json.patch(failing, [{"op": "replace", "path": "/metadata/labels", "value": {"a": value}}]),
		"params": {"allowed": {"a": allowed, "b": ["x"]}},
	}
}

_finding(text) := {{"msg": text, "at": ["metadata", "labels", "a"]}}

test_denies_what_is_not_in_the_list if {
	_findings("a", ["ab"]) == _finding(`label "a" is "a": want "ab"`)
	_findings("z", ["x", "y"]) == _finding(`label "a" is "z": want "x", "y"`)
	_findings("", ["x"]) == _finding(`label "a" is "": want "x"`)
	_findings("x", []) == _finding(`label "a" is "x": want `)
}

test_denies_what_does_not_match if {
	every value in ["ab1", "1ab", "a", ""] {
		_findings(value, "ab|ac") == _finding(sprintf(`label "a" is %q: want what matches "ab|ac"`, [value]))
	}
}

test_denies_all_by_what_is_no_regular_expression if {
	_findings("x", "(") == _finding(`label "a" is "x": want what matches "("`)
}

test_allows_values_of_the_list if {
	_findings("yes", ["no", "yes"]) == set()
}

test_allows_what_matches if {
	_findings("ab", "ab|ac") == set()
	_findings("", ".*") == set()
}

test_allows_what_is_no_text if {
	every value in [null, 1, {}] {
		_findings(value, ["x"]) == set()
	}
}

test_allows_objects_without_the_label if {
	every labels in [null, {}, {"c": "x"}, ["a"]] {
		label_values.deny == set() with input as {
			"object": json.patch(failing, [{"op": "replace", "path": "/metadata/labels", "value": labels}]),
			"params": {"allowed": {"a": ["x"]}},
		}
	}
}

test_allows_all_where_nothing_is_asked_for if {
	label_values.deny == set() with input as {"object": failing, "params": {"allowed": {}}}
}
