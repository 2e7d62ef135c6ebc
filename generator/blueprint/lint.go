package blueprint

import "path"

// Lint holds the settings of the checks.
type Lint struct {
	Severity map[string]string         `json:"severity,omitempty" enum:"off,info,warning,error" doc:"Severity by rule; category/* is all of a category, * all there are, and what says more goes over what says less."`
	Params   map[string]map[string]any `json:"params,omitempty" doc:"Parameters by rule."`
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
