# METADATA
# title: Where pods stand
# description: >-
#   A table of the kinds that run pods: those of Kubernetes, and custom resources whose operators make pods of what
#   stands there. A row of a kind says where: "at" is the path of a whole pod spec, in which "*" stands for each item
#   of a list or a mapping; with "overlay", what is laid over a pod of the operator's own, so what is not set there is not
#   known. Where the pod has no spec of its own, "pod" and "container" name its fields, each with its path below "at",
#   "name" the container, which else has the name of its item, and "sets" what the operator sets where nothing is said.
#   "containers" are further fields that hold a container or a list of them, as Kubernetes has it. A row with "unless"
#   means nothing where that field is set and not false.
package lib.pods

# rows are the rows of a kind, of which there may be several. Above those of custom resources stands where the fields
# and what the operator sets were read.
rows["core/Pod"] := [{"at": "spec"}]

rows["core/PodTemplate"] := [{"at": "template.spec"}]

rows["core/ReplicationController"] := [{"at": "spec.template.spec"}]

rows["apps/DaemonSet"] := [{"at": "spec.template.spec"}]

rows["apps/Deployment"] := [{"at": "spec.template.spec"}]

rows["apps/ReplicaSet"] := [{"at": "spec.template.spec"}]

rows["apps/StatefulSet"] := [{"at": "spec.template.spec"}]

rows["batch/CronJob"] := [{"at": "spec.jobTemplate.spec.template.spec"}]

rows["batch/Job"] := [{"at": "spec.template.spec"}]

rows["apps.openshift.io/DeploymentConfig"] := [{"at": "spec.template.spec"}]

rows["argoproj.io/Rollout"] := [{"at": "spec.template.spec"}]

rows["argoproj.io/Experiment"] := [{"at": "spec.templates.*.template.spec"}]

rows["argoproj.io/AnalysisRun"] := [{"at": "spec.metrics.*.provider.job.spec.template.spec"}]

rows["argoproj.io/AnalysisTemplate"] := [{"at": "spec.metrics.*.provider.job.spec.template.spec"}]

rows["argoproj.io/ClusterAnalysisTemplate"] := [{"at": "spec.metrics.*.provider.job.spec.template.spec"}]

rows["keda.sh/ScaledJob"] := [{"at": "spec.jobTargetRef.template.spec"}]

rows["operators.coreos.com/ClusterServiceVersion"] := [{"at": "spec.install.spec.deployments.*.spec.template.spec"}]

# Argo Workflows 3.7.3, Template in workflow_types.go: the controller and templateDefaults fill in what is not set.
rows["argoproj.io/Workflow"] := _workflow("spec")

rows["argoproj.io/WorkflowTemplate"] := _workflow("spec")

rows["argoproj.io/ClusterWorkflowTemplate"] := _workflow("spec")

rows["argoproj.io/CronWorkflow"] := _workflow("spec.workflowSpec")

# Tekton Pipelines, TaskSpec: a ConfigMap of the cluster fills in what is not set.
rows["tekton.dev/Task"] := [{"at": "spec", "overlay": true, "containers": ["sidecars", "steps"]}]

# Knative Serving 0.51, RevisionSpec: config-defaults fills in what is not set.
rows["serving.knative.dev/Configuration"] := [{"at": "spec.template.spec", "overlay": true}]

rows["serving.knative.dev/Revision"] := [{"at": "spec", "overlay": true}]

rows["serving.knative.dev/Service"] := [{"at": "spec.template.spec", "overlay": true}]

_overlays(paths) := [{"at": at, "overlay": true} | some at in paths]

_workflow(at) := [{
	"at": sprintf("%s.%s", [at, template]),
	"overlay": true,
	"containers": ["container", "containerSet.containers", "script", "sidecars"],
} |
	some template in ["templateDefaults", "templates.*"]
]
