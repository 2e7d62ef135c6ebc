package policies.images.latest_tag_test

import data.lib.workloads_test.shapes
import data.policies.images.latest_tag

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
				"image": "ghcr.io/acme/web:latest",
			}]},
		},
	},
}

mended := json.patch(failing, [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "ghcr.io/acme/web:1.4.2"}])

_digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

# _messages are what the policy says of a Pod whose only container has this image.
_messages(image) := {finding.msg | some finding in findings} if {
	findings := latest_tag.deny with input.object as {
		"apiVersion": "v1",
		"kind": "Pod",
		"spec": {"containers": [{"name": "lamp", "image": image}]},
	}
}

test_denies_every_kind_and_list_of_containers if {
	every list in ["containers", "initContainers", "ephemeralContainers"] {
		every shape in shapes({list: [{"name": "lamp", "image": "acme/lamp:latest"}]}) {
			latest_tag.deny == {{
				"msg": "image \"acme/lamp:latest\" of container \"lamp\" has the tag latest",
				"at": array.concat(shape.at, [list, 0, "image"]),
			}} with input.object as shape.object
		}
	}
}

test_denies_images_without_tag_and_digest if {
	every image in ["lamp", "acme/lamp", "ghcr.io/acme/lamp", "registry:5000/lamp"] {
		_messages(image) == {sprintf("image %q of container \"lamp\" has neither tag nor digest", [image])}
	}
}

test_denies_latest if {
	every image in ["lamp:latest", "registry:5000/lamp:latest"] {
		_messages(image) == {sprintf("image %q of container \"lamp\" has the tag latest", [image])}
	}
}

test_allows_every_kind_and_list_of_containers if {
	every list in ["containers", "initContainers", "ephemeralContainers"] {
		every shape in shapes({list: [{"name": "lamp", "image": "acme/lamp:1.2.3"}]}) {
			latest_tag.deny == set() with input.object as shape.object
		}
	}
}

test_allows_tags_and_digests if {
	every image in [
		"lamp:1",
		"registry:5000/lamp:1",
		"lamp:latest-1",
		sprintf("lamp@%s", [_digest]),
		sprintf("lamp:1@%s", [_digest]),
		sprintf("lamp:latest@%s", [_digest]),
	] {
		_messages(image) == set()
	}
}

test_allows_containers_whose_image_is_no_text if {
	every image in [null, 1, {}] {
		_messages(image) == set()
	}
}

test_allows_objects_without_pods if {
	latest_tag.deny == set() with input.object as {"apiVersion": "v1", "kind": "Service", "spec": {}}
}
