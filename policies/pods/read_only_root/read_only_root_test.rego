package policies.pods.read_only_root_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.pods.read_only_root

failing := lamp({})

mended := lamp({"securityContext": {"readOnlyRootFilesystem": true}})

_findings(spec) := findings if {
	findings := read_only_root.deny with input.object as pod(spec)
}

test_denies_where_it_is_not_true if {
	every value, shown in {null: "not set", false: "false", "true": `"true"`} {
		_findings({"containers": [{"name": "lamp", "securityContext": {"readOnlyRootFilesystem": value}}]}) == {{
			"msg": sprintf("container \"lamp\" can write to its root file system: securityContext.readOnlyRootFilesystem is %s", [shown]),
			"at": ["spec", "containers", 0, "securityContext", "readOnlyRootFilesystem"],
		}}
	}
}

test_denies_what_stands_on_the_pod_where_it_means_nothing if {
	count(_findings({"securityContext": {"readOnlyRootFilesystem": true}, "containers": [{"name": "lamp"}]})) == 1
}

test_allows_true if {
	read_only_root.deny == set() with input.object as mended
}

test_allows_windows if {
	_findings({"os": {"name": "windows"}, "containers": [{"name": "lamp"}]}) == set()
}
