package policies.rbac.aggregated_endpoints_test

import data.policies.rbac.aggregated_endpoints

failing := {
	"apiVersion": "rbac.authorization.k8s.io/v1",
	"kind": "ClusterRole",
	"metadata": {"name": "network-edit", "labels": {"rbac.authorization.k8s.io/aggregate-to-edit": "true"}},
	"rules": [{"apiGroups": [""], "resources": ["endpoints", "services"], "verbs": ["get", "create", "update"]}],
}

mended := json.patch(failing, [{"op": "replace", "path": "/rules/0/resources", "value": ["services"]}])

test_denies_the_rule_at_fault if {
	aggregated_endpoints.deny == {{
		"msg": "all who have the role \"edit\" get create, update on endpoints",
		"at": ["rules", 0, "resources"],
	}} with input.object as failing
}

test_denies_every_permission if {
	every group, resource in {"": "endpoints", "discovery.k8s.io": "endpointslices"} {
		every verb in ["create", "patch", "update"] {
			count(aggregated_endpoints.deny) == 1 with input.object as object.union(
				failing,
				{"rules": [{"apiGroups": [group], "resources": [resource], "verbs": [verb]}]},
			)
		}
	}
}

test_denies_once_what_is_aggregated_to_two_roles if {
	findings := aggregated_endpoints.deny with input.object as json.patch(failing, [{
		"op": "add",
		"path": "/metadata/labels/rbac.authorization.k8s.io~1aggregate-to-admin",
		"value": "true",
	}])
	{finding.msg | some finding in findings} == {"all who have the role \"admin\" or \"edit\" get create, update on endpoints"}
}

test_allows_what_is_mended if {
	aggregated_endpoints.deny == set() with input.object as mended
}

test_allows_roles_that_are_not_aggregated_to_editors if {
	every labels in [null, {}, {"rbac.authorization.k8s.io/aggregate-to-view": "true"}, {"rbac.authorization.k8s.io/aggregate-to-edit": "false"}] {
		aggregated_endpoints.deny == set() with input.object as json.patch(failing, [{
			"op": "replace",
			"path": "/metadata/labels",
			"value": labels,
		}])
	}
}

test_allows_reading if {
	aggregated_endpoints.deny == set() with input.object as json.patch(failing, [{
		"op": "replace",
		"path": "/rules/0/verbs",
		"value": ["get", "list", "watch"],
	}])
}
