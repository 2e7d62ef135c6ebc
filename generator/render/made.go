package render

import (
	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Application is one Argo CD Application, or a root that none reaches, and how far it was rendered.
type Application struct {
	Kind Kind
	// Name is the Application's, or the path of a root.
	Name, Cluster string
	// Place is where the Application stands, or the template of the set that made it.
	Place manifest.Place
	// Object is the Application, or the ApplicationSet of which something could not be made; the zero Resource is that of a
	// kustomization.
	Object manifest.Resource
	State  build.State
	// RecordedImages are those of recorded charts that their objects do not show.
	RecordedImages []string
	// Objects counts what it rendered to.
	Objects int
	Made
}

// Made says what something was made of, and which objects it came to.
type Made struct {
	// Dirs are the directories here that it names, rendered or not.
	Dirs []string
	// Read are the files of what was built of it.
	Read []Read
	// From and To bound its objects among the Resources of the Result that it was in first.
	From, To int
}

// Read are the files of what was built in one way.
type Read struct {
	Kind  build.UnitKind
	Files []string
}

// Alone is a manifest or a kustomization that no Application reaches.
type Alone struct {
	File string
	// Applications says that there is nothing but Applications in it, which is how it should be: they are what people apply first.
	// Unchanged says that it was not rendered, because it is what it was.
	Applications, Unchanged bool
	Made
}

// unchanged notes what no Application reaches and is not rendered, because it is what it was.
func (r *renderer) unchanged(file string, read Read, resources []manifest.Resource) {
	one := Alone{File: file, Applications: onlyApplications(resources), Unchanged: true, Made: Made{Read: []Read{read}}}
	r.result.Alone = append(r.result.Alone, one)
}

// madeOf says what an Application was made of, by all of its units that were found.
func (r *renderer) madeOf(res manifest.Resource, s source) Made {
	m := Made{Dirs: r.reach(res, s), From: len(r.result.Resources), To: len(r.result.Resources)}
	for _, u := range s.units {
		m.Read = append(m.Read, Read{u.Kind, r.builds[u.Key()].Read})
	}
	for _, u := range s.unchanged {
		m.Read = append(m.Read, Read{u.Kind, r.compare.read[u.Key()]})
	}
	return m
}

// reach notes and gives the directories that an Application names.
func (r *renderer) reach(res manifest.Resource, s source) (dirs []string) {
	app, _ := argocd.ReadApplication(res) // a rule tells of fields of another type
	if s.state.Kind == build.Elsewhere {
		return nil
	}
	for _, one := range app.Spec.Sources() {
		if one.Path != "" {
			dir := r.dirOf(one)
			dirs, r.reached[dir] = append(dirs, dir), true
		}
	}
	return dirs
}
