package policies.images.pull_policy_test

import data.lib.workloads_test.lamp
import data.policies.images.pull_policy

_digest := "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

failing := lamp({"imagePullPolicy": "IfNotPresent"})

mended := lamp({"imagePullPolicy": "Always"})

_count(fields) := count(findings) if {
	findings := pull_policy.deny with input.object as lamp(fields)
}

test_denies_what_a_node_may_have_kept if {
	pull_policy.deny == {{
		"msg": "image \"registry.example.org/lamp:1.4.2\" of container \"lamp\" is pulled by the policy IfNotPresent",
		"at": ["spec", "template", "spec", "containers", 0, "imagePullPolicy"],
	}} with input.object as failing
	every policy in [null, "", "Never"] {
		_count({"imagePullPolicy": policy}) == 1
	}
}

test_allows_what_is_asked_for if {
	_count({"imagePullPolicy": "Always"}) == 0
	every image in [concat("@", ["lamp:1", _digest]), "lamp", "lamp:latest", null] {
		every policy in ["", null] {
			_count({"image": image, "imagePullPolicy": policy}) == 0
		}
	}
}
