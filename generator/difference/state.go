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
	// apps are the Applications that were rendered. objects are those of Argo CD's kind by their names and the cluster that they
	// stand on, and by their names alone; projects are by their names.
	apps     map[AppName]render.Application
	objects  map[AppName]manifest.Resource
	projects map[string]argocd.AppProject
	// brought is what Applications bring.
	brought map[AppName][]*manifest.Resource
	// unread are the files that hold what is not known, with the reason; wrong says why by the name of an Application.
	unread map[string]string
	wrong  map[string][]string
	// folders are those whose kustomization does not render.
	folders map[string]bool
	// reasons are what unknown has found out.
	reasons map[AppName]string
}

func newState(s Side) *state {
	out := &state{
		Side: s, apps: map[AppName]render.Application{}, objects: map[AppName]manifest.Resource{}, projects: map[string]argocd.AppProject{},
		brought: map[AppName][]*manifest.Resource{}, unread: map[string]string{}, wrong: map[string][]string{},
		folders: map[string]bool{}, reasons: map[AppName]string{},
	}
	for _, app := range s.Applications {
		name := AppName{app.Cluster, app.Name}
		if known, ok := out.apps[name]; !ok || app.State.Kind > known.State.Kind {
			out.apps[name] = app
		}
	}
	for i := range s.Resources {
		res := &s.Resources[i]
		name := appOf(*res)
		out.brought[name] = append(out.brought[name], res)
		switch {
		case argocd.IsApplication(res.ID) || argocd.IsApplicationSet(res.ID):
			out.addObject(AppName{name.Cluster, res.ID.Name}, *res)
			out.addObject(AppName{Name: res.ID.Name}, *res)
		case argocd.IsAppProject(res.ID):
			out.projects[res.ID.Name], _ = argocd.ReadAppProject(*res)
		}
	}
	for _, p := range s.Problems {
		why := fmt.Sprintf("%s: %s", p.Place, p.Message)
		if out.wrong[p.Application] = append(out.wrong[p.Application], why); p.Keeps() {
			out.unread[p.Place.File] = why
			out.folders[path.Dir(p.Place.File)] = kustomization.IsFile(p.Place.File) || out.folders[path.Dir(p.Place.File)]
		}
	}
	return out
}

// addObject adds the object of an Application. Of several it is one that another Application brings.
func (s *state) addObject(as AppName, res manifest.Resource) {
	if known, ok := s.objects[as]; !ok || compareNames(appOf(res), appOf(known)) > 0 {
		s.objects[as] = res
	}
}

func appOf(res manifest.Resource) AppName {
	return AppName{res.Origin.Cluster, res.Origin.Application}
}

// object gives the object of an Application, read.
func (s *state) object(app AppName) (argocd.Application, bool) {
	res, ok := s.found(app)
	read, _ := argocd.ReadApplication(res)
	return read, ok
}

// found gives the object of an Application: that on its own cluster, where several clusters have one of that name.
func (s *state) found(app AppName) (manifest.Resource, bool) {
	if res, ok := s.objects[app]; ok {
		return res, true
	}
	res, ok := s.objects[AppName{Name: app.Name}]
	return res, ok
}

// has reports whether there is an object of an Application, on whichever cluster.
func (s *state) has(app AppName) bool {
	_, ok := s.objects[AppName{Name: app.Name}]
	return ok
}

// unknown says why it is not known what an Application brings; empty where it is known, be it that there is no such
// Application. other is the state that may have it.
func (s *state) unknown(app AppName, other *state) string {
	var asked []AppName
	why, known := "", false
	for !known {
		if why, known = s.reasons[app]; !known {
			s.reasons[app] = "" // where they bring each other
			asked = append(asked, app)
			why, app, known = s.unknownBut(app, other)
		}
	}
	for _, app := range asked {
		s.reasons[app] = why
	}
	return why
}

// unknownBut says why it is not known what an Application brings, unless that depends on the one that brings it.
func (s *state) unknownBut(app AppName, other *state) (why string, parent AppName, known bool) {
	if here, ok := s.apps[app]; ok && !here.State.Known() {
		return s.reason(here), app, true
	} else if ok {
		return "", app, true
	}
	there, ok := other.apps[app]
	if why := s.unread[there.Place.File]; !ok || why != "" {
		return why, app, true
	}
	object, ok := other.found(app)
	return "", appOf(object), !ok
}

// reason says why an Application is not rendered: by what is wrong with it, where that is told.
func (s *state) reason(app render.Application) string {
	if app.State.Kind != build.Failed {
		return app.State.Reason
	}
	wrong := s.wrong[app.Name]
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
	if s.unread[res.Origin.Place.File] != "" {
		return true
	}
	for dir := res.Origin.Place.File; dir != "." && dir != "/"; {
		if dir = path.Dir(dir); s.folders[dir] {
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
