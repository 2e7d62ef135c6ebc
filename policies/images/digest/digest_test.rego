package policies.images.digest_test

import data.lib.workloads_test.lamp
import data.policies.images.digest

_digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

failing := lamp({"image": "registry.example.org/lamp:1.4.2"})

mended := lamp({"image": concat("@", ["registry.example.org/lamp:1.4.2", _digest])})

test_denies_tags if {
	digest.deny == {{
		"msg": "image \"registry.example.org/lamp:1.4.2\" of container \"lamp\" has no digest",
		"at": ["spec", "template", "spec", "containers", 0, "image"],
	}} with input.object as failing
}

test_allows_digests if {
	every image in [concat("@", ["lamp", _digest]), null, 5] {
		digest.deny == set() with input.object as lamp({"image": image})
	}
}
