package render

import (
	"path"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Kind is what is rendered: an Application, or a root that none reaches.
type Kind string

// The kinds of what is rendered.
const (
	AnApplication Kind = ""
	Kustomization Kind = "kustomization"
	Chart         Kind = "chart"
	Jsonnet       Kind = "Jsonnet file"
)

// Label names one of a kind.
func (k Kind) Label(name string) string {
	if k == AnApplication {
		return "Application " + name
	}
	return string(k) + " " + name
}

// Unreached reports whether Argo CD may have no business with it: that nothing names it need not be a mistake.
func (k Kind) Unreached() bool { return k == Chart || k == Jsonnet }

const (
	notReached  = "no Application reaches it, and this version renders none by itself"
	hintReached = "have an Application or a kustomization name it"
)

// reach notes the directories that an Application names.
func (r *renderer) reach(res manifest.Resource, s source) {
	app, _ := argocd.ReadApplication(res) // a rule tells of fields of another type
	if s.state.Kind == build.Elsewhere {
		return
	}
	if app.Spec.Source != nil {
		r.reached[path.Clean(app.Spec.Source.Path)] = true
	}
	for _, one := range app.Spec.SourceList {
		r.reached[path.Clean(one.Path)] = true
	}
}

// left adds the charts and the Jsonnet files that nothing names.
func (r *renderer) left() {
	for _, dir := range r.repository().LooseCharts() {
		if file := path.Join(dir, "Chart.yaml"); !r.reached[dir] && !r.read[file] {
			r.leave(Chart, dir, file)
		}
	}
	for _, p := range r.repository().LooseJsonnet() {
		if !r.read[p] && !r.isReached(p) {
			r.leave(Jsonnet, p, p)
		}
	}
}

func (r *renderer) leave(kind Kind, name, file string) {
	r.result.Applications = append(r.result.Applications, Application{
		Kind: kind, Name: name, Place: manifest.Place{File: file, Line: 1, Column: 1},
		State: build.State{Kind: build.NotRendered, Reason: notReached, Hint: hintReached},
	})
}

// isReached reports whether a file stands in or below a directory that an Application names.
func (r *renderer) isReached(p string) bool {
	for dir := path.Dir(p); ; dir = path.Dir(dir) {
		if r.reached[dir] || dir == "." {
			return r.reached[dir]
		}
	}
}
