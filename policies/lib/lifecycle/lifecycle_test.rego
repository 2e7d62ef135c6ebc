package lib.lifecycle_test

import data.lib.lifecycle

test_manages_what_has_an_owner if {
	lifecycle.is_managed({"metadata": {"ownerReferences": [{"kind": "CronJob", "name": "report"}]}})
}

test_manages_hooks if {
	lifecycle.is_managed({"metadata": {"annotations": {"argocd.argoproj.io/hook": "PreSync"}}})
	lifecycle.is_managed({"metadata": {"annotations": {"helm.sh/hook": "test"}}})
}

test_manages_nothing_else if {
	every metadata in [
		null,
		{},
		{"ownerReferences": null},
		{"ownerReferences": []},
		{"ownerReferences": "x"},
		{"annotations": null},
		{"annotations": {"helm.sh/hook": ""}},
		{"annotations": {"helm.sh/hook": null}},
		{"annotations": {"helm.sh/hook-weight": "1"}},
	] {
		not lifecycle.is_managed({"metadata": metadata})
	}
}
