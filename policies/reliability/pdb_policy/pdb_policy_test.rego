package policies.reliability.pdb_policy_test

import data.policies.reliability.pdb_policy

failing := {
	"apiVersion": "policy/v1",
	"kind": "PodDisruptionBudget",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {"selector": {"matchLabels": {"app": "web"}}},
}

mended := json.patch(failing, [{"op": "add", "path": "/spec/maxUnavailable", "value": 1}])

_finding := {
	"msg": "neither maxUnavailable nor minAvailable is set",
	"at": ["spec", "maxUnavailable"],
}

test_denies_budgets_without_a_budget if {
	every unset in [{}, {"maxUnavailable": null}, {"minAvailable": null}] {
		pdb_policy.deny == {_finding} with input.object as object.union(failing, {"spec": unset})
	}
}

test_allows_either if {
	every field in ["maxUnavailable", "minAvailable"] {
		every budget in [0, 1, "50%"] {
			pdb_policy.deny == set() with input.object as object.union(failing, {"spec": {field: budget}})
		}
	}
}

test_allows_budgets_of_which_nothing_is_known if {
	pdb_policy.deny == set() with input.object as json.remove(failing, ["spec"])
}
