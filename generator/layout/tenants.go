package layout

import (
	"fmt"
	"maps"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// tenants writes what teams get on a cluster: a folder and an Application for each, their AppProjects, and root
// Applications for repositories of their own.
func (w *writer) tenants(cluster blueprint.Cluster, platform blueprint.Platform) {
	w.apart(platform)
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

// apart gives an error where users would deploy into a namespace of a component, or beside Argo CD's Applications.
func (w *writer) apart(platform blueprint.Platform) {
	owners := map[string]string{w.argocd: "Argo CD"}
	for _, c := range platform.Components {
		for name := range c.Namespaces {
			owners[name] = "the component " + c.Name
		}
	}
	for i, workload := range w.in.Spec.Workloads {
		if owner := owners[workload.Namespace]; owner != "" && w.err == nil {
			w.err = fmt.Errorf("workloads[%d].namespace: %q belongs to %s", i, workload.Namespace, owner)
		}
	}
	for i, team := range w.in.Spec.Teams {
		for _, namespace := range team.Namespaces {
			if owner := owners[namespace]; owner != "" && w.err == nil {
				w.err = fmt.Errorf("teams[%d].namespaces: %q belongs to %s", i, namespace, owner)
			}
		}
	}
}

func (w *writer) tenant(cluster blueprint.Cluster, t blueprint.Tenant, wave int, reasons blueprint.Reasons) {
	title := "team-" + t.Name
	if len(t.Workloads) > 0 {
		title = t.Name
	}
	dir := "clusters/" + cluster.Name + "/tenants/" + t.Name
	w.component(cluster, blueprint.Component{Name: title, Objects: t.Objects, Reasons: reasons}, dir)
	w.addYAML(title+"/application@"+cluster.Name, appsDir(cluster)+"/"+title+".yaml", nil, w.application(application{
		cluster: cluster.Name, name: title, path: dir, wave: wave,
		destination: object{"server": cluster.Server, "namespace": t.Namespaces[0]},
	}))
	if len(t.Workloads) > 0 {
		w.workloads(cluster, t)
		return
	}
	project := w.tenantProject(cluster, t, title+"/project")
	if t.Apps == nil {
		return
	}
	w.addYAML(title+"/apps@"+cluster.Name, appsDir(cluster)+"/"+title+"-apps.yaml", nil, w.application(application{
		cluster: cluster.Name, name: t.Name + "-apps", project: project, wave: w.wave("last"),
		source:      object{"repoURL": t.Apps.RepoURL, "path": t.Apps.Path, "targetRevision": t.Apps.Revision},
		destination: object{"server": cluster.Server, "namespace": t.Namespaces[0]},
	}))
}

// workloads writes an Application for each workload, and an AppProject: one for all would permit less in the very commit
// that takes an Application away.
func (w *writer) workloads(cluster blueprint.Cluster, t blueprint.Tenant) {
	for _, workload := range t.Workloads {
		name := "workload-" + workload.Name
		own := blueprint.Tenant{Name: name, Namespaces: []string{workload.Namespace}, Project: t.Project}
		var source object // nil is this repository
		if workload.RepoURL != "" {
			source = object{"repoURL": workload.RepoURL, "path": workload.Path, "targetRevision": workload.Revision}
			own.Project = maps.Clone(t.Project)
			own.Project["sourceRepos"] = list{workload.RepoURL}
		}
		project := w.tenantProject(cluster, own, t.Name+"/"+name+"-project")
		w.addYAML(t.Name+"/"+name+"@"+cluster.Name, appsDir(cluster)+"/"+name+".yaml", nil, w.application(application{
			cluster: cluster.Name, name: name, project: project, path: workload.Path, source: source, wave: w.wave("last"),
			destination: object{"server": cluster.Server, "namespace": workload.Namespace},
		}))
	}
}

// tenantProject writes the AppProject of a tenant, for its namespaces on a cluster, and gives its name.
func (w *writer) tenantProject(cluster blueprint.Cluster, t blueprint.Tenant, id string) (name string) {
	name = cluster.Name + "-" + t.Name
	spec := maps.Clone(t.Project)
	var destinations list
	for _, namespace := range t.Namespaces {
		destinations = append(destinations, object{"server": cluster.Server, "namespace": namespace})
	}
	spec["destinations"] = destinations
	w.addYAML(id+"@"+cluster.Name, "clusters/"+cluster.Name+"/projects/"+t.Name+".yaml", nil, object{
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
	return name
}
