package layout

import (
	"maps"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// tenants writes what teams get on a cluster: a folder and an Application for each, their AppProjects, and root
// Applications for repositories of their own.
func (w *writer) tenants(cluster blueprint.Cluster, platform blueprint.Platform) {
	projects := false
	for _, c := range platform.Components {
		for i, t := range c.Tenants {
			projects = true
			w.tenant(cluster, t, c.Wave, c.Reasons.Below("tenants", i))
		}
	}
	if projects {
		w.addYAML("projects/application@"+cluster.Name, appsDir(cluster)+"/projects.yaml", nil, w.application(application{
			cluster: cluster.Name, name: "projects", path: "clusters/" + cluster.Name + "/projects", destination: w.hub(), wave: w.wave("projects"),
		}))
	}
}

func (w *writer) tenant(cluster blueprint.Cluster, t blueprint.Tenant, wave int, reasons blueprint.Reasons) {
	name := cluster.Name + "-" + t.Name
	dir := "clusters/" + cluster.Name + "/tenants/" + t.Name
	w.component(cluster, blueprint.Component{Name: "team-" + t.Name, Objects: t.Objects, Reasons: reasons}, dir)
	w.addYAML("team-"+t.Name+"/application@"+cluster.Name, appsDir(cluster)+"/team-"+t.Name+".yaml", nil, w.application(application{
		cluster: cluster.Name, name: "team-" + t.Name, path: dir, wave: wave,
		destination: object{"server": cluster.Server, "namespace": t.Namespaces[0]},
	}))
	spec := maps.Clone(t.Project)
	var destinations list
	for _, namespace := range t.Namespaces {
		destinations = append(destinations, object{"server": cluster.Server, "namespace": namespace})
	}
	spec["destinations"] = destinations
	w.addYAML("team-"+t.Name+"/project@"+cluster.Name, "clusters/"+cluster.Name+"/projects/"+t.Name+".yaml", nil, object{
		"apiVersion": "argoproj.io/v1alpha1",
		"kind":       "AppProject",
		"metadata": object{
			"name": name, "namespace": w.argocd, "labels": object{"app.kubernetes.io/part-of": w.in.Spec.Name},
			// Argo CD keeps a project with it until no Application names it: without its project, nothing of one that goes
			// could be deleted.
			"finalizers": list{resourcesFinalizer},
		},
		"spec": spec,
	})
	if t.Apps == nil {
		return
	}
	w.addYAML("team-"+t.Name+"/apps@"+cluster.Name, appsDir(cluster)+"/team-"+t.Name+"-apps.yaml", nil, w.application(application{
		cluster: cluster.Name, name: t.Name + "-apps", project: name, wave: w.wave("last"),
		source:      object{"repoURL": t.Apps.RepoURL, "path": t.Apps.Path, "targetRevision": t.Apps.Revision},
		destination: object{"server": cluster.Server, "namespace": t.Namespaces[0]},
	}))
}
