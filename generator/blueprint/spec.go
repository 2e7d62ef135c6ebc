// Package blueprint reads gitopsgen.yaml and evaluates the Jsonnet blueprint that turns it into a platform.
//
// It knows specs, capabilities and components, and nothing of files in the generated repository, of Argo CD or of
// rendering.
package blueprint

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
)

// APIVersion is what gitopsgen.yaml says it is written for.
const APIVersion = "gitopsgen/v1"

// SpecFile is the name of the spec in a repository.
const SpecFile = "gitopsgen.yaml"

// Spec is the content of gitopsgen.yaml. Its tags are the one description of the file: reading, messages, the JSON Schema,
// what blueprints see and what is the same at every site follow from them. Every field may be absent.
//
//	json, enum, format, doc   the name, what may stand there, and what it is
//	jsonnet                   whether blueprints see it: always, set (where it is set), never
//	neutral                   what it is at no site in particular: same (as it is), none (left out), each (its fields
//	                          and elements), one (its first element), site (texts without the site's names),
//	                          =TEXT (that, where it is set; %d is the number of the element)
type Spec struct {
	APIVersion        string                       `json:"apiVersion" format:"apiVersion" jsonnet:"never" neutral:"same" doc:"Version of this file's format."`
	Name              string                       `json:"name,omitempty" format:"name" jsonnet:"always" neutral:"none" doc:"Name of the platform."`
	Tier              Tier                         `json:"tier,omitempty" enum:"small,medium,enterprise" jsonnet:"always" neutral:"same" doc:"Target group; decides which capabilities are there and how strict the checks are."`
	Profile           Profile                      `json:"profile,omitempty" enum:"single" jsonnet:"set" neutral:"same" doc:"single is a small platform on one machine of 8 GB: one of everything, one copy of volumes, and requests of what measures cut to it."`
	Domain            string                       `json:"domain,omitempty" format:"domain" jsonnet:"always" neutral:"none" doc:"DNS domain below which the platform's hosts are."`
	Repository        Repository                   `json:"repository,omitzero" jsonnet:"always" neutral:"none" doc:"Where this repository is served; Argo CD reads it there."`
	KubernetesVersion string                       `json:"kubernetesVersion,omitempty" format:"kubernetesVersion" jsonnet:"always" neutral:"same" doc:"Kubernetes version of the clusters, major.minor."`
	Clusters          []Cluster                    `json:"clusters,omitempty" jsonnet:"always" neutral:"each" doc:"The clusters. The first is the hub: its Argo CD serves all."`
	Capabilities      map[string]Capability        `json:"capabilities,omitempty" jsonnet:"always" neutral:"same" doc:"The option that serves each capability."`
	Components        map[string]ComponentSettings `json:"components,omitempty" jsonnet:"always" neutral:"each" doc:"Settings of single components by name."`
	Teams             []Team                       `json:"teams,omitempty" jsonnet:"always" neutral:"each" doc:"The teams that share the clusters."`
	Workloads         []Workload                   `json:"workloads,omitempty" jsonnet:"always" neutral:"none" doc:"Your own applications, whose files are in this repository or in another one."`
	Registries        Registries                   `json:"registries,omitzero" jsonnet:"always" neutral:"none" doc:"Where images may come from."`
	Repositories      []Checkout                   `json:"repositories,omitempty" jsonnet:"never" neutral:"none" doc:"Checkouts of other Git repositories that stand in this one: what Applications take from there is rendered."`
	Lint              Lint                         `json:"lint,omitzero" jsonnet:"never" neutral:"none" doc:"Settings of the checks."`
	CI                CI                           `json:"ci,omitzero" jsonnet:"never" neutral:"none" doc:"How continuous integration works here."`
	Blueprint         string                       `json:"blueprint,omitempty" format:"blueprint" jsonnet:"never" neutral:"same" doc:"A Jsonnet blueprint of your own in this repository, which imports a tier and adds to it."`
}

// Repository says where the repository is served.
type Repository struct {
	URL    string `json:"url,omitempty" format:"repositoryURL" jsonnet:"always" neutral:"none" doc:"URL of this repository as Argo CD reads it."`
	Branch string `json:"branch,omitempty" format:"branch" jsonnet:"always" neutral:"none" doc:"Branch that is deployed."`
	// Owners are those whom CODEOWNERS names.
	Owners []string `json:"owners,omitempty" format:"codeOwner" jsonnet:"never" neutral:"none" doc:"Who must review what loosens the checks, as CODEOWNERS names people and teams; without any there is no CODEOWNERS."`
}

