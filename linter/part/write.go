package part

import (
	"cmp"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/locate"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

// finding is a linter.Finding; Resource counts from 1 in the list of resources, and is 0 where there is none.
type finding struct {
	Rule     string           `json:"rule"`
	Severity linter.Severity  `json:"severity"`
	Message  string           `json:"message"`
	Place    manifest.Place   `json:"place"`
	Resource int              `json:"resource,omitempty"`
	At       string           `json:"at,omitempty"`
	Named    bool             `json:"named,omitempty"`
	Detail   string           `json:"detail,omitempty"`
	Fix      string           `json:"fix,omitempty"`
	Related  []linter.Related `json:"related,omitempty"`
}

// resource is what of an object is told with a finding.
type resource struct {
	ID          manifest.ID    `json:"id"`
	Application string         `json:"application,omitempty"`
	Cluster     string         `json:"cluster,omitempty"`
	Component   string         `json:"component,omitempty"`
	Chart       string         `json:"chart,omitempty"`
	Fetched     bool           `json:"fetched,omitempty"`
	Object      map[string]any `json:"object,omitempty"`
}

// value is what was found of the value behind a field.
type value struct {
	Resource int            `json:"resource"`
	At       string         `json:"at"`
	Question string         `json:"question"`
	Value    string         `json:"value,omitempty"`
	Probes   int            `json:"probes"`
	Place    manifest.Place `json:"place"`
}

// writer writes down what a share found.
type writer struct {
	numbers   map[*manifest.Resource]int
	resources []*manifest.Resource
	// fields are those of each that there are findings about.
	fields map[*manifest.Resource][]manifest.Path
	places map[manifest.Place]bool
}

func newWriter(f Facts) *writer {
	w := &writer{numbers: map[*manifest.Resource]int{}, fields: map[*manifest.Resource][]manifest.Path{}, places: map[manifest.Place]bool{}}
	for _, one := range f.Options.Waivers {
		w.places[one.Place] = true
	}
	for _, one := range f.Input.External {
		w.places[one.Place] = true
	}
	return w
}

func (w *writer) finding(f linter.Finding) finding {
	w.places[f.Place] = true
	return finding{f.Rule, f.Severity, f.Message, f.Place, w.number(f.Resource, f.At), f.At.String(), f.Named, f.Detail, f.Fix, f.Related}
}

// number gives the number of a resource with a finding about a field of it.
func (w *writer) number(r *manifest.Resource, at manifest.Path) int {
	if r == nil {
		return 0
	}
	if w.numbers[r] == 0 {
		w.resources = append(w.resources, r)
		w.numbers[r] = len(w.resources)
	}
	w.fields[r] = append(w.fields[r], at)
	return w.numbers[r]
}

func (w *writer) own(f Facts) own {
	o := own{NotJudged: f.NotJudged, Needed: f.Needed}
	for _, one := range f.Findings {
		o.Findings = append(o.Findings, w.finding(one))
	}
	for field, found := range f.Values {
		if n := w.numbers[field.Resource]; n > 0 {
			o.Values = append(o.Values, value{n, field.At, found.Question, found.Value.String(), found.Probes, found.Place})
			w.places[found.Place] = true
		}
	}
	slices.SortFunc(o.Values, func(a, b value) int { return cmp.Or(a.Resource-b.Resource, cmp.Compare(a.At, b.At)) })
	for _, r := range w.resources {
		from := r.Origin
		object, _ := outline(r.Object, w.fields[r]).(map[string]any)
		o.Resources = append(o.Resources, resource{r.ID, from.Application, from.Cluster, from.Component, from.Chart, from.Fetched, object})
	}
	ends := report.EndsOf(f.Report.Tree, slices.Collect(maps.Keys(w.places)))
	for at, e := range ends {
		o.Ends = append(o.Ends, end{at, e})
	}
	slices.SortFunc(o.Ends, func(a, b end) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), a.At.Line-b.At.Line, a.At.Column-b.At.Column)
	})
	return o
}

// outline is what of a value tells which of some fields are there: no text of it, for a part may be read by more people than what it is
// made of.
func outline(v any, fields []manifest.Path) any {
	next := map[any][]manifest.Path{}
	for _, at := range fields {
		if len(at) > 0 {
			next[at[0]] = append(next[at[0]], at[1:])
		}
	}
	switch v := v.(type) {
	case nil:
		return nil
	case map[string]any:
		out := map[string]any{}
		for key, field := range v {
			if below := next[key]; below != nil {
				out[key] = outline(field, below)
			}
		}
		if len(out) == 0 && len(v) > 0 {
			out[""] = true
		}
		return out
	case []any:
		out := []any{}
		for i, item := range v {
			if below := next[i]; below != nil {
				out = append(append(out, make([]any, i-len(out))...), outline(item, below))
			}
		}
		return out
	default:
		return true
	}
}

// reader reads what a share found.
type reader struct {
	own
	resources []*manifest.Resource
}

func newReader(o own) reader {
	r := reader{own: o}
	for _, one := range o.Resources {
		r.resources = append(r.resources, &manifest.Resource{ID: one.ID, Object: one.Object, Origin: manifest.Origin{
			Application: one.Application, Cluster: one.Cluster, Component: one.Component, Chart: one.Chart, Fetched: one.Fetched,
		}})
	}
	return r
}

// resource gives the resource of a number; nil is none.
func (r reader) resource(n int) *manifest.Resource {
	if n < 1 || n > len(r.resources) {
		return nil
	}
	return r.resources[n-1]
}

func (r reader) finding(f finding) (linter.Finding, error) {
	at, err := manifest.ParsePath(f.At)
	return linter.Finding{
		Rule: f.Rule, Severity: f.Severity, Message: f.Message, Place: f.Place, Resource: r.resource(f.Resource), At: at, Named: f.Named,
		Detail: f.Detail, Fix: f.Fix, Related: f.Related,
	}, err
}

// findings gives all findings of the share.
func (r reader) findings() (all []linter.Finding, err error) {
	for _, one := range r.Findings {
		f, err := r.finding(one)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// values adds what the share found of values to what others did.
func (r reader) values(all map[locate.Field]locate.Found) error {
	for _, v := range r.Values {
		path, err := manifest.ParsePath(v.Value)
		if err != nil {
			return err
		}
		all[locate.Field{Resource: r.resource(v.Resource), At: v.At}] = locate.NewFound(v.Question, path, v.Place, v.Probes)
	}
	return nil
}
