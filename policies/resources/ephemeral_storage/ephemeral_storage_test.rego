package policies.resources.ephemeral_storage_test

import data.lib.workloads_test.lamp
import data.lib.workloads_test.pod
import data.policies.resources.ephemeral_storage

failing := lamp({"resources": {"requests": {"ephemeral-storage": "100Mi"}}})

mended := lamp({"resources": {"requests": {"ephemeral-storage": "100Mi"}, "limits": {"ephemeral-storage": "1Gi"}}})

_findings(spec) := findings if {
	findings := ephemeral_storage.deny with input.object as pod(spec)
}

test_denies_where_there_is_no_limit if {
	every resources in [null, {}, {"requests": {"ephemeral-storage": "1Gi"}}] {
		_findings({"containers": [{"name": "lamp", "resources": resources}]}) == {{
			"msg": "container \"lamp\" has no limit of the disk: resources.limits.ephemeral-storage is not set",
			"at": ["spec", "containers", 0, "resources", "limits", "ephemeral-storage"],
		}}
	}
}

test_allows_limits if {
	ephemeral_storage.deny == set() with input.object as mended
}

test_allows_ephemeral_containers if {
	_findings({"ephemeralContainers": [{"name": "probe"}]}) == set()
}
