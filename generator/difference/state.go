package difference

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

// state is a side with what is looked up in it.
type state struct {
	Side
	// apps are the Applications that were rendered, objects those of Argo CD's kind by their names, projects likewise.
	apps     map[AppName]render.Application
	objects  map[string][]manifest.Resource
	projects map[string]argocd.AppProject
	// brought is what Applications bring.
	brought map[AppName][]*manifest.Resource
	// unread are the files that hold what is not known, with the reason.
	unread map[string]string
}

func newState(s Side) *state {
	out := &state{
		Side: s, apps: map[AppName]render.Application{}, objects: map[string][]manifest.Resource{},
		projects: map[string]argocd.AppProject{}, brought: map[AppName][]*manifest.Resource{}, unread: map[string]string{},
	}
	for _, app := range s.Applications {
		name := AppName{app.Cluster, app.Name}
		if _, ok := out.apps[name]; !ok {
			out.apps[name] = app
		}
	}
	for i := range s.Resources {
		res := &s.Resources[i]
		name := appOf(*res)
		out.brought[name] = append(out.brought[name], res)
		switch {
		case argocd.IsApplication(res.ID) || argocd.IsApplicationSet(res.ID):
			out.objects[res.ID.Name] = append(out.objects[res.ID.Name], *res)
		case argocd.IsAppProject(res.ID):
			out.projects[res.ID.Name], _ = argocd.ReadAppProject(*res)
		}
	}
	for _, p := range s.Problems {
		if p.Keeps() {
			out.unread[p.Place.File] = fmt.Sprintf("%s: %s", p.Place, p.Message)
		}
	}
	return out
}

func appOf(res manifest.Resource) AppName {
	return AppName{res.Origin.Cluster, res.Origin.Application}
}

// object gives the object of an Application. Where several clusters have one of that name, it is that of the nearest.
func (s *state) object(app AppName) (argocd.Application, bool) {
	all := s.objects[app.Name]
	if len(all) == 0 {
		return argocd.Application{}, false
	}
	i := max(0, slices.IndexFunc(all, func(res manifest.Resource) bool { return res.Origin.Cluster == app.Cluster }))
	read, _ := argocd.ReadApplication(all[i])
	return read, true
}

// unknown says why it is not known what an Application brings; empty where it is known, be it that there is no such
// Application. other is the state that may have it.
func (s *state) unknown(app AppName, other *state) string {
	seen := map[AppName]bool{}
	for !seen[app] {
		seen[app] = true
		if here, ok := s.apps[app]; ok {
			if here.State.Known() {
				return ""
			}
			return s.reason(here)
		}
		there, ok := other.apps[app]
		if !ok {
			return ""
		}
		if why := s.unread[there.Place.File]; why != "" {
			return why
		}
		object, ok := other.object(app)
		if !ok {
			return ""
		}
		app = appOf(object.Resource) // which brings it: it may be what is not known
	}
	return ""
}

// reason says why an Application is not rendered: by what is wrong with it, where that is told.
func (s *state) reason(app render.Application) string {
	if app.State.Kind != build.Failed {
		return app.State.Reason
	}
	var wrong []string
	for _, p := range s.Problems {
		if p.Application == app.Name {
			wrong = append(wrong, fmt.Sprintf("%s: %s", p.Place, p.Message))
		}
	}
	switch len(wrong) {
	case 0:
		return app.State.Reason
	case 1:
		return wrong[0]
	}
	return fmt.Sprintf("%s (and %d more)", wrong[0], len(wrong)-1)
}

// lacks reports whether it is not known that an object of the other state is not in this one, in which app brings it.
func (s *state) lacks(res *manifest.Resource, app AppName, other *state) bool {
	if app.Name != "" {
		return s.unknown(app, other) != ""
	}
	for file := range s.unread {
		if file == res.Origin.Place.File || kustomization.IsFile(file) && strings.HasPrefix(res.Origin.Place.File, path.Dir(file)+"/") {
			return true
		}
	}
	return false
}

// charts are the versions of the charts that an Application has objects of, by name, sorted.
func (s *state) charts(app AppName) map[string][]string {
	charts := map[string][]string{}
	for _, res := range s.brought[app] {
		name, version, ok := strings.Cut(res.Origin.Chart, " ")
		if ok && !res.Origin.Fetched && !slices.Contains(charts[name], version) {
			charts[name] = append(charts[name], version)
		}
	}
	for _, versions := range charts {
		slices.Sort(versions)
	}
	return charts
}
