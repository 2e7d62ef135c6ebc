package policies.pods.apparmor_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.apparmor

failing := lamp({"securityContext": {"appArmorProfile": {"type": "Unconfined"}}})

mended := lamp({"securityContext": {"appArmorProfile": {"type": "RuntimeDefault"}}})

_findings(spec) := findings if {
	findings := apparmor.deny with input.object as pod(spec)
}

_annotated(profile) := findings if {
	findings := apparmor.deny with input.object as object.union(
		pod({"containers": [{"name": "lamp"}]}),
		{"metadata": {"annotations": {"container.apparmor.security.beta.kubernetes.io/lamp": profile, "note": "unconfined"}}},
	)
}

test_denies_unconfined if {
	apparmor.deny == {{
		"msg": `container "lamp" runs without AppArmor: securityContext.appArmorProfile.type is "Unconfined"`,
		"at": ["spec", "template", "spec", "containers", 0, "securityContext", "appArmorProfile"],
	}} with input.object as failing
}

test_denies_once_what_the_pod_sets if {
	_findings({
		"securityContext": {"appArmorProfile": {"type": "Unconfined"}},
		"containers": [{"name": "lamp"}, {"name": "shade", "securityContext": {"appArmorProfile": {"type": "Localhost"}}}, {"name": "plug"}],
	}) == {{
		"msg": `pod of "lamp", "plug" runs without AppArmor: securityContext.appArmorProfile.type is "Unconfined"`,
		"at": ["spec", "securityContext", "appArmorProfile"],
	}}
}

test_denies_the_annotation if {
	_annotated("unconfined") == {{
		"msg": `annotation container.apparmor.security.beta.kubernetes.io/lamp has the profile "unconfined"`,
		"at": ["metadata", "annotations", "container.apparmor.security.beta.kubernetes.io/lamp"],
	}}
}

test_allows_profiles if {
	every profile in ["RuntimeDefault", "Localhost"] {
		_findings({"securityContext": {"appArmorProfile": {"type": profile}}, "containers": [{"name": "lamp"}]}) == set()
	}
	_findings({"containers": [{"name": "lamp", "securityContext": {"appArmorProfile": null}}]}) == set()
	every profile in ["", "runtime/default", "localhost/lamp"] {
		_annotated(profile) == set()
	}
}
