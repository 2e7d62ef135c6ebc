package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

// member is an Application with the AppProjects that it may belong to: more than one where several Argo CDs have one of that name.
type member struct {
	*linter.Application
	resource *manifest.Resource
	projects []linter.Project
}

// members are the Applications that may be held against their projects, and why others may not.
func members(v *linter.View) (all []member, not []linter.NotJudged) {
	if global(v) {
		return nil, []linter.NotJudged{{Reason: "argocd-cm has globalProjects, which add to what projects permit"}}
	}
	applications := v.Applications()
	for i := range applications {
		a := &applications[i]
		projects := v.Projects(projectOf(a), a.Origin.Cluster)
		odd := slices.ContainsFunc(projects, func(p linter.Project) bool { return len(p.Problems) > 0 })
		if len(projects) == 0 || odd || len(a.Problems) > 0 {
			continue // other rules tell of it
		}
		all = append(all, member{Application: a, resource: &a.Resource, projects: projects})
	}
	return all, nil
}

// projectOf is the name of the project that an Application belongs to.
func projectOf(a *linter.Application) string {
	if a.Spec.Project == "" {
		return defaultProject
	}
	return a.Spec.Project
}

// defaultProject is there without being made, and permits everything until somebody changes it.
const defaultProject = "default"

// global reports whether Argo CD is told of projects that all others inherit from.
func global(v *linter.View) bool {
	return slices.ContainsFunc(v.Resources, func(r manifest.Resource) bool {
		text, _ := manifest.Dig(r.Object, "data", "globalProjects").(string)
		return r.ID.Kind == "ConfigMap" && r.ID.Name == "argocd-cm" && strings.Trim(text, " \n[]") != ""
	})
}

// none reports whether no project permits something.
func (m member) none(permits func(linter.Project) bool) bool {
	return !slices.ContainsFunc(m.projects, permits)
}

// denies reports whether no project permits objects in a namespace of the Application's cluster; known is false where that
// cannot be told.
func (m member) denies(namespace string) (denied, known bool) {
	d := m.Spec.Destination
	d.Namespace = namespace
	if (d.Server == "") == (d.Name == "") {
		return false, true // which Argo CD refuses before it asks the project
	}
	denied, known = true, true
	for _, p := range m.projects {
		permitted, sure := p.PermitsDestination(d)
		if permitted && sure {
			return false, true
		}
		known = known && sure
	}
	return denied, known
}

// deniesKind reports whether no project permits an object, wherever it stands. Where it is not known whether its kind stands in a
// namespace, both must be denied.
func (m member) deniesKind(v *linter.View, id manifest.ID) bool {
	namespaced, known := v.Scope(id.Group, id.Kind)
	if id.Namespace != "" {
		namespaced, known = true, true
	}
	return m.none(func(p linter.Project) bool {
		return (namespaced || !known) && p.PermitsNamespaced(id) || (!namespaced || !known) && p.PermitsClusterScoped(id)
	})
}

// ofArgoCD reports whether an object is one that Argo CD reads itself.
func ofArgoCD(id manifest.ID) bool {
	return argocd.IsApplication(id) || argocd.IsApplicationSet(id) || argocd.IsAppProject(id)
}

// related is the field of each project that says what is permitted, and the Application where the finding is about an object.
func (m member) related(r *manifest.Resource, field string) []linter.Related {
	var all []linter.Related
	if r != m.resource {
		all = append(all, linter.Related{Place: m.Place(), Message: fmt.Sprintf("Application %s belongs to the project %q", m.ID.Name, projectOf(m.Application))})
	}
	for _, p := range m.projects {
		all = append(all, linter.Related{Place: p.Place("spec", field), Message: fmt.Sprintf("what the project %q permits", p.ID.Name)})
	}
	return all
}

// group are objects that share a fault: the first of them, and how many there are.
type group struct {
	first *manifest.Resource
	count int
}

// grouped gathers objects by a key, in the order of the first ones; those whose key is not ok are left out.
func grouped[K comparable](objects []*manifest.Resource, key func(manifest.ID) (k K, ok bool)) []group {
	var groups []group
	known := map[K]int{}
	for _, r := range objects {
		k, ok := key(r.ID)
		if !ok {
			continue
		}
		if _, ok := known[k]; !ok {
			known[k] = len(groups)
			groups = append(groups, group{first: r})
		}
		groups[known[k]].count++
	}
	return groups
}

// these says what the objects of a group do: one does, several do.
func (g group) these(does, do string) string {
	if g.count == 1 {
		return "this object " + does
	}
	return "this and " + wording.Count(g.count-1, "other object") + " " + do
}
