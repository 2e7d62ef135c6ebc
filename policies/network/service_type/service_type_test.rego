package policies.network.service_type_test

import data.policies.network.service_type

failing := {
	"apiVersion": "v1",
	"kind": "Service",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {
		"type": "NodePort",
		"selector": {"app": "web"},
		"ports": [{"name": "http", "port": 80, "targetPort": 8080}],
	},
}

mended := json.patch(failing, [{"op": "replace", "path": "/spec/type", "value": "ClusterIP"}])

# _findings are what the policy says of a Service of this type, where these are judged.
_findings(type, judged) := findings if {
	findings := service_type.deny with input as {
		"object": json.patch(failing, [{"op": "replace", "path": "/spec/type", "value": type}]),
		"params": {"types": judged},
	}
}

test_denies_types_that_are_judged if {
	every type in ["LoadBalancer", "NodePort"] {
		_findings(type, ["LoadBalancer", "NodePort"]) == {{"msg": sprintf("type is %q", [type]), "at": ["spec", "type"]}}
	}
}

test_allows_other_types if {
	every type in [null, "ClusterIP", "ExternalName", 1] {
		_findings(type, ["LoadBalancer", "NodePort"]) == set()
	}
	_findings("NodePort", ["LoadBalancer"]) == set()
}

test_allows_services_that_say_nothing if {
	service_type.deny == set() with input as {"object": json.remove(failing, ["spec"]), "params": {"types": ["NodePort"]}}
}
