package render

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/wording"
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

// String gives the word for one of the kind.
func (k Kind) String() string { return cmp.Or(string(k), "Application") }

// Label says what it is, and its name.
func (a Application) Label() string {
	if argocd.IsApplicationSet(a.Object.ID) {
		return "ApplicationSet " + a.Name
	}
	return a.Kind.String() + " " + a.Name
}

// Unreached reports whether Argo CD may have no business with it: that nothing names it need not be a mistake.
func (k Kind) Unreached() bool { return k == Chart || k == Jsonnet }

const (
	alone      = "with its own values alone it does not render"
	hintValued = "have an Application or a kustomization name it with the values that it wants"
)

// looseCharts are the charts that nothing names.
func (r *renderer) looseCharts() (units []build.Unit) {
	for _, dir := range r.repository().Loose().Charts {
		if u := build.LooseChart(dir); !r.reached[dir] && !r.read[u.Place.File] {
			units = append(units, u)
		}
	}
	return units
}

// chart adds a chart that nothing names. That it fails with its own values alone is no fault: Argo CD need not deploy it so.
func (r *renderer) chart(u build.Unit) {
	built := r.builds[u.Key()]
	r.result.Notes = append(r.result.Notes, built.Notes...)
	app := Application{Kind: Chart, Name: u.Dir, Place: u.Place, State: built.State}
	problems := slices.DeleteFunc(slices.Clone(built.Problems), build.Problem.Keeps)
	if i := slices.IndexFunc(built.Problems, build.Problem.Keeps); i >= 0 {
		p := built.Problems[i]
		app.Place, app.State = p.Place, build.State{Kind: build.NotRendered, Reason: alone + ": " + strings.TrimPrefix(p.Message, u.Label()+": "), Hint: hintValued}
	}
	if app.State.Missing() {
		r.result.Applications = append(r.result.Applications, app)
	}
	built.Problems = problems
	r.alone(u.Place.File, Read{u.Kind, built.Read}, built)
	for _, p := range built.Read {
		r.read[p] = true
	}
}

// left notes the charts that render to nothing.
func (r *renderer) left() {
	loose := r.repository().Loose()
	if len(loose.Libraries) > 0 {
		r.result.Notes = append(r.result.Notes, "taken for libraries of templates, which render to nothing: "+wording.Some(loose.Libraries))
	}
	if len(loose.Kept) > 0 {
		r.result.Notes = append(r.result.Notes, "charts that no kustomization takes any more, and that are not judged: "+wording.Some(loose.Kept))
	}
}

// isReached reports whether a file stands in or below a directory that an Application names.
func (r *renderer) isReached(p string) bool {
	for dir := path.Dir(p); ; dir = path.Dir(dir) {
		if r.reached[dir] || dir == "." {
			return r.reached[dir]
		}
	}
}
