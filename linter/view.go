package linter

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

// Input is what there is to judge.
type Input struct {
	// Tree is the repository, Resources what it renders to, in a stable order.
	Tree      tree.Tree
	Resources []manifest.Resource
	// Applications say how far each was rendered.
	Applications []State
	// Problems are what reading and rendering found, by the rule that judges it.
	Problems []Finding
	// Unknown finds the values that charts are given and do not know; nil finds none.
	Unknown func() Judgement
	// Tier is never empty.
	Tier blueprint.Tier
	// KubernetesVersion is major.minor; a cluster with another version has an entry in ClusterVersions.
	KubernetesVersion string
	ClusterVersions   map[string]string
	// Clusters are cluster names by the server or name in an Application's destination.
	Clusters map[string]string
	// Namespaced says whether objects of a kind stand in a namespace; nil knows no kind.
	Namespaced func(group, kind string) (namespaced, known bool)
	// Focus says which files were asked for; nil says so of all. What is told once of many objects is told at one of these.
	Focus func(file string) bool
	// Generated says whether gitopsgen wrote a file and nobody changed it since; nil says so of none.
	Generated func(file string) bool
	// Trusted says that the policies of the repository's own come from somebody who may see what was fetched by URL.
	Trusted bool
	// Params are the settings by rule and name, defaults filled in by Run.
	Params map[string]map[string]any
	// External is what comes from elsewhere: nothing is told of its lacking.
	External []External
	// Kept is what earlier runs found in single objects; nil keeps nothing.
	Kept *cache.Store
	// Judged are the IDs of the rules that are not off and whose required parameters are set; filled in by Run.
	Judged map[string]bool
	// Share is what of it this run judges.
	Share Share
}

// State says how far an Application was rendered.
type State struct {
	// Cluster is the one that its objects go to; it is empty where that is not known, as with an ApplicationSet's.
	Name, Cluster string
	// Complete says that Input.Resources has all objects that it brings.
	Complete bool
	// Unchanged says that it has none, because it brings what it brought before.
	Unchanged bool
}

// View is the whole of what is judged, in the ways in which rules ask for it. It is made once a run, works out what is asked for
// when it is, and never changes. Nobody may change what it gives.
type View struct {
	Input
	applications func() []Application
	projects     func() map[string][]Project
	steps        func() []argocd.Step
	objects      func() map[objectKey][]*manifest.Resource
	clusters     func() map[string][]*manifest.Resource
	namespaces   func() map[namespaceKey][]*manifest.Resource
	scopes       func() map[string]bool
	contents     func() []int
	digests      func() []string
	seen         func() map[string][]*cluster.Cluster
	hubs         func() map[string]bool
	fetched      func() map[portion]bool
	owners       func() map[portion]int
	incomplete   func() []string
}

type objectKey struct{ cluster, group, kind, namespace, name string }

type namespaceKey struct{ cluster, name string }

// Application is an Application, with what it brings.
type Application struct {
	argocd.Application
	// Cluster is the one that its objects go to, and Objects are these.
	Cluster string
	Objects []*manifest.Resource
	// Complete says that Objects are all that it brings.
	Complete bool
	// Problems are what could not be read of it: what they are about is left out.
	Problems []manifest.Problem
}

// Project is an AppProject, with what could not be read of it.
type Project struct {
	argocd.AppProject
	Problems []manifest.Problem
}

// NewView gives the view of an input.
func NewView(in Input) *View {
	v := &View{Input: in}
	v.applications = sync.OnceValue(v.readApplications)
	v.projects = sync.OnceValue(v.readProjects)
	v.steps = sync.OnceValue(func() []argocd.Step { return argocd.Steps(in.Resources) })
	v.objects = index(in.Resources, func(r *manifest.Resource) objectKey {
		return objectKey{r.Origin.Cluster, r.ID.Group, r.ID.Kind, r.ID.Namespace, r.ID.Name}
	})
	v.clusters = index(in.Resources, func(r *manifest.Resource) string { return r.Origin.Cluster })
	v.namespaces = index(in.Resources, func(r *manifest.Resource) namespaceKey { return namespaceKey{r.Origin.Cluster, r.ID.Namespace} })
	v.scopes = sync.OnceValue(v.readScopes)
	v.digests = sync.OnceValue(func() []string { return digests(in.Resources) })
	v.contents = sync.OnceValue(func() []int { return contents(v.digests()) })
	v.seen = sync.OnceValue(v.readClusters)
	v.hubs = sync.OnceValue(v.readHubs)
	v.fetched = sync.OnceValue(v.readFetched)
	v.owners = sync.OnceValue(v.readOwners)
	v.incomplete = sync.OnceValue(in.Incomplete)
	return v
}

