package policies.reliability.pdb_unhealthy_eviction_test

import data.policies.reliability.pdb_unhealthy_eviction

failing := {
	"apiVersion": "policy/v1",
	"kind": "PodDisruptionBudget",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"app": "web"}}},
}

mended := json.patch(failing, [{"op": "add", "path": "/spec/unhealthyPodEvictionPolicy", "value": "AlwaysAllow"}])

test_denies_what_is_not_set if {
	every unset in [{}, {"unhealthyPodEvictionPolicy": null}] {
		pdb_unhealthy_eviction.deny == {{
			"msg": "unhealthyPodEvictionPolicy is not set",
			"at": ["spec", "unhealthyPodEvictionPolicy"],
		}} with input.object as object.union(failing, {"spec": unset})
	}
}

test_allows_either_policy if {
	every chosen in ["AlwaysAllow", "IfHealthyBudget"] {
		pdb_unhealthy_eviction.deny == set() with input.object as object.union(
			failing,
			{"spec": {"unhealthyPodEvictionPolicy": chosen}},
		)
	}
}

test_allows_budgets_of_which_nothing_is_known if {
	pdb_unhealthy_eviction.deny == set() with input.object as json.remove(failing, ["spec"])
}
