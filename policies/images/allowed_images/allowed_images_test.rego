package policies.images.allowed_images_test

import data.lib.workloads_test.lamp
import data.policies.images.allowed_images

params := {"allowed": ["registry.example.org/lamp", "registry.example.org/shade:2"]}

failing := lamp({"image": "registry.example.org/bulb:1.4.2"})

mended := lamp({"image": "registry.example.org/lamp:1.4.2"})

test_denies_what_is_not_on_the_list if {
	allowed_images.deny == {{
		"msg": "image \"registry.example.org/bulb:1.4.2\" of container \"lamp\" is not on the list of allowed images",
		"at": ["spec", "template", "spec", "containers", 0, "image"],
	}} with input as {"object": failing, "params": params}
	count(allowed_images.deny) == 1 with input as {"object": lamp({"image": "registry.example.org/shade:1"}), "params": params}
}

test_allows_what_is if {
	every image in ["registry.example.org/lamp:1", "registry.example.org/shade:2", null, 5] {
		allowed_images.deny == set() with input as {"object": lamp({"image": image}), "params": params}
	}
}

test_allows_all_without_a_list if {
	allowed_images.deny == set() with input as {"object": failing, "params": {"allowed": []}}
}
