package policies.reliability.rolling_update_test

import data.lib.workloads_test.lamp
import data.policies.reliability.rolling_update

failing := object.union(lamp({}), {"spec": {"strategy": {"type": "Recreate"}}})

mended := object.union(lamp({}), {"spec": {"strategy": {"type": "RollingUpdate"}}})

_messages(spec) := {finding.msg | some finding in findings} if {
	findings := rolling_update.deny with input.object as object.union(lamp({}), {"spec": spec})
}

_claims := {"spec": {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "lamp"}}]}}

test_denies_recreate if {
	rolling_update.deny == {{"msg": "strategy.type is Recreate", "at": ["spec", "strategy", "type"]}} with input.object as failing
	_messages({"replicas": 2, "strategy": {"type": "Recreate"}, "template": _claims}) == {"strategy.type is Recreate"}
	_messages({"strategy": {"type": "Recreate"}, "template": {"spec": {"volumes": [{"name": "data", "emptyDir": {}}]}}}) == {"strategy.type is Recreate"}
}

test_denies_on_delete if {
	_messages({"updateStrategy": {"type": "OnDelete"}}) == {"updateStrategy.type is OnDelete: no pod is ever updated"}
}

test_denies_all_unavailable if {
	every field in ["strategy", "updateStrategy"] {
		_messages({field: {"rollingUpdate": {"maxUnavailable": "100%"}}}) == {sprintf("%s.rollingUpdate.maxUnavailable is 100%%", [field])}
		_messages({"replicas": 2, field: {"rollingUpdate": {"maxUnavailable": 2}}}) == {sprintf("%s.rollingUpdate.maxUnavailable is 2", [field])}
	}
}

test_allows_pods_with_volumes_of_their_own if {
	_messages({"strategy": {"type": "Recreate"}, "template": _claims}) == set()
	_messages({"replicas": 1, "strategy": {"type": "Recreate"}, "template": _claims}) == set()
}

test_allows_rolling_updates if {
	every spec in [
		{}, {"strategy": null}, {"other": {"rollingUpdate": {"maxUnavailable": "100%"}}}, {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%"}}},
		{"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}}},
		{"replicas": 1, "strategy": {"rollingUpdate": {"maxUnavailable": 1}}},
		{"replicas": 3, "strategy": {"rollingUpdate": {"maxUnavailable": 2}}},
		{"replicas": 3, "strategy": {"rollingUpdate": {"maxUnavailable": "2"}}},
	] {
		_messages(spec) == set()
	}
}
