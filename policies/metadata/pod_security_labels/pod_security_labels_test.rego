package policies.metadata.pod_security_labels_test

import data.policies.metadata.pod_security_labels

failing := {
	"apiVersion": "v1",
	"kind": "Namespace",
	"metadata": {"name": "shop", "labels": {"project": "shop"}},
}

mended := object.union(failing, {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}})

_finding(shown) := {{
	"msg": sprintf("label \"pod-security.kubernetes.io/enforce\" is %s", [shown]),
	"at": ["metadata", "labels", "pod-security.kubernetes.io/enforce"],
}}

# _findings are what the policy says of a Namespace with these labels.
_findings(labels) := findings if {
	findings := pod_security_labels.deny with input.object as json.patch(failing, [{
		"op": "replace",
		"path": "/metadata/labels",
		"value": labels,
	}])
}

test_denies_namespaces_without_a_level if {
	every labels in [
		null,
		{},
		[],
		{"pod-security.kubernetes.io/enforce": null},
		{"pod-security.kubernetes.io/warn": "restricted"},
	] {
		_findings(labels) == _finding("not set")
	}
}

test_denies_what_is_no_level if {
	_findings({"pod-security.kubernetes.io/enforce": "Restricted"}) == _finding(`"Restricted"`)
	_findings({"pod-security.kubernetes.io/enforce": ""}) == _finding(`""`)
}

test_allows_every_level if {
	pod_security_labels.deny == set() with input.object as mended
	every level in ["privileged", "baseline", "restricted"] {
		_findings({"pod-security.kubernetes.io/enforce": level}) == set()
	}
}
