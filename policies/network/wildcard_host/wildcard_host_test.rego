package policies.network.wildcard_host_test

import data.policies.network.wildcard_host

failing := {
	"apiVersion": "networking.k8s.io/v1",
	"kind": "Ingress",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {
		"ingressClassName": "contour",
		"rules": [{
			"http": {"paths": [{
				"path": "/",
				"pathType": "Prefix",
				"backend": {"service": {"name": "web", "port": {"name": "http"}}},
			}]},
		}],
	},
}

mended := json.patch(failing, [{"op": "add", "path": "/spec/rules/0/host", "value": "shop.example.org"}])

_message(shown) := {{"msg": sprintf("rules[0] takes every host: host is %s", [shown]), "at": ["spec", "rules", 0, "host"]}}

# _findings are what the policy says of an Ingress whose only rule has this host.
_findings(host) := findings if {
	findings := wildcard_host.deny with input.object as json.patch(failing, [{"op": "add", "path": "/spec/rules/0/host", "value": host}])
}

test_denies_rules_that_take_every_host if {
	wildcard_host.deny == _message("not set") with input.object as failing
	_findings(null) == _message("not set")
	_findings("") == _message(`""`)
	_findings("*") == _message(`"*"`)
}

test_denies_a_backend_for_all if {
	every rules in [null, []] {
		wildcard_host.deny == {{
			"msg": "defaultBackend takes every host: there are no rules",
			"at": ["spec", "defaultBackend"],
		}} with input.object as object.union(failing, {"spec": {"rules": rules, "defaultBackend": {"service": {"name": "web"}}}})
	}
}

test_allows_hosts if {
	wildcard_host.deny == set() with input.object as mended
	every host in ["shop.example.org", "*.example.org", 1] {
		_findings(host) == set()
	}
}

test_allows_a_backend_for_what_no_rule_takes if {
	wildcard_host.deny == set() with input.object as object.union(mended, {"spec": {"defaultBackend": {"service": {"name": "web"}}}})
}

test_allows_what_is_no_rule if {
	every rules in [null, [], [null], ["x"], {"a": {}}] {
		wildcard_host.deny == set() with input.object as object.union(failing, {"spec": {"rules": rules}})
	}
}
