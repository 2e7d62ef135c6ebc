package policies.metadata.default_namespace_test

import data.policies.metadata.default_namespace

failing := {
	"apiVersion": "v1",
	"kind": "ConfigMap",
	"metadata": {"name": "web", "namespace": "default"},
	"data": {"COLOUR": "blue"},
}

mended := json.patch(failing, [{"op": "replace", "path": "/metadata/namespace", "value": "shop"}])

test_denies_the_namespace_default if {
	default_namespace.deny == {{
		"msg": "namespace is \"default\"",
		"at": ["metadata", "namespace"],
	}} with input.object as failing
}

test_allows_other_namespaces if {
	default_namespace.deny == set() with input.object as mended
	every metadata in [null, {}, {"namespace": null}, {"namespace": ""}] {
		default_namespace.deny == set() with input.object as json.patch(failing, [{"op": "replace", "path": "/metadata", "value": metadata}])
	}
}

test_allows_what_closes_the_namespace if {
	every kind in ["LimitRange", "NetworkPolicy", "ResourceQuota"] {
		default_namespace.deny == set() with input.object as object.union(failing, {"kind": kind})
	}
}
