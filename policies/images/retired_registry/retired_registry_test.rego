package policies.images.retired_registry_test

import data.lib.workloads_test.lamp
import data.policies.images.retired_registry

failing := lamp({"image": "k8s.gcr.io/pause:3.2"})

mended := lamp({"image": "registry.k8s.io/pause:3.2"})

test_denies_registries_that_have_ended if {
	retired_registry.deny == {{
		"msg": "image \"k8s.gcr.io/pause:3.2\" of container \"lamp\" is from k8s.gcr.io/, which has ended",
		"at": ["spec", "template", "spec", "containers", 0, "image"],
		"fix": "What is published there stands below registry.k8s.io now.",
	}} with input.object as failing
	every image in ["gcr.io/google-containers/pause:3", "gcr.io/google_containers/pause:3", "docker.pkg.github.com/acme/a/b:1", "bitnami/redis:7"] {
		count(retired_registry.deny) == 1 with input.object as lamp({"image": image})
	}
}

test_allows_others if {
	every image in ["registry.k8s.io/pause:3.2", "gcr.io/acme/lamp:1", "bitnamilegacy/redis:7", null] {
		retired_registry.deny == set() with input.object as lamp({"image": image})
	}
}
