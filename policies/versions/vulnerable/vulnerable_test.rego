package policies.versions.vulnerable_test

import data.lib.workloads_test.lamp
import data.policies.versions.vulnerable

failing := lamp({"image": "quay.io/argoproj/argocd:v3.0.13"})

mended := lamp({"image": "quay.io/argoproj/argocd:v3.4.4"})

_fixes(tag) := {finding.fix | some finding in findings} if {
	findings := vulnerable.deny with input.object as lamp({"image": sprintf("mirror.example.org/quay.io/argoproj/argocd:%s", [tag])})
}

test_denies_versions_with_faults if {
	vulnerable.deny == {{
		"msg": "image \"quay.io/argoproj/argocd:v3.0.13\" of container \"lamp\" has the fault CVE-2025-55190",
		"at": ["spec", "template", "spec", "containers", 0, "image"],
		"fix": "It is mended in 3.0.14, 3.1.2.",
	}} with input.object as failing
	_fixes("2.13.8") == {"It is mended in 2.13.9, 2.14.16, 3.0.14, 3.1.2."}
	_fixes("2.9.20-alpine") == {"It is mended in 2.13.9, 2.14.16, 3.0.14, 3.1.2."}
	_fixes("v3.1.1") == {"It is mended in 3.1.2."}
}

test_allows_versions_without if {
	every tag in ["v2.13.9", "2.14.20", "v3.0.14", "3.1.2", "3.2.0", "v4.0.0", "latest", "3", "3.0.13-security-01", "01.2.3"] {
		_fixes(tag) == set()
	}
}

test_allows_others if {
	every image in ["acme/argocd:v1.0.0", "registry.example.org/lamp:1.0.0", null] {
		vulnerable.deny == set() with input.object as lamp({"image": image})
	}
}
