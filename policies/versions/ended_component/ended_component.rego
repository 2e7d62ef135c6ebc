# METADATA
# title: Component has ended
# description: Move to its successor.
# custom:
#   rationale: Nobody mends what is found in it any more.
#   severity: {small: warning, medium: warning, enterprise: warning}
#   kinds: [pods]
#   references:
#     - https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/
package policies.versions.ended_component

import data.lib.images
import data.lib.workloads

deny contains finding if {
	some container in workloads.containers(input.object)
	image := images.parse(container.spec.image)
	some path in images.tails(image.repository)
	component := _ended[path]
	finding := {
		"msg": sprintf("image %q of container %q is of %s, which ended in %s", [container.spec.image, container.name, component.name, component.in]),
		"at": workloads.at(container, ["image"]),
		"fix": sprintf("Its successor is %s.", [component.successor]),
	}
}

# _ended are components by the repository of their images.
_ended := {
	"ingress-nginx/controller": {"name": "ingress-nginx", "in": "March 2026", "successor": "an implementation of the Gateway API, or another ingress controller"},
	"kubernetesui/dashboard": {"name": "Kubernetes Dashboard", "in": "January 2026", "successor": "Headlamp"},
	"kubernetesui/dashboard-api": {"name": "Kubernetes Dashboard", "in": "January 2026", "successor": "Headlamp"},
	"kubernetesui/dashboard-web": {"name": "Kubernetes Dashboard", "in": "January 2026", "successor": "Headlamp"},
	"grafana/promtail": {"name": "Promtail", "in": "March 2026", "successor": "Grafana Alloy"},
	"grafana/agent": {"name": "Grafana Agent", "in": "November 2025", "successor": "Grafana Alloy"},
	"grafana/agent-operator": {"name": "Grafana Agent Operator", "in": "November 2025", "successor": "Grafana Alloy"},
	"jaegertracing/all-in-one": {"name": "Jaeger 1", "in": "December 2025", "successor": "Jaeger 2"},
	"jaegertracing/jaeger-operator": {"name": "Jaeger operator", "in": "December 2025", "successor": "Jaeger 2 by its chart, or the OpenTelemetry operator"},
	"kubernetes-helm/tiller": {"name": "Tiller", "in": "November 2020", "successor": "Helm 3 and later, which need no server"},
	"heptiolabs/gangway": {"name": "Gangway", "in": "2021", "successor": "kubelogin"},
	"minio/minio": {"name": "MinIO as free software", "in": "February 2026", "successor": "another object store, such as Ceph's"},
}
