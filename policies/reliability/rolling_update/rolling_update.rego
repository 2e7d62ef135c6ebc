# METADATA
# title: Update takes all pods away at once
# description: Set the strategy RollingUpdate, with maxUnavailable below 100%.
# custom:
#   rationale: >-
#     From the moment at which the old pods end until the new ones answer, nobody serves; if they never do, nobody
#     comes back.
#   severity: {small: off, medium: info, enterprise: warning}
#   kinds: [apps/DaemonSet, apps/Deployment, apps/StatefulSet]
#   references:
#     - https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
package policies.reliability.rolling_update

# A single pod with a volume of its own cannot be there twice.
deny contains finding if {
	input.object.spec.strategy.type == "Recreate"
	not _holds_a_volume(input.object.spec)
	finding := {"msg": "strategy.type is Recreate", "at": ["spec", "strategy", "type"]}
}

deny contains finding if {
	input.object.spec.updateStrategy.type == "OnDelete"
	finding := {"msg": "updateStrategy.type is OnDelete: no pod is ever updated", "at": ["spec", "updateStrategy", "type"]}
}

deny contains finding if {
	some field in ["strategy", "updateStrategy"]
	value := input.object.spec[field].rollingUpdate.maxUnavailable
	_is_all(value)
	finding := {
		"msg": sprintf("%s.rollingUpdate.maxUnavailable is %v", [field, value]),
		"at": ["spec", field, "rollingUpdate", "maxUnavailable"],
	}
}

_holds_a_volume(spec) if {
	object.get(spec, "replicas", 1) <= 1
	some volume in spec.template.spec.volumes
	volume.persistentVolumeClaim
}

_is_all("100%")

_is_all(value) if {
	is_number(value)
	input.object.spec.replicas > 1
	value >= input.object.spec.replicas
}