// Checkout says where another Git repository stands in this one.
type Checkout struct {
	URL  string `json:"url" format:"repositoryURL" doc:"URL of the other repository."`
	Path string `json:"path" format:"checkoutFolder" doc:"Folder of this repository in which it stands, as a submodule does."`
}

// Cluster is one Kubernetes cluster.
type Cluster struct {
	Name              string   `json:"name" format:"clusterName" jsonnet:"always" neutral:"=prod" doc:"Name of the cluster; it starts the names of all its Applications."`
	Server            string   `json:"server,omitempty" format:"server" jsonnet:"always" neutral:"=https://192.0.2.1:6443" doc:"URL of the API server, as Argo CD reaches it."`
	Domain            string   `json:"domain,omitempty" format:"domain" jsonnet:"always" neutral:"=example.org" doc:"DNS domain of the cluster's hosts."`
	KubernetesVersion string   `json:"kubernetesVersion,omitempty" format:"kubernetesVersion" jsonnet:"always" neutral:"same" doc:"Kubernetes version of this cluster, major.minor."`
	Nodes             []Node   `json:"nodes,omitempty" jsonnet:"always" neutral:"each" doc:"The machines."`
	Networks          Networks `json:"networks,omitzero" jsonnet:"always" neutral:"each" doc:"The address ranges."`
	// Labels and Annotations are those of the Secret by which Argo CD knows the cluster.
	Labels      map[string]string `json:"labels,omitempty" jsonnet:"never" neutral:"site" doc:"Labels that Argo CD knows the cluster by: ApplicationSets select by them."`
	Annotations map[string]string `json:"annotations,omitempty" jsonnet:"never" neutral:"site" doc:"Annotations that Argo CD knows the cluster by, for ApplicationSets."`
	// Components hold what is particular to this cluster.
	Components map[string]ClusterComponent `json:"components,omitempty" jsonnet:"always" neutral:"each" doc:"Settings of single components on this cluster alone, by name."`
}

// Machines counts those that take any pod, as blueprints do: the workers, or all where none is called so. It is 0 where the
// spec names none, and has no profile that says how many there are.
func (s Spec) Machines(c Cluster) int {
	if s.Profile == Single {
		return 1
	}
	workers := 0
	for _, n := range c.Nodes {
		if slices.Contains(n.Roles, "worker") {
			workers++
		}
	}
	return cmp.Or(workers, len(c.Nodes))
}

// ClusterComponent is what a user sets of one component on one cluster. It goes over what is set for all.
type ClusterComponent struct {
	Params map[string]any `json:"params,omitempty" jsonnet:"always" neutral:"site" doc:"The component's own parameters."`
	Values map[string]any `json:"values,omitempty" jsonnet:"never" neutral:"site" doc:"Helm values, merged over those of the component's first chart."`
}

// Node is one machine of a cluster.
type Node struct {
	Name    string   `json:"name" format:"domain" jsonnet:"always" neutral:"=node-%d" doc:"Host name."`
	Roles   []string `json:"roles,omitempty" enum:"control-plane,worker" jsonnet:"set" neutral:"same" doc:"What the machine does."`
	Address string   `json:"address,omitempty" format:"address" jsonnet:"set" neutral:"=192.0.2.1%d" doc:"IP address."`
}

// Networks are the address ranges of a cluster.
type Networks struct {
	Node         string   `json:"node,omitempty" format:"cidr" jsonnet:"set" neutral:"=192.0.2.0/24" doc:"Network of the machines."`
	Pod          string   `json:"pod,omitempty" format:"cidr" jsonnet:"set" neutral:"=10.42.0.0/16" doc:"Addresses of pods."`
	Service      string   `json:"service,omitempty" format:"cidr" jsonnet:"set" neutral:"=10.43.0.0/16" doc:"Addresses of Services."`
	LoadBalancer []string `json:"loadBalancer,omitempty" format:"cidr" jsonnet:"set" neutral:"=198.51.100.0/24" doc:"Addresses for Services of type LoadBalancer, without the first and the last of the machines' network."`
	VirtualIP    string   `json:"virtualIP,omitempty" format:"address" jsonnet:"set" neutral:"=192.0.2.1" doc:"Address of the API server that moves between the control-plane nodes."`
	BGP          *BGP     `json:"bgp,omitempty" jsonnet:"set" neutral:"each" doc:"How routers learn of the load balancer addresses; without it these are announced in the machines' network."`
}

// BGP says with whom a cluster speaks BGP.
type BGP struct {
	LocalASN int       `json:"localASN" format:"asn" jsonnet:"always" neutral:"=64512" doc:"Number of the cluster's own autonomous system."`
	Peers    []BGPPeer `json:"peers" jsonnet:"always" neutral:"one" doc:"The routers."`
}

