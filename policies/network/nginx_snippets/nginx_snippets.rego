# METADATA
# title: Text for the configuration of nginx
# description: >-
#   Remove the snippet, and set allow-snippet-annotations to "false" for the controller; what is lacking has an annotation
#   of its own, or belongs into the configuration of the controller.
# custom:
#   rationale: >-
#     Whoever may write an Ingress with a snippet runs code in the controller, which reads the Secrets of all namespaces
#     (CVE-2021-25742).
#   severity: {small: warning, medium: error, enterprise: error}
#   kinds: [core/ConfigMap, networking.k8s.io/Ingress]
#   references:
#     - https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations-risk/
package policies.network.nginx_snippets

deny contains finding if {
	input.object.kind == "Ingress"
	some name, _ in input.object.metadata.annotations
	regex.match(`^nginx\.(ingress\.kubernetes\.io/.*-snippet|org/.*-snippets)$`, name)
	finding := {
		"msg": sprintf("annotation %q writes into the configuration of the controller", [name]),
		"at": ["metadata", "annotations", name],
	}
}

deny contains finding if {
	input.object.kind == "ConfigMap"
	input.object.data["allow-snippet-annotations"] == "true"
	finding := {
		"msg": "allow-snippet-annotations is \"true\"",
		"at": ["data", "allow-snippet-annotations"],
	}
}
