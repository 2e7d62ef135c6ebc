package policies.network.tls_test

import data.policies.network.tls

failing := {
	"apiVersion": "networking.k8s.io/v1",
	"kind": "Ingress",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {
		"ingressClassName": "contour",
		"rules": [{
			"host": "shop.example.org",
			"http": {"paths": [{
				"path": "/",
				"pathType": "Prefix",
				"backend": {"service": {"name": "web", "port": {"name": "http"}}},
			}]},
		}],
	},
}

mended := json.patch(failing, [{
	"op": "add",
	"path": "/spec/tls",
	"value": [{"hosts": ["shop.example.org"], "secretName": "web-tls"}],
}])

# _messages are what the policy says of an Ingress with these hosts and this tls.
_messages(hosts, entries) := {finding.msg | some finding in findings} if {
	findings := tls.deny with input.object as object.union(failing, {"spec": {
		"rules": [{"host": host} | some host in hosts],
		"tls": entries,
	}})
}

_gateway(listeners) := {
	"apiVersion": "gateway.networking.k8s.io/v1",
	"kind": "Gateway",
	"metadata": {"name": "web", "namespace": "ingress"},
	"spec": {"gatewayClassName": "web", "listeners": listeners},
}

_plain := {"name": "http", "port": 80, "protocol": "HTTP"}

_secure := {"name": "https", "port": 443, "protocol": "HTTPS"}

# _places are where the policy finds something in what is exposed.
_places(exposed) := {finding.at | some finding in findings} if {
	findings := tls.deny with input.object as exposed
}

test_denies_an_ingress_without_tls if {
	tls.deny == {{
		"msg": "no entry of tls covers \"shop.example.org\"",
		"at": ["spec", "tls"],
	}} with input.object as failing
	every entries in [null, [], {}, [null], ["x"]] {
		_messages(["a.example.org", "b.example.org"], entries) == {"no entry of tls covers \"a.example.org\", \"b.example.org\""}
	}
}

test_denies_hosts_that_no_entry_covers if {
	_messages(["a.example.org", "b.example.org"], [{"hosts": ["a.example.org"]}]) == {"no entry of tls covers \"b.example.org\""}
	_messages(["a.b.example.org", "example.org"], [{"hosts": ["*.example.org"]}]) == {"no entry of tls covers \"a.b.example.org\", \"example.org\""}
}

test_denies_rules_without_hosts if {
	_messages([null], []) == {"no entry of tls covers the rules without a host"}
	_messages([""], []) == {"no entry of tls covers the rules without a host"}
	_places(json.patch(failing, [
		{"op": "remove", "path": "/spec/rules"},
		{"op": "add", "path": "/spec/defaultBackend", "value": {"service": {"name": "web"}}},
	])) == {["spec", "tls"]}
}

test_denies_annotations_that_serve_both if {
	every value in ["false", "web,websecure"] {
		every name in ["router.tls", "router.entrypoints"] {
			_places(object.union(
				failing,
				{"metadata": {"annotations": {sprintf("traefik.ingress.kubernetes.io/%s", [name]): value}}},
			)) == {["spec", "tls"]}
		}
	}
}

test_denies_listeners_without_tls if {
	tls.deny == {{
		"msg": "listener \"http\" serves port 80 by HTTP",
		"at": ["spec", "listeners", 0, "protocol"],
	}} with input.object as _gateway([_plain])
	_places(_gateway([_secure, object.union(_plain, {"port": 8080})])) == {["spec", "listeners", 1, "protocol"]}
	_places(_gateway([_plain, {"name": "tcp", "port": 443, "protocol": "TCP"}])) == {["spec", "listeners", 0, "protocol"]}
	_places(object.union(_gateway([_plain]), {"kind": "ListenerSet"})) == {["spec", "listeners", 0, "protocol"]}
}

test_denies_listeners_whose_host_has_no_tls if {
	every hosts in [["a.example.org", "b.example.org"], ["example.org", "*.example.org"], ["a.example.org", "ample.org"]] {
		_places(_gateway([
			object.union(_plain, {"hostname": hosts[0]}),
			object.union(_secure, {"hostname": hosts[1]}),
		])) == {["spec", "listeners", 0, "protocol"]}
	}
}

test_denies_gateways_that_let_no_listeners_in if {
	every from in ["None", null] {
		_places(object.union(_gateway([_plain]), {"spec": {"allowedListeners": {"namespaces": {"from": from}}}})) == {[
			"spec",
			"listeners",
			0,
			"protocol",
		]}
	}
	_places(object.union(
		_gateway([object.union(_plain, {"port": 8080})]),
		{"spec": {"allowedListeners": {"namespaces": {"from": "All"}}}},
	)) == {["spec", "listeners", 0, "protocol"]}
}

test_allows_hosts_that_are_covered if {
	tls.deny == set() with input.object as mended
	_messages(["a.example.org", "*.example.org"], [{"hosts": ["*.example.org"]}]) == set()
	_messages([null], [{"hosts": ["a.example.org"]}]) == set()
	every hosts in [null, []] {
		_messages(["a.example.org"], [{"hosts": hosts, "secretName": "web-tls"}]) == set()
	}
	_messages(["a.example.org"], [{"secretName": "web-tls"}]) == set()
}

test_allows_what_annotations_secure if {
	every name, value in {
		"alb.ingress.kubernetes.io/certificate-arn": "arn",
		"ingress.gcp.kubernetes.io/pre-shared-cert": "web",
		"networking.gke.io/managed-certificates": "web",
		"traefik.ingress.kubernetes.io/router.entrypoints": "websecure",
		"traefik.ingress.kubernetes.io/router.tls": "true",
	} {
		_places(object.union(failing, {"metadata": {"annotations": {name: value}}})) == set()
	}
}

test_allows_listeners_for_redirects if {
	_places(_gateway([_plain, _secure])) == set()
	_places(_gateway([_plain, object.union(_secure, {"protocol": "TLS"})])) == set()
	_places(_gateway([_plain, object.union(_secure, {"hostname": "a.example.org"})])) == set()
	_places(_gateway([object.union(_plain, {"hostname": "a.example.org"}), _secure])) == set()
	every hosts in [["a.example.org", "a.example.org"], ["a.b.example.org", "*.example.org"], ["*.example.org", "a.example.org"]] {
		_places(_gateway([
			object.union(_plain, {"hostname": hosts[0]}),
			object.union(_secure, {"hostname": hosts[1]}),
		])) == set()
	}
	every from in ["All", "Same", "Selector"] {
		_places(object.union(_gateway([_plain]), {"spec": {"allowedListeners": {"namespaces": {"from": from}}}})) == set()
	}
}

test_allows_what_is_not_there if {
	every rules in [null, [], ["x"], {"a": {"host": "a.example.org"}}, [{"host": 1}]] {
		_places(object.union(failing, {"spec": {"rules": rules}})) == set()
	}
	_places(json.remove(failing, ["spec"])) == set()
	every listeners in [null, [], {"a": _plain}, ["x"], [null]] {
		_places(_gateway(listeners)) == set()
	}
	_places(json.remove(_gateway([]), ["spec"])) == set()
	_places(object.union(failing, {"spec": {"rules": [], "listeners": [_plain]}})) == set()
	_places(object.union(_gateway([]), {"spec": {"rules": [{"host": "a.example.org"}]}})) == set()
}
