# METADATA
# title: Where pods stand
# description: >-
#   A table of the kinds that run pods: those of Kubernetes, and custom resources whose operators make pods of what
#   stands there. A row of a kind says where: "at" is the path of a whole pod spec, in which "*" stands for each item
#   of a list; with "overlay", the operator lays it over a pod of its own, and what is not set there is not known. Where
#   the pod has no spec of its own, "pod" and "container" name its fields, each with its path below "at", "name" the
#   container, and "sets" what the operator sets where nothing is said.
package lib.pods

# rows are the rows of a kind, of which there may be several.
rows := {
	"core/Pod": [{"at": "spec"}],
	"core/PodTemplate": [{"at": "template.spec"}],
	"core/ReplicationController": [{"at": "spec.template.spec"}],
	"apps/DaemonSet": [{"at": "spec.template.spec"}],
	"apps/Deployment": [{"at": "spec.template.spec"}],
	"apps/ReplicaSet": [{"at": "spec.template.spec"}],
	"apps/StatefulSet": [{"at": "spec.template.spec"}],
	"batch/CronJob": [{"at": "spec.jobTemplate.spec.template.spec"}],
	"batch/Job": [{"at": "spec.template.spec"}],
	"apps.openshift.io/DeploymentConfig": [{"at": "spec.template.spec"}],
	"argoproj.io/Rollout": [{"at": "spec.template.spec"}],
}
