package lib.selectors_test

import data.lib.selectors

_labels := {"app": "shop", "tier": "web", "size": 1}

_expression(operator, key, values) := {"matchExpressions": [{"key": key, "operator": operator, "values": values}]}

test_finds_what_is_not_met if {
	every selector in [
		_expression("In", "app", ["a", "b"]), _expression("In", "zone", ["a"]), _expression("NotIn", "app", ["shop"]),
		_expression("Exists", "zone", null), _expression("DoesNotExist", "tier", null),
	] {
		selectors.unmet(selector, _labels) == {selector.matchExpressions[0]}
	}
	selectors.unmet({"matchLabels": {"app": "web", "tier": "web"}}, _labels) == {{"key": "app", "operator": "In", "values": ["web"]}}
}

test_meets_what_the_labels_say if {
	every selector in [
		{"matchLabels": {"app": "shop", "tier": "web"}}, _expression("In", "app", ["a", "shop"]), _expression("NotIn", "app", ["web"]),
		_expression("NotIn", "zone", ["web"]), _expression("Exists", "tier", null), _expression("DoesNotExist", "zone", null),
	] {
		selectors.unmet(selector, _labels) == set()
	}
}

test_asks_nothing_by_what_is_malformed if {
	every selector in [
		null, {}, "app=web", {"matchLabels": null}, {"matchLabels": {"app": 1}}, {"matchLabels": ["app"]},
		{"matchExpressions": {"a": {"key": "zone", "operator": "Exists"}}}, {"matchExpressions": [null]},
		{"matchExpressions": [{"key": null, "operator": "Exists"}]}, _expression("Is", "app", ["web"]),
		_expression("In", "app", null), _expression("In", "size", ["1"]),
	] {
		selectors.unmet(selector, _labels) == set()
	}
}