// BGPPeer is a router that a cluster speaks BGP with.
type BGPPeer struct {
	Address string `json:"address" format:"address" jsonnet:"always" neutral:"=203.0.113.1" doc:"IP address of the router."`
	ASN     int    `json:"asn" format:"asn" jsonnet:"always" neutral:"=64512" doc:"Number of the router's autonomous system."`
}

// Team is a group of people who work apart from others on the same clusters.
type Team struct {
	Name       string            `json:"name" format:"teamName" jsonnet:"always" neutral:"=team-%d" doc:"Name of the team."`
	Owner      string            `json:"owner" format:"owner" jsonnet:"always" neutral:"=team@example.org" doc:"Whom to ask about the team: a name or an address."`
	Groups     Groups            `json:"groups,omitzero" jsonnet:"set" neutral:"none" doc:"Who may do what in the team's namespaces, as the identity provider names groups."`
	Namespaces []string          `json:"namespaces,omitempty" format:"teamName" jsonnet:"set" neutral:"none" doc:"The team's namespaces; by default one of its name."`
	Clusters   []string          `json:"clusters,omitempty" jsonnet:"set" neutral:"none" doc:"The clusters that the team works on; by default all."`
	Quota      map[string]string `json:"quota,omitempty" jsonnet:"set" neutral:"same" doc:"What each namespace may take, as a ResourceQuota says it; by default by the tier."`
	Apps       *Apps             `json:"apps,omitempty" jsonnet:"set" neutral:"none" doc:"The team's own repository: its root Application, bound to the team's project."`
}

// Groups are the groups of a team by what they may do.
type Groups struct {
	Edit []string `json:"edit,omitempty" jsonnet:"set" neutral:"none" doc:"Groups that may change what runs."`
	View []string `json:"view,omitempty" jsonnet:"set" neutral:"none" doc:"Groups that may look."`
}

// Apps says where the Applications or manifests of a team are.
type Apps struct {
	RepoURL  string `json:"repoURL" format:"repositoryURL" jsonnet:"always" neutral:"none" doc:"URL of the team's repository."`
	Path     string `json:"path" jsonnet:"always" neutral:"none" doc:"Directory in it that is deployed."`
	Revision string `json:"revision,omitempty" format:"branch" jsonnet:"set" neutral:"none" doc:"Branch, tag or commit; by default main."`
}

// Workload is an application of the users' own: gitopsgen writes none of its files.
type Workload struct {
	Name      string   `json:"name" format:"teamName" jsonnet:"always" neutral:"none" doc:"Name of the application."`
	Path      string   `json:"path,omitempty" format:"ownFolder" jsonnet:"always" neutral:"none" doc:"Folder with its manifests or its kustomization; by default workloads/ and the name, or all of its own repository."`
	RepoURL   string   `json:"repoURL,omitempty" format:"repositoryURL" jsonnet:"set" neutral:"none" doc:"URL of the repository that it stands in, if that is not this one."`
	Revision  string   `json:"revision,omitempty" format:"branch" jsonnet:"set" neutral:"none" doc:"Branch, tag or commit of that repository; by default main."`
	Namespace string   `json:"namespace,omitempty" format:"teamName" jsonnet:"always" neutral:"none" doc:"Where it runs; by default a namespace of its name."`
	Clusters  []string `json:"clusters,omitempty" jsonnet:"always" neutral:"none" doc:"The clusters that it runs on; by default all."`
}

// Capability says what serves a capability: an option's name, "none", or something outside of this repository.
type Capability struct {
	Option   string    `json:"-"`
	External *External `json:"external" doc:"What serves the capability instead of a component."`
}

// External is what serves a capability from outside of this repository.
type External struct {
	By     string         `json:"by" doc:"What serves it."`
	Reason string         `json:"reason" doc:"Why."`
	Facts  map[string]any `json:"facts,omitempty" doc:"What other components must know of it, an ingress class say."`
}

// None is the option of a capability that is not wanted.
const None = "none"

// ComponentSettings are what a user sets of one component.
type ComponentSettings struct {
	Enabled *bool          `json:"enabled,omitempty" jsonnet:"always" neutral:"same" doc:"Whether the component is there; by default the capabilities decide."`
	Params  map[string]any `json:"params,omitempty" jsonnet:"always" neutral:"site" doc:"The component's own parameters."`
	Values  map[string]any `json:"values,omitempty" jsonnet:"never" neutral:"site" doc:"Helm values, merged over those of the component's first chart."`
}

// Registries says where images may come from.
type Registries struct {
	Trusted []string `json:"trusted,omitempty" format:"imagePrefix" jsonnet:"set" neutral:"none" doc:"Prefixes that images must begin with, each ending with a slash; by default what the components need."`
	Mirror  Mirror   `json:"mirror,omitzero" jsonnet:"set" neutral:"none" doc:"Where images and charts are had instead, for a site with registries of its own."`
}

