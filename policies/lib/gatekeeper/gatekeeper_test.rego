package lib.gatekeeper_test

import data.lib.gatekeeper

parameters := {"tier": "medium", "params": {"min": 2}}

namespace := {"metadata": {"labels": {"owner": "ann"}}}

lamp := {
	"kind": "Deployment",
	"metadata": {"name": "lamp", "namespace": "lights"},
	"spec": {"template": {"spec": {"containers": [{"name": "bulb"}, {"name": "shade"}, {}]}}},
}

review(user, object) := {"object": object, "namespaceObject": namespace, "userInfo": {"username": user}}

finding(i) := {"msg": "it is dark", "at": ["spec", "template", "spec", "containers", i, "image"]}

test_asked if {
	gatekeeper.asked(review("ann", lamp), parameters) == {
		"object": lamp,
		"namespace": {"labels": {"owner": "ann"}, "annotations": {}},
		"params": {"min": 2},
		"tier": "medium",
	}
}

test_asked_without_a_namespace if {
	every odd in [null, false, {}, "lights"] {
		input_of := gatekeeper.asked({"object": lamp, "namespaceObject": odd}, parameters)
		input_of.namespace == {}
	}
	gatekeeper.asked(review("ann", {"metadata": {"name": "lights"}}), parameters).namespace == {}
	gatekeeper.asked({"object": lamp}, parameters).namespace == {}
}

pod(owner) := {"kind": "Pod", "metadata": {"ownerReferences": [owner]}}

test_judged if {
	every user in ["ann", "", "system:serviceaccount:lights:default", "system:kube-controller-manager"] {
		gatekeeper.is_judged(review(user, lamp))
	}
	gatekeeper.is_judged({"object": lamp})
	gatekeeper.is_judged(review("system:kube-controller-manager", pod({"kind": "ReplicaSet"})))
	gatekeeper.is_judged(review("system:kube-controller-manager", pod({"kind": "ReplicaSet", "controller": false})))
}

test_judged_through_its_owner if {
	owned := pod({"kind": "ReplicaSet", "controller": true})
	every user in ["", "system:kube-controller-manager", "system:serviceaccount:kube-system:replicaset-controller"] {
		not gatekeeper.is_judged(review(user, owned))
	}
	not gatekeeper.is_judged({"object": owned})
	every user in ["ann", "system:serviceaccount:lights:default"] {
		gatekeeper.is_judged(review(user, owned))
	}
}

test_built_in if {
	role := {"kind": "ClusterRole", "metadata": {"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}}}
	not gatekeeper.is_judged(review("", role))
	not gatekeeper.is_judged(review("system:apiserver", lamp))
	gatekeeper.is_judged(review("ann", role))
	gatekeeper.is_judged(review("", {"metadata": {"labels": {"kubernetes.io/bootstrapping": "ann"}}}))
}

whole := {"kind": "Deployment", "namespace": "lights", "name": "lamp", "container": "bulb"}

test_excused if {
	every waiver in [{}, {"kind": "Deployment"}, {"namespace": "lights"}, {"name": "lamp"}, {"container": "bulb"}, whole] {
		gatekeeper.is_excused(review("ann", lamp), finding(0), [{"kind": "Other"}, waiver])
	}
	gatekeeper.is_excused(review("ann", lamp), finding(1), [{"container": "shade"}])
	gatekeeper.is_excused(review("ann", {"kind": "Node"}), {"msg": "it is dark"}, [{"kind": "Node"}])
}

test_not_excused if {
	every field in ["kind", "namespace", "name", "container"] {
		not gatekeeper.is_excused(review("ann", lamp), finding(0), [object.union(whole, {field: "other"})])
	}
	not gatekeeper.is_excused(review("ann", lamp), finding(0), [])
	not gatekeeper.is_excused(review("ann", {"kind": "Node"}), finding(0), [{"namespace": "lights"}])
	not gatekeeper.is_excused(review("ann", {"kind": "Node"}), finding(0), [{"name": "lamp"}])
}

test_container if {
	waivers := [{"container": "bulb"}]
	init := {"kind": "Pod", "spec": {"initContainers": [{"name": "bulb"}], "volumes": [{"name": "bulb"}]}}
	gatekeeper.is_excused(review("ann", init), {"at": ["spec", "initContainers", 0]}, waivers)
	not gatekeeper.is_excused(review("ann", init), {"at": ["spec", "volumes", 0]}, waivers)
	not gatekeeper.is_excused(review("ann", init), {"at": ["spec"]}, waivers)
	not gatekeeper.is_excused(review("ann", lamp), finding(2), waivers)
	gatekeeper.is_excused(review("ann", lamp), finding(2), [{"kind": "Deployment"}])
	gatekeeper.is_excused(review("ann", lamp), {"at": ["spec"]}, [{"kind": "Deployment"}])
}

test_expires if {
	waivers := [{"expires": "2030-12-31"}]
	last := time.parse_rfc3339_ns("2031-01-01T00:00:00Z")
	gatekeeper.is_excused(review("ann", lamp), finding(0), waivers) with time.now_ns as last
	not gatekeeper.is_excused(review("ann", lamp), finding(0), waivers) with time.now_ns as last + 1
}