// index gives a function that gathers objects by a key when it is first called.
func index[K comparable](resources []manifest.Resource, key func(*manifest.Resource) K) func() map[K][]*manifest.Resource {
	return sync.OnceValue(func() map[K][]*manifest.Resource {
		all := map[K][]*manifest.Resource{}
		for i := range resources {
			k := key(&resources[i])
			all[k] = append(all[k], &resources[i])
		}
		return all
	})
}

// Applications are those among the objects, in their order.
func (v *View) Applications() []Application { return v.applications() }

// Projects are the AppProjects of a name that an Application which stands in a cluster may belong to: those of the same cluster,
// and those of which that is not known.
func (v *View) Projects(name, cluster string) []Project {
	return slices.DeleteFunc(slices.Clone(v.projects()[name]), func(p Project) bool {
		return p.Origin.Cluster != cluster && p.Origin.Cluster != "" && cluster != ""
	})
}

// ProjectNames are the names of all AppProjects, sorted.
func (v *View) ProjectNames() []string { return slices.Sorted(maps.Keys(v.projects())) }

// Steps are all objects in the order in which Argo CD applies them.
func (v *View) Steps() []argocd.Step { return v.steps() }

// Objects are those of a cluster that an ID names, in whatever version: more than one where Applications share an object. The
// empty cluster has what no Application brings.
func (v *View) Objects(cluster string, id manifest.ID) []*manifest.Resource {
	return v.objects()[objectKey{cluster, id.Group, id.Kind, id.Namespace, id.Name}]
}

// InCluster are the objects of a cluster, in their order.
func (v *View) InCluster(cluster string) []*manifest.Resource { return v.clusters()[cluster] }

// InNamespace are the objects in a namespace of a cluster, in their order; the empty namespace has those that stand in none.
func (v *View) InNamespace(cluster, namespace string) []*manifest.Resource {
	return v.namespaces()[namespaceKey{cluster, namespace}]
}

// KubernetesOf is the version of Kubernetes, major.minor, that a cluster has, or what no Application brings is judged for.
func (in Input) KubernetesOf(cluster string) string {
	return cmp.Or(in.ClusterVersions[cluster], in.KubernetesVersion)
}

// Incomplete are the names of the Applications that may bring more objects than there are. These may be Applications, which
// bring anything.
func (in Input) Incomplete() []string {
	var names []string
	for _, s := range in.Applications {
		if !s.Complete {
			names = append(names, s.Name)
		}
	}
	return names
}

// Incomplete are those of the Input. Rules ask for each Application.
func (v *View) Incomplete() []string { return v.incomplete() }

// Scope says whether the objects of a kind stand in a namespace, by the schemas and by the definitions among the objects.
func (v *View) Scope(group, kind string) (namespaced, known bool) {
	if v.Namespaced != nil {
		if namespaced, known = v.Namespaced(group, kind); known {
			return namespaced, known
		}
	}
	namespaced, known = v.scopes()[group+"/"+kind]
	return namespaced, known
}

func (v *View) readScopes() map[string]bool {
	scopes := map[string]bool{}
	for _, r := range v.Resources {
		if r.ID.Kind != "CustomResourceDefinition" {
			continue
		}
		group, _ := manifest.Dig(r.Object, "spec", "group").(string)
		kind, _ := manifest.Dig(r.Object, "spec", "names", "kind").(string)
		if scope := manifest.Dig(r.Object, "spec", "scope"); scope != nil {
			scopes[group+"/"+kind] = scope == "Namespaced"
		}
	}
	return scopes
}

func (v *View) readProjects() map[string][]Project {
	projects := map[string][]Project{}
	for _, r := range v.Resources {
		if argocd.IsAppProject(r.ID) {
			p, problems := argocd.ReadAppProject(r)
			projects[r.ID.Name] = append(projects[r.ID.Name], Project{p, problems})
		}
	}
	return projects
}

func (v *View) readApplications() []Application {
	type key struct{ name, cluster string }
	brought := index(v.Resources, func(r *manifest.Resource) key {
		if r.Origin.Set != nil {
			return key{} // no Application brings what a set makes: Argo CD holds it against no project
		}
		return key{r.Origin.Application, r.Origin.Cluster}
	})()
	complete := map[key]bool{}
	for _, s := range v.Input.Applications {
		complete[key{s.Name, s.Cluster}] = s.Complete
	}
	var all []Application
	for _, r := range v.Resources {
		if !argocd.IsApplication(r.ID) {
			continue
		}
		a, problems := argocd.ReadApplication(r)
		one := Application{Application: a, Cluster: v.cluster(a.Spec.Destination), Problems: problems}
		at := key{r.ID.Name, one.Cluster}
		one.Objects, one.Complete = brought[at], complete[at]
		all = append(all, one)
	}
	return all
}

// cluster names the cluster of a destination as Origin does.
func (v *View) cluster(d argocd.Destination) string {
	where := d.Server
	if where == "" {
		where = d.Name
	}
	if name, ok := v.Clusters[where]; ok {
		return name
	}
	return where
}
