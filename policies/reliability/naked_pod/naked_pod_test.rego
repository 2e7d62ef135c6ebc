package policies.reliability.naked_pod_test

import data.policies.reliability.naked_pod

failing := {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "web", "namespace": "shop", "labels": {"app": "web"}},
	"spec": {"containers": [{"name": "web", "image": "ghcr.io/acme/web:1.4.2"}]},
}

mended := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": failing.metadata,
	"spec": {
		"replicas": 2,
		"selector": {"matchLabels": {"app": "web"}},
		"template": {"metadata": {"labels": {"app": "web"}}, "spec": failing.spec},
	},
}

test_denies_pods if {
	naked_pod.deny == {{
		"msg": "no controller makes the pod: kind is \"Pod\"",
		"at": ["kind"],
	}} with input.object as failing
}

test_allows_pods_that_belong_to_something if {
	naked_pod.deny == set() with input.object as object.union(
		failing,
		{"metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "node-1", "uid": "1"}]}},
	)
}

test_allows_hooks if {
	naked_pod.deny == set() with input.object as object.union(failing, {"metadata": {"annotations": {"helm.sh/hook": "test"}}})
}
