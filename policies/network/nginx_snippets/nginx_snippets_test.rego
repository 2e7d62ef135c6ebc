package policies.network.nginx_snippets_test

import data.policies.network.nginx_snippets

failing := {
	"apiVersion": "networking.k8s.io/v1",
	"kind": "Ingress",
	"metadata": {"name": "web", "namespace": "shop", "annotations": {
		"nginx.ingress.kubernetes.io/configuration-snippet": "more_set_headers 'X-Frame-Options: DENY';",
	}},
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
	"op": "replace",
	"path": "/metadata/annotations",
	"value": {"nginx.ingress.kubernetes.io/custom-headers": "shop/frame-options"},
}])

_controller := {
	"apiVersion": "v1",
	"kind": "ConfigMap",
	"metadata": {"name": "ingress-nginx-controller", "namespace": "ingress-nginx"},
}

test_denies_every_snippet if {
	every name in [
		"nginx.ingress.kubernetes.io/auth-snippet",
		"nginx.ingress.kubernetes.io/configuration-snippet",
		"nginx.ingress.kubernetes.io/modsecurity-snippet",
		"nginx.ingress.kubernetes.io/server-snippet",
		"nginx.ingress.kubernetes.io/stream-snippet",
		"nginx.org/location-snippets",
		"nginx.org/server-snippets",
	] {
		nginx_snippets.deny == {{
			"msg": sprintf("annotation %q writes into the configuration of the controller", [name]),
			"at": ["metadata", "annotations", name],
		}} with input.object as json.patch(failing, [{"op": "replace", "path": "/metadata/annotations", "value": {name: "x"}}])
	}
}

test_denies_controllers_that_take_snippets if {
	nginx_snippets.deny == {{
		"msg": "allow-snippet-annotations is \"true\"",
		"at": ["data", "allow-snippet-annotations"],
	}} with input.object as object.union(_controller, {"data": {"allow-snippet-annotations": "true"}})
}

test_allows_other_annotations if {
	nginx_snippets.deny == set() with input.object as mended
	every annotations in [
		null,
		{},
		["nginx.ingress.kubernetes.io/server-snippet"],
		{"example.org/server-snippet": "x"},
		{"nginx.ingress.kubernetes.io/enable-snippets": "x"},
	] {
		nginx_snippets.deny == set() with input.object as json.patch(failing, [{
			"op": "replace",
			"path": "/metadata/annotations",
			"value": annotations,
		}])
	}
}

test_allows_controllers_that_take_no_snippets if {
	every settings in [null, {}, {"allow-snippet-annotations": "false"}, {"allow-snippet-annotations": null}] {
		nginx_snippets.deny == set() with input.object as object.union(_controller, {"data": settings})
	}
}

test_allows_other_kinds_to_name_them if {
	nginx_snippets.deny == set() with input.object as object.union(_controller, {"metadata": failing.metadata})
	nginx_snippets.deny == set() with input.object as object.union(mended, {"data": {"allow-snippet-annotations": "true"}})
}
