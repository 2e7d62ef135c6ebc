package linter

import (
	"maps"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

// ClusterNames are those of all to which something goes, sorted; the empty one has what no Application brings.
func (v *View) ClusterNames() []string { return slices.Sorted(maps.Keys(v.clusters())) }

// Seen is what goes to a cluster, as Kubernetes sees it. Of what no Application brings each folder is seen by itself, for most
// repositories of manifests hold several ways to do the same. What was fetched by URL is not among it: by what is found of other
// objects it could be told what stands there.
func (v *View) Seen(name string) []*cluster.Cluster { return v.seen()[name] }

func (v *View) readClusters() map[string][]*cluster.Cluster {
	all := map[string][]*cluster.Cluster{}
	for name, objects := range v.clusters() {
		folders := map[string][]*manifest.Resource{}
		for _, r := range objects {
			folder := ""
			if name == "" {
				folder = path.Dir(r.Origin.Place.File)
			}
			if !r.Origin.Fetched {
				folders[folder] = append(folders[folder], r)
			}
		}
		for _, folder := range slices.Sorted(maps.Keys(folders)) {
			all[name] = append(all[name], cluster.New(folders[folder]))
		}
	}
	return all
}

// Lacking are the names of the Applications that may bring more objects to a cluster than there are: those that go there, and those
// that may bring Applications.
func (v *View) Lacking(name string) []string {
	var names []string
	for _, s := range v.Input.Applications {
		if !s.Complete && (s.Cluster == name || v.hubs()[s.Cluster]) {
			names = append(names, s.Name)
		}
	}
	return names
}

// ownServer is how a destination names the cluster in which Argo CD itself runs.
const ownServer = "https://kubernetes.default.svc"

// readHubs gives the clusters to which Applications may go: the one of which nothing is known, those in which Argo CD runs, and those
// that have some.
func (v *View) readHubs() map[string]bool {
	hubs := map[string]bool{"": true, "in-cluster": true, ownServer: true}
	if name, ok := v.Clusters[ownServer]; ok {
		hubs[name] = true
	}
	for _, a := range v.Applications() {
		hubs[a.Origin.Cluster] = true
	}
	return hubs
}
