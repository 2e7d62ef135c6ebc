package policies.images.trusted_registries_test

import data.lib.workloads_test.shapes
import data.policies.images.trusted_registries

failing := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {
		"selector": {"matchLabels": {"app": "web"}},
		"template": {
			"metadata": {"labels": {"app": "web"}},
			"spec": {"containers": [{
				"name": "web",
				"image": "registry.example.net/acme/web:1.4.2",
			}]},
		},
	},
}

mended := json.patch(failing, [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "ghcr.io/acme/web:1.4.2"}])

params := {"trusted": ["ghcr.io/acme/"]}

_trusted := ["ghcr.io/", "quay.io/acme/", "docker.io/acme/", "registry.example.org"]

# _messages are what the policy says of a Pod whose only container has this image.
_messages(image, params) := {finding.msg | some finding in findings} if {
	findings := trusted_registries.deny with input as {
		"object": {
			"apiVersion": "v1",
			"kind": "Pod",
			"spec": {"containers": [{"name": "lamp", "image": image}]},
		},
		"params": params,
	}
}

test_denies_every_kind_and_list_of_containers if {
	every list in ["containers", "initContainers", "ephemeralContainers"] {
		every shape in shapes({list: [{"name": "lamp", "image": "evil.example.net/lamp:1"}]}) {
			trusted_registries.deny == {{
				"msg": "image \"evil.example.net/lamp:1\" of container \"lamp\" is from no trusted registry",
				"at": array.concat(shape.at, [list, 0, "image"]),
				"fix": "trusted are ghcr.io/, quay.io/acme/, docker.io/acme/, registry.example.org; add one under registries.trusted in gitopsgen.yaml, or mirror the image",
			}} with input as {"object": shape.object, "params": {"trusted": _trusted}}
		}
	}
}

test_denies_images_from_elsewhere if {
	every image in [
		"lamp",
		"evil/lamp:1",
		"ghcr.io.evil.example.net/lamp",
		"registry.example.org.evil.example.net/lamp",
		"registry.example.org:5000/lamp",
		"quay.io/acmeevil/lamp",
		"evil.example.net/ghcr.io/lamp",
	] {
		count(_messages(image, {"trusted": _trusted})) == 1
	}
}

test_denies_all_where_nothing_is_trusted if {
	count(_messages("lamp", {"trusted": []})) == 1
}

test_allows_every_kind_and_list_of_containers if {
	every list in ["containers", "initContainers", "ephemeralContainers"] {
		every shape in shapes({list: [{"name": "lamp", "image": "ghcr.io/acme/lamp:1"}]}) {
			trusted_registries.deny == set() with input as {"object": shape.object, "params": {"trusted": _trusted}}
		}
	}
}

test_allows_trusted_images if {
	every image in [
		"acme/lamp",
		"docker.io/acme/lamp:1",
		"ghcr.io/acme/lamp",
		"quay.io/acme/lamp/shade:1",
		"registry.example.org/lamp",
	] {
		_messages(image, {"trusted": _trusted}) == set()
	}
}

test_allows_all_without_a_list if {
	_messages("evil.example.net/lamp", {}) == set()
}

test_allows_containers_whose_image_is_no_text if {
	every image in [null, 1, {}] {
		_messages(image, {"trusted": _trusted}) == set()
	}
}

test_allows_objects_without_pods if {
	trusted_registries.deny == set() with input as {
		"object": {"apiVersion": "v1", "kind": "Service", "spec": {}},
		"params": {"trusted": _trusted},
	}
}
