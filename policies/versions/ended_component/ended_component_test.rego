package policies.versions.ended_component_test

import data.lib.workloads_test.lamp
import data.policies.versions.ended_component

failing := lamp({"image": "registry.k8s.io/ingress-nginx/controller:v1.15.1"})

mended := lamp({"image": "docker.io/envoyproxy/gateway:v1.5.0"})

test_denies_what_has_ended if {
	ended_component.deny == {{
		"msg": "image \"registry.k8s.io/ingress-nginx/controller:v1.15.1\" of container \"lamp\" is of ingress-nginx, which ended in March 2026",
		"at": ["spec", "template", "spec", "containers", 0, "image"],
		"fix": "Its successor is an implementation of the Gateway API, or another ingress controller.",
	}} with input.object as failing
	every image in ["mirror.example.org/docker.io/kubernetesui/dashboard:v2", "grafana/promtail", "minio/minio:1"] {
		count(ended_component.deny) == 1 with input.object as lamp({"image": image})
	}
}

test_allows_others if {
	every image in ["docker.io/envoyproxy/gateway:v1.5.0", "acmegrafana/promtail:1", "grafana/promtail-next:1", null] {
		ended_component.deny == set() with input.object as lamp({"image": image})
	}
}