// Mirror says where images and charts are had instead of their own registries. Of several prefixes the longest counts;
// "*" stands for everything else.
type Mirror struct {
	Images map[string]string `json:"images,omitempty" jsonnet:"set" neutral:"none" doc:"What the prefix of an image's name becomes, such as quay.io/: registry.example.org/quay/; below what stands at * images keep their whole name."`
	Charts map[string]string `json:"charts,omitempty" jsonnet:"set" neutral:"none" doc:"What the prefix of a chart repository's URL becomes; at * the one repository that has all charts."`
}

// Hosts are those that charts are had from, without port; what is no URL names none.
func (m Mirror) Hosts() []string {
	var hosts []string
	for _, to := range slices.Sorted(maps.Values(m.Charts)) {
		if u, err := url.Parse(to); err == nil && u.Host != "" {
			hosts = append(hosts, u.Hostname())
		}
	}
	return hosts
}

// CI holds the settings of continuous integration.
type CI struct {
	Install string `json:"install,omitempty" doc:"Command that installs gitopsgen in a job, run outside of the checkout; by default it builds the version that wrote the repository."`
}

// UnmarshalJSON reads a capability from an option's name or from a mapping.
func (c *Capability) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &c.Option)
	}
	type plain Capability
	return json.Unmarshal(data, (*plain)(c))
}

// MarshalJSON writes a capability as it is read.
func (c Capability) MarshalJSON() ([]byte, error) {
	if c.External == nil {
		return json.Marshal(c.Option)
	}
	type plain Capability
	return json.Marshal(plain(c))
}

// The defaults of a spec, as scaffold writes them.
const (
	DefaultName              = "my-platform"
	DefaultDomain            = "example.org"
	DefaultRepositoryURL     = "https://git.example.org/platform/my-platform.git"
	DefaultBranch            = "main"
	DefaultKubernetesVersion = "1.36"
	DefaultCluster           = "prod"
	hubServer                = "https://kubernetes.default.svc"
)

// WithDefaults gives a copy of s in which every field that a blueprint reads is filled in.
func (s Spec) WithDefaults() Spec {
	fill(&s.APIVersion, APIVersion)
	fill(&s.Name, DefaultName)
	fill(&s.Tier, Medium)
	fill(&s.Domain, DefaultDomain)
	fill(&s.Repository.URL, DefaultRepositoryURL)
	fill(&s.Repository.Branch, DefaultBranch)
	fill(&s.KubernetesVersion, DefaultKubernetesVersion)
	if len(s.Clusters) == 0 {
		s.Clusters = []Cluster{{Name: DefaultCluster}}
	}
	clusters := make([]Cluster, len(s.Clusters))
	for i, c := range s.Clusters {
		if i == 0 {
			fill(&c.Server, hubServer)
			fill(&c.Domain, s.Domain)
		}
		fill(&c.Domain, c.Name+"."+s.Domain)
		fill(&c.KubernetesVersion, s.KubernetesVersion)
		clusters[i] = c
	}
	s.Clusters = clusters
	s.Teams = slices.Clone(s.Teams)
	for i := range s.Teams {
		s.Teams[i].fill(clusters)
	}
	s.Workloads = slices.Clone(s.Workloads)
	for i := range s.Workloads {
		s.Workloads[i].fill(clusters)
	}
	return s
}

// fill puts in what a workload leaves out.
func (w *Workload) fill(clusters []Cluster) {
	if w.RepoURL != "" {
		fill(&w.Path, ".")
		fill(&w.Revision, DefaultBranch)
	}
	fill(&w.Path, WorkloadsDir+"/"+w.Name)
	fill(&w.Namespace, w.Name)
	if len(w.Clusters) == 0 {
		w.Clusters = namesOf(clusters)
	}
}

// WorkloadsDir is the folder that workloads stand in unless they say otherwise.
const WorkloadsDir = "workloads"

func namesOf(clusters []Cluster) []string {
	var all []string
	for _, c := range clusters {
		all = append(all, c.Name)
	}
	return all
}

// fill puts in what a team leaves out.
func (t *Team) fill(clusters []Cluster) {
	if len(t.Namespaces) == 0 {
		t.Namespaces = []string{t.Name}
	}
	if len(t.Clusters) == 0 {
		t.Clusters = namesOf(clusters)
	}
	if t.Apps != nil {
		apps := *t.Apps
		fill(&apps.Revision, DefaultBranch)
		t.Apps = &apps
	}
}

func fill[T ~string](field *T, value T) {
	if *field == "" {
		*field = value
	}
}
