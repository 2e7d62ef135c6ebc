package policies.metadata.restricted_kinds_test

import data.policies.metadata.restricted_kinds

failing := {
	"apiVersion": "v1",
	"kind": "ResourceQuota",
	"metadata": {"name": "more", "namespace": "shop"},
	"spec": {"hard": {"pods": "1000"}},
}

mended := json.patch(failing, [{"op": "replace", "path": "/metadata/name", "value": "team"}])

params := {"restricted": [{
	"kinds": ["core/LimitRange", "core/ResourceQuota"],
	"namespaces": ["platform-*"],
	"names": ["team"],
	"reason": "the platform decides what teams get",
}]}

# _messages are what the policy says of an object by restrictions.
_messages(judged, restricted) := {finding.msg | some finding in findings} if {
	findings := restricted_kinds.deny with input as {"object": judged, "params": {"restricted": restricted}}
}

_route := {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "web"}}

test_denies_restricted_kinds if {
	restricted_kinds.deny == {{
		"msg": "core/ResourceQuota is restricted: the platform decides what teams get",
		"at": ["kind"],
	}} with input as {"object": failing, "params": params}
}

test_denies_by_patterns if {
	every kinds in [["gateway.networking.k8s.io/Gateway"], ["gateway.networking.k8s.io/*"], ["*/Gateway"], ["a/B", "*/*"]] {
		_messages(_route, [{"kinds": kinds}]) == {"gateway.networking.k8s.io/Gateway is restricted: no reason is given"}
	}
}

test_denies_what_has_no_namespace_or_name if {
	every metadata in [null, {}] {
		count(_messages(
			json.patch(failing, [{"op": "replace", "path": "/metadata", "value": metadata}]),
			params.restricted,
		)) == 1
	}
}

test_allows_other_kinds if {
	every kinds in [[], null, ["core/Gateway"], ["Gateway"], ["*"], ["networking.k8s.io/*"], ["["]] {
		_messages(_route, [{"kinds": kinds}]) == set()
	}
	_messages(_route, [{}]) == set()
}

test_allows_named_namespaces if {
	_messages(json.patch(failing, [{"op": "replace", "path": "/metadata/namespace", "value": "platform-a"}]), params.restricted) == set()
}

test_allows_named_objects if {
	_messages(mended, params.restricted) == set()
}

test_allows_all_where_nothing_is_restricted if {
	_messages(failing, []) == set()
}
