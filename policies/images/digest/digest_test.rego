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

test_denies_what_is_no_digest if {
	every text in ["sha256:abc", replace(_digest, "abcdef", "ABCDEF"), "blake3:abc", replace(_digest, "sha256", "sha384"), replace(_digest, "sha256", "sha512"), concat("", [_digest, "0"])] {
		image := concat("@", ["lamp", text])
		findings := digest.deny with input.object as lamp({"image": image})
		{finding.msg | some finding in findings} == {sprintf("image %q of container \"lamp\" has a digest that is none", [image])}
	}
}

test_allows_digests if {
	hex := trim_prefix(_digest, "sha256:")
	every image in [
		concat("@", ["lamp", _digest]), concat("", ["lamp@sha512:", hex, hex]),
		concat("", ["lamp@sha384:", hex, substring(hex, 0, 32)]), concat("", ["lamp@blake3:", hex]), "lamp@other:abc", null, 5,
	] {
		digest.deny == set() with input.object as lamp({"image": image})
	}
}
