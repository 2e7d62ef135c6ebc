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

test_allows_the_way_to_the_api_server if {
	every kind in ["EndpointSlice", "Endpoints", "Service"] {
		default_namespace.deny == set() with input.object as {"kind": kind, "metadata": {"name": "kubernetes", "namespace": "default"}}
	}
}

test_denies_what_is_only_called_so if {
	every other in [{"kind": "ConfigMap", "metadata": {"name": "kubernetes"}}, {"kind": "Service", "metadata": {"name": "web"}}] {
		count(default_namespace.deny) == 1 with input.object as object.union(other, {"metadata": {"namespace": "default"}})
	}
}
