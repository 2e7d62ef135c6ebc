package policies.metadata.recommended_labels_test

import data.policies.metadata.recommended_labels

failing := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "web", "namespace": "shop", "labels": {"app.kubernetes.io/name": "web"}},
	"spec": {
		"selector": {"matchLabels": {"app": "web"}},
		"template": {
			"metadata": {"labels": {"app": "web"}},
			"spec": {"containers": [{"name": "web", "image": "ghcr.io/acme/web:1.4.2"}]},
		},
	},
}

mended := object.union(failing, {"metadata": {"labels": {
	"app.kubernetes.io/instance": "shop-web",
	"app.kubernetes.io/version": "1.4.2",
}}})

# _findings are what the policy says of a workload with these labels, where a and b are recommended.
_findings(labels) := findings if {
	findings := recommended_labels.deny with input as {
		"object": json.patch(failing, [{"op": "replace", "path": "/metadata/labels", "value": labels}]),
		"params": {"labels": ["b", "a"]},
	}
}

test_denies_once_all_that_is_lacking if {
	every labels in [null, {}, {"c": "x"}, {"a": "", "b": null}, {"a": " ", "b": 1}, ["a", "b"]] {
		_findings(labels) == {{"msg": `there is no label "b", "a"`, "at": ["metadata", "labels", "b"]}}
	}
	_findings({"b": "x"}) == {{"msg": `there is no label "a"`, "at": ["metadata", "labels", "a"]}}
}

test_allows_what_has_all if {
	_findings({"a": "x", "b": "y"}) == set()
}
