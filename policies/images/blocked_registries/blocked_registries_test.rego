package policies.images.blocked_registries_test

import data.lib.workloads_test.lamp
import data.policies.images.blocked_registries

params := {"blocked": ["evil.example.net/", "docker.io/acme/"]}

failing := lamp({"image": "evil.example.net/lamp:1.4.2"})

mended := lamp({"image": "registry.example.org/lamp:1.4.2"})

test_denies_what_is_on_the_list if {
	blocked_registries.deny == {{
		"msg": "image \"evil.example.net/lamp:1.4.2\" of container \"lamp\" is from evil.example.net/, which is blocked",
		"at": ["spec", "template", "spec", "containers", 0, "image"],
	}} with input as {"object": failing, "params": params}
	count(blocked_registries.deny) == 1 with input as {"object": lamp({"image": "acme/lamp:1"}), "params": params}
}

test_allows_others if {
	every image in ["registry.example.org/lamp:1", "lamp", null, 5] {
		blocked_registries.deny == set() with input as {"object": lamp({"image": image}), "params": params}
	}
}

test_allows_all_without_a_list if {
	blocked_registries.deny == set() with input as {"object": failing, "params": {"blocked": []}}
}
