package main

import (
	"path"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// TestWhatGoesIsPermitted wants whatever goes from a tree to be permitted by its Application's project as it is then: Argo
// CD deletes nothing else. It is the new tree's project; where that has none any more, the old one, as long as a finalizer
// keeps it until no Application names it.
func TestWhatGoesIsPermitted(t *testing.T) {
	with := func(spec blueprint.Spec, capability string, choice blueprint.Capability) blueprint.Spec {
		spec.Capabilities = map[string]blueprint.Capability{capability: choice}
		return spec
	}
	both := twoClusters(blueprint.Medium)
	one, none := both, both
	one.Teams = append(slices.Clone(both.Teams), blueprint.Team{Name: "shades", Owner: "Bob", Apps: both.Teams[0].Apps})
	none.Teams = nil
	for _, c := range []struct {
		name     string
		old, new blueprint.Spec
	}{
		{"the ingress is switched", with(both, "ingress", blueprint.Capability{Option: "traefik"}), with(both, "ingress", blueprint.Capability{Option: "contour"})},
		{"nothing measures any more", both, with(both, "monitoring", blueprint.Capability{External: &blueprint.External{By: "Ann", Reason: "It is elsewhere."}})},
		{"one team of two goes", one, both},
		{"the last team goes", both, none},
	} {
		t.Run(c.name, func(t *testing.T) {
			was, is := renderCase(t, recordCase{c.name, c.old.WithDefaults()}, nil), renderCase(t, recordCase{c.name, c.new.WithDefaults()}, nil)
			if gone(t, was.result.Resources, is.result.Resources) == 0 {
				t.Error("nothing goes")
			}
		})
	}
}

// gone judges what is in one list and not in the other, and counts it.
func gone(t *testing.T, was, is []manifest.Resource) int {
	type object struct {
		cluster string
		id      manifest.ID
	}
	left, apps, projects := map[object]bool{}, map[string]manifest.Resource{}, map[string]manifest.Resource{}
	for _, res := range is {
		left[object{res.Origin.Cluster, res.ID}] = true
	}
	for _, res := range slices.Concat(was, is) { // what is now comes after what was
		switch res.ID.Kind {
		case "Application":
			apps[res.ID.Name] = res
		case "AppProject":
			if left[object{res.Origin.Cluster, res.ID}] || keptWhileNamed(res) {
				projects[res.ID.Name] = res
			}
		}
	}
	count := 0
	for _, res := range was {
		if left[object{res.Origin.Cluster, res.ID}] || res.Origin.Application == "" {
			continue
		}
		count++
		app := apps[res.Origin.Application]
		project, ok := projects[text(app.Object, "spec", "project")]
		where := place{text(app.Object, "spec", "destination", "server"), res.ID.Namespace}
		if !ok || !permits(project, res, where) {
			t.Errorf("%s of %s stays: project %q does not permit it", res.ID, app.ID.Name, text(app.Object, "spec", "project"))
		}
		if res.ID.Kind != "Application" {
			continue
		}
		if project, ok := projects[text(res.Object, "spec", "project")]; !ok || !allows(project, destinationOf(res)) {
			t.Errorf("%s goes, and project %q before it", res.ID, text(res.Object, "spec", "project"))
		}
	}
	return count
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
