package policies.network.external_ips_test

import data.policies.network.external_ips

failing := {
	"apiVersion": "v1",
	"kind": "Service",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {
		"externalIPs": ["192.0.2.10"],
		"selector": {"app": "web"},
		"ports": [{"name": "http", "port": 80, "targetPort": 8080}],
	},
}

mended := json.remove(failing, ["spec/externalIPs"])

test_denies_addresses_once if {
	external_ips.deny == {{
		"msg": "externalIPs is [\"192.0.2.10\",\"192.0.2.11\"]",
		"at": ["spec", "externalIPs"],
	}} with input.object as json.patch(failing, [{"op": "add", "path": "/spec/externalIPs/-", "value": "192.0.2.11"}])
}

test_allows_services_without_addresses if {
	external_ips.deny == set() with input.object as mended
	every addresses in [null, [], "192.0.2.10", {"a": "192.0.2.10"}] {
		external_ips.deny == set() with input.object as object.union(failing, {"spec": {"externalIPs": addresses}})
	}
}
