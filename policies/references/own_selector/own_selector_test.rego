package policies.references.own_selector_test

import data.policies.references.own_selector

failing := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "web", "namespace": "shop"},
	"spec": {
		"selector": {"matchLabels": {"app": "web"}},
		"template": {
			"metadata": {"labels": {"app": "shop"}},
			"spec": {"containers": [{"name": "web", "image": "ghcr.io/acme/web:1.4.2"}]},
		},
	},
}

mended := json.patch(failing, [{"op": "replace", "path": "/spec/template/metadata/labels/app", "value": "web"}])

# _messages are what the policy says of a workload with this selector, whose template has the labels app=shop and tier=web.
_messages(selector) := {finding.msg | some finding in findings} if {
	findings := own_selector.deny with input.object as json.patch(failing, [
		{"op": "replace", "path": "/spec/selector", "value": selector},
		{"op": "add", "path": "/spec/template/metadata/labels/tier", "value": "web"},
	])
}

_expression(operator, key, values) := {"matchExpressions": [{"key": key, "operator": operator, "values": values}]}

_message(wanted) := {sprintf(
	"the selector wants %s, and the template's labels are {\"app\":\"shop\",\"tier\":\"web\"}",
	[wanted],
)}

test_denies_labels_that_differ if {
	own_selector.deny == {{
		"msg": "the selector wants app In [\"web\"], and the template's labels are {\"app\":\"shop\"}",
		"at": ["spec", "template", "metadata", "labels"],
	}} with input.object as failing
}

test_denies_labels_that_are_not_there if {
	every metadata in [null, {}, {"labels": null}, {"labels": {}}] {
		findings := own_selector.deny with input.object as json.patch(failing, [{
			"op": "replace",
			"path": "/spec/template/metadata",
			"value": metadata,
		}])
		{finding.msg | some finding in findings} == {"the selector wants app In [\"web\"], and the template's labels are {}"}
	}
}

test_denies_expressions if {
	_messages(_expression("In", "app", ["a", "b"])) == _message("app In [\"a\",\"b\"]")
	_messages(_expression("In", "zone", ["a"])) == _message("zone In [\"a\"]")
	_messages(_expression("NotIn", "app", ["shop"])) == _message("app NotIn [\"shop\"]")
	_messages({"matchExpressions": [{"key": "zone", "operator": "Exists"}]}) == _message("zone Exists")
	_messages(_expression("Exists", "zone", null)) == _message("zone Exists")
	_messages({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}) == _message("tier DoesNotExist")
}

test_denies_once_all_that_differs if {
	_messages({"matchLabels": {"app": "web", "tier": "shop"}}) == _message("app In [\"web\"], tier In [\"shop\"]")
}

test_denies_the_map_of_the_oldest_kinds if {
	every kind in ["DeploymentConfig", "ReplicationController"] {
		findings := own_selector.deny with input.object as json.patch(failing, [
			{"op": "replace", "path": "/kind", "value": kind},
			{"op": "replace", "path": "/spec/selector", "value": {"app": "web"}},
		])
		count(findings) == 1
	}
}

test_denies_the_selector_of_a_cron_job if {
	findings := own_selector.deny with input.object as {"kind": "CronJob", "spec": {"jobTemplate": {"spec": failing.spec}}}
	{finding.at | some finding in findings} == {["spec", "jobTemplate", "spec", "template", "metadata", "labels"]}
}

test_allows_what_matches if {
	own_selector.deny == set() with input.object as mended
	_messages({"matchLabels": {"app": "shop", "tier": "web"}}) == set()
	_messages(_expression("In", "app", ["a", "shop"])) == set()
	_messages(_expression("NotIn", "app", ["web"])) == set()
	_messages(_expression("NotIn", "zone", ["web"])) == set()
	_messages({"matchExpressions": [{"key": "tier", "operator": "Exists"}]}) == set()
	_messages({"matchExpressions": [{"key": "zone", "operator": "DoesNotExist"}]}) == set()
}

test_allows_what_others_judge if {
	every selector in [
		null,
		{},
		"app=web",
		{"matchLabels": null},
		{"matchLabels": {"app": 1}},
		{"matchLabels": ["app"]},
		{"matchExpressions": {"a": {"key": "zone", "operator": "Exists"}}},
		{"matchExpressions": [null]},
		{"matchExpressions": [{"key": null, "operator": "Exists"}]},
		_expression("Is", "app", ["web"]),
		_expression("In", "app", null),
	] {
		_messages(selector) == set()
	}
}

test_allows_labels_that_are_no_texts_and_templates_that_are_not_there if {
	every patch in [
		{"op": "replace", "path": "/spec/template/metadata/labels/app", "value": 1},
		{"op": "replace", "path": "/spec/template/metadata/labels", "value": "app=web"},
		{"op": "remove", "path": "/spec/template"},
		{"op": "remove", "path": "/spec"},
	] {
		own_selector.deny == set() with input.object as json.patch(
			failing,
			[{"op": "add", "path": "/spec/selector/matchExpressions", "value": [{"key": "app", "operator": "Exists"}]}, patch],
		)
	}
}

test_allows_a_replication_controller_without_a_selector if {
	own_selector.deny == set() with input.object as json.patch(failing, [
		{"op": "replace", "path": "/kind", "value": "ReplicationController"},
		{"op": "remove", "path": "/spec/selector"},
	])
}
