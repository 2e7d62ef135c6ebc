package blueprints_test

import (
	"path"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// TestWhatGoesIsDeleted wants whatever goes from a tree to be deleted, but for what is kept on purpose: its Application
// prunes, or goes with all that it brought; and its project permits it, for Argo CD deletes nothing else. That is the new
// tree's project; where it has none any more, the old one, as long as a finalizer keeps it until no Application names it.
func TestWhatGoesIsDeleted(t *testing.T) {
	with := func(spec blueprint.Spec, capability string, choice blueprint.Capability) blueprint.Spec {
		spec.Capabilities = map[string]blueprint.Capability{capability: choice}
		return spec
	}
	both := twoClusters(blueprint.Medium)
	one, none := both, both
	one.Teams = append(slices.Clone(both.Teams), blueprint.Team{Name: "shades", Owner: "Bob", Apps: both.Teams[0].Apps})
	none.Teams = nil
	shop, shops := both, both
	shop.Workloads = []blueprint.Workload{{Name: "shop"}}
	shops.Workloads = []blueprint.Workload{{Name: "shop"}, {Name: "mail"}}
	for _, c := range []struct {
		name     string
		old, new blueprint.Spec
	}{
		{"the ingress is switched", with(both, "ingress", blueprint.Capability{Option: "traefik"}), with(both, "ingress", blueprint.Capability{Option: "contour"})},
		{"nothing measures any more", both, with(both, "monitoring", blueprint.Capability{External: &blueprint.External{By: "Ann", Reason: "It is elsewhere."}})},
		{"one team of two goes", one, both},
		{"the last team goes", both, none},
		{"one workload of two goes", shops, shop},
		{"the last workload goes", shop, both},
	} {
		t.Run(c.name, func(t *testing.T) {
			was, is := renderSpec(t, c.old), renderSpec(t, c.new)
			if gone(t, was.Resources, is.Resources) == 0 {
				t.Error("nothing goes")
			}
		})
	}
}

// after is what there is to delete with, once a tree has become another.
type after struct {
	// left are the objects that stay.
	left map[onCluster]bool
	// apps are the Applications as they are last, projects the AppProjects that are in force.
	apps, projects map[string]manifest.Resource
}

type onCluster struct {
	cluster string
	id      manifest.ID
}

func of(res manifest.Resource) onCluster { return onCluster{res.Origin.Cluster, res.ID} }

// gone judges what is in one list and not in the other, and counts it. Of charts that stay it judges nothing: not all that
// they may render to is recorded.
func gone(t *testing.T, was, is []manifest.Resource) int {
	a := after{map[onCluster]bool{}, map[string]manifest.Resource{}, map[string]manifest.Resource{}}
	for _, res := range is {
		a.left[of(res)] = true
	}
	for _, res := range slices.Concat(was, is) { // what is now comes after what was
		switch {
		case res.ID.Kind == "Application":
			a.apps[res.ID.Name] = res
		case res.ID.Kind == "AppProject" && (a.left[of(res)] || keptWhileNamed(res)):
			a.projects[res.ID.Name] = res
		}
	}
	count := 0
	for _, res := range was {
		app := a.apps[res.Origin.Application]
		if !a.left[of(res)] && app.Object != nil && (res.Origin.Chart == "" || !a.left[of(app)]) {
			count++
			a.judge(t, res, app)
		}
	}
	return count
}

// judge wants an object of an Application that is no longer in Git to be deleted, and where it is an Application itself,
// what that brought.
func (a after) judge(t *testing.T, res, app manifest.Resource) {
	name := text(app.Object, "spec", "project")
	project, ok := a.projects[name]
	if !ok || !permits(project, res, place{text(app.Object, "spec", "destination", "server"), res.ID.Namespace}) {
		t.Errorf("%s of %s stays: project %q does not permit it", res.ID, app.ID.Name, name)
	}
	if !deletes(app, a.left[of(app)]) && !keptOnPurpose(res) {
		t.Errorf("%s of %s stays: the Application does not delete it", res.ID, app.ID.Name)
	}
	if res.ID.Kind != "Application" {
		return
	}
	name = text(res.Object, "spec", "project")
	if project, ok := a.projects[name]; !ok || !allows(project, destinationOf(res)) {
		t.Errorf("%s goes, and project %q before it", res.ID, name)
	}
}

// deletes reports whether an Application deletes what it no longer brings; one that goes does so by its finalizer.
func deletes(app manifest.Resource, stays bool) bool {
	if stays {
		return field(app.Object, "spec", "syncPolicy", "automated", "prune") == true
	}
	return slices.Contains(list(app.Object, "metadata", "finalizers"), any("resources-finalizer.argocd.argoproj.io"))
}

// keptOnPurpose reports whether nothing deletes an object by itself. Of recorded ones only the kind tells.
func keptOnPurpose(res manifest.Resource) bool {
	return res.ID.Kind == "CustomResourceDefinition" || text(res.Object, "metadata", "annotations", "argocd.argoproj.io/sync-options") == "Prune=false,Delete=false"
}

// keptWhileNamed reports whether Argo CD keeps a project that is deleted until no Application names it.
func keptWhileNamed(project manifest.Resource) bool {
	return slices.Contains(list(project.Object, "metadata", "finalizers"), any("resources-finalizer.argocd.argoproj.io"))
}

// permits judges an object as Argo CD does: by its kind, and where it has a namespace by that.
func permits(project, res manifest.Resource, where place) bool {
	named := func(field string) bool {
		return slices.ContainsFunc(list(project.Object, "spec", field), func(kind any) bool {
			group, _ := path.Match(text(kind, "group"), res.ID.Group)
			name, _ := path.Match(text(kind, "kind"), res.ID.Kind)
			return group && name
		})
	}
	if res.ID.Namespace == "" {
		return named("clusterResourceWhitelist") && !named("clusterResourceBlacklist")
	}
	return !named("namespaceResourceBlacklist") && allows(project, where)
}
