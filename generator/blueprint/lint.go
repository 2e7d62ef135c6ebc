package blueprint

import "path"

// Lint holds the settings of the checks.
type Lint struct {
	Severity map[string]string         `json:"severity,omitempty" enum:"off,info,warning,error" doc:"Severity by rule; category/* is all of a category, * all there are, and what says more goes over what says less."`
	Params   map[string]map[string]any `json:"params,omitempty" doc:"Parameters by rule."`
	Pods     []PodRow                  `json:"pods,omitempty" doc:"Where objects of further kinds have pods, besides those that gitopsgen knows."`
	Fixtures map[string]Fixture        `json:"fixtures,omitempty" doc:"What generators of ApplicationSets are taken to find that ask what no repository says, by the name of the set."`
	External []ExternalObject          `json:"external,omitempty" doc:"Objects that come from elsewhere, a person or another repository, say: nothing is told of their lacking. * stands for any characters."`
}

// ExternalObject is objects that come from elsewhere. An empty field matches all.
type ExternalObject struct {
	Kind      string `json:"kind" format:"namePattern" doc:"Kind of the objects, such as Secret; Pod for what a selector is to match."`
	Namespace string `json:"namespace,omitempty" format:"namePattern" doc:"Their namespace; by default any."`
	Name      string `json:"name" format:"namePattern" doc:"Their name."`
	Cluster   string `json:"cluster,omitempty" format:"namePattern" doc:"Cluster that they stand in; by default any."`
	Reason    string `json:"reason,omitempty" doc:"Who brings them."`
}

// Covers reports whether an object of a cluster is one of them.
func (e ExternalObject) Covers(cluster, kind, namespace, name string) bool {
	for _, m := range [][2]string{{e.Kind, kind}, {e.Namespace, namespace}, {e.Name, name}, {e.Cluster, cluster}} {
		if ok, err := path.Match(m[0], m[1]); m[0] != "" && (err != nil || !ok) {
			return false
		}
	}
	return true
}

// PodRow says where objects of a kind have pods: a whole pod spec, or its fields one by one.
type PodRow struct {
	Kind       string           `json:"kind" format:"groupKind" doc:"The kind, as group/Kind."`
	At         string           `json:"at,omitempty" format:"itemPath" doc:"Path of a pod spec, or of what the paths of fields are below; * stands for each item of a list or mapping."`
	Overlay    bool             `json:"overlay,omitempty" doc:"Whether it is laid over a pod of the operator's own: what is not set there is not missed."`
	Name       string           `json:"name,omitempty" doc:"Name of the container, in messages and waivers; by default that of the item."`
	Pod        *PodFields       `json:"pod,omitempty" doc:"Fields of the pod, each with its path below at."`
	Container  *ContainerFields `json:"container,omitempty" doc:"Fields of the container, each with its path below at."`
	Containers []string         `json:"containers,omitempty" format:"fieldPath" doc:"Paths below at of further containers, or lists of them, as Kubernetes has them."`
}

// PodFields are paths of a pod's fields. Empty ones are nowhere.
type PodFields struct {
	AutomountServiceAccountToken string `json:"automountServiceAccountToken,omitempty" format:"fieldPath" doc:"Path of automountServiceAccountToken."`
	HostAliases                  string `json:"hostAliases,omitempty" format:"fieldPath" doc:"Path of hostAliases."`
	HostIPC                      string `json:"hostIPC,omitempty" format:"fieldPath" doc:"Path of hostIPC."`
	HostNetwork                  string `json:"hostNetwork,omitempty" format:"fieldPath" doc:"Path of hostNetwork."`
	HostPID                      string `json:"hostPID,omitempty" format:"fieldPath" doc:"Path of hostPID."`
	PriorityClassName            string `json:"priorityClassName,omitempty" format:"fieldPath" doc:"Path of priorityClassName."`
	SecurityContext              string `json:"securityContext,omitempty" format:"fieldPath" doc:"Path of the pod's securityContext."`
	ServiceAccountName           string `json:"serviceAccountName,omitempty" format:"fieldPath" doc:"Path of serviceAccountName."`
	Volumes                      string `json:"volumes,omitempty" format:"fieldPath" doc:"Path of volumes."`
}

// ContainerFields are paths of a container's fields. Empty ones are nowhere.
type ContainerFields struct {
	Args            string `json:"args,omitempty" format:"fieldPath" doc:"Path of args."`
	Command         string `json:"command,omitempty" format:"fieldPath" doc:"Path of command."`
	Env             string `json:"env,omitempty" format:"fieldPath" doc:"Path of env."`
	EnvFrom         string `json:"envFrom,omitempty" format:"fieldPath" doc:"Path of envFrom."`
	Image           string `json:"image,omitempty" format:"fieldPath" doc:"Path of the image, or of a mapping with its repository and tag."`
	ImagePullPolicy string `json:"imagePullPolicy,omitempty" format:"fieldPath" doc:"Path of imagePullPolicy."`
	LivenessProbe   string `json:"livenessProbe,omitempty" format:"fieldPath" doc:"Path of livenessProbe."`
	Ports           string `json:"ports,omitempty" format:"fieldPath" doc:"Path of ports."`
	ReadinessProbe  string `json:"readinessProbe,omitempty" format:"fieldPath" doc:"Path of readinessProbe."`
	Resources       string `json:"resources,omitempty" format:"fieldPath" doc:"Path of resources."`
	SecurityContext string `json:"securityContext,omitempty" format:"fieldPath" doc:"Path of the container's securityContext."`
	VolumeMounts    string `json:"volumeMounts,omitempty" format:"fieldPath" doc:"Path of volumeMounts."`
}

// pods wants each row to lead to a pod.
func (r *reader) pods() {
	for i, row := range r.doc.Spec.Lint.Pods {
		at := []any{"lint", "pods", i}
		switch hasFields := row.Container != nil || len(row.Containers) > 0; {
		case row.At == "" && !hasFields:
			r.fail(at, "write at: spec.template.spec for a whole pod spec, or container: {image: spec.image} for single fields", "lint.pods[%d]: at and container are missing", i)
		case row.Pod != nil && row.Container == nil:
			r.fail(append(at, "pod"), "add container, or leave pod out where a whole pod spec stands at the path", "lint.pods[%d]: pod names fields, but container is missing", i)
		}
	}
}

// Fixture is what the generators of one ApplicationSet are taken to find. Parameters that follow from others, such as short_sha,
// are not given.
type Fixture struct {
	SCMProvider             []map[string]any `json:"scmProvider,omitempty" doc:"Repositories: organization, repository, repository_id, url, branch, sha, labels."`
	PullRequest             []map[string]any `json:"pullRequest,omitempty" doc:"Pull requests: number, title, branch, target_branch, head_sha, author, labels."`
	Plugin                  []map[string]any `json:"plugin,omitempty" doc:"What the plugin puts out: any fields."`
	ClusterDecisionResource []map[string]any `json:"clusterDecisionResource,omitempty" doc:"Clusters: name, server, and what the resource says of them."`
}

// Of gives what a kind of generator is taken to find; ok is false where that is not said.
func (f Fixture) Of(generator string) (found []map[string]any, ok bool) {
	found = map[string][]map[string]any{
		"scmProvider": f.SCMProvider, "pullRequest": f.PullRequest, "plugin": f.Plugin, "clusterDecisionResource": f.ClusterDecisionResource,
	}[generator]
	return found, found != nil
}
