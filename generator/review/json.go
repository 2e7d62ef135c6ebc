package review

import (
	"io"

	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/fate"
	"github.com/gitopsgen/gitopsgen/generator/fields"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

type jsonReview struct {
	Schema       int               `json:"schema"`
	From         jsonTotal         `json:"from"`
	To           jsonTotal         `json:"to"`
	Summary      jsonSummary       `json:"summary"`
	Dangers      []jsonDanger      `json:"dangers"`
	Applications []jsonApplication `json:"applications"`
	NotCompared  []jsonLacking     `json:"notCompared"`
	Recorded     []jsonRecorded    `json:"recorded"`
	Notes        []string          `json:"notes"`
}

type jsonTotal struct {
	Name         string `json:"name"`
	Objects      int    `json:"objects"`
	Applications int    `json:"applications"`
}

type jsonSummary struct {
	Added   int `json:"added"`
	Removed int `json:"removed"`
	Changed int `json:"changed"`
	Moved   int `json:"moved"`
	// ComparedObjects are on both sides, ComparedApplications are known on both.
	ComparedObjects      int `json:"comparedObjects"`
	ComparedApplications int `json:"comparedApplications"`
	NotCompared          int `json:"notCompared"`
	Dangers              int `json:"dangers"`
}

type jsonDanger struct {
	Kind        difference.DangerKind `json:"kind"`
	Cluster     string                `json:"cluster"`
	Application string                `json:"application"`
	Object      jsonID                `json:"object"`
	Paths       []string              `json:"paths"`
	Message     string                `json:"message"`
}

type jsonID struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"`
	Name       string `json:"name"`
}

type jsonApplication struct {
	Cluster string            `json:"cluster"`
	Name    string            `json:"name"`
	Change  difference.Change `json:"change"`
	Was     string            `json:"was"`
	Charts  []jsonVersion     `json:"charts"`
	Images  []jsonImage       `json:"images"`
	Objects []jsonObject      `json:"objects"`
	Fetched int               `json:"fetched"`
}

type jsonVersion struct {
	Chart string `json:"chart"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

type jsonImage struct {
	Old   string   `json:"old"`
	New   string   `json:"new"`
	Users []string `json:"users"`
}

type jsonObject struct {
	jsonID
	Change  difference.Change `json:"change"`
	From    *jsonName         `json:"from,omitempty"`
	Fields  []jsonField       `json:"fields"`
	Folded  int               `json:"folded"`
	More    int               `json:"more"`
	Partial bool              `json:"partial"`
	Fate    *jsonFate         `json:"fate,omitempty"`
}

type jsonName struct {
	Cluster string `json:"cluster"`
	Name    string `json:"name"`
}

type jsonFate struct {
	Verdict fate.Verdict `json:"verdict"`
	Reason  string       `json:"reason"`
}

type jsonField struct {
	Path    string        `json:"path"`
	Within  []string      `json:"within"`
	Change  fields.Change `json:"change"`
	Old     any           `json:"old,omitempty"`
	New     any           `json:"new,omitempty"`
	Secret  bool          `json:"secret"`
	Refused bool          `json:"refused"`
}

type jsonLacking struct {
	jsonName
	Before    string `json:"before"`
	After     string `json:"after"`
	Elsewhere bool   `json:"elsewhere"`
}

type jsonRecorded struct {
	jsonName
	Reason string `json:"reason"`
}

// writeJSON writes for programs. The form is that of docs/diff.schema.json, versioned by the field schema.
func writeJSON(w io.Writer, r Review) error {
	out := jsonReview{
		Schema: 1, From: jsonTotal(r.From), To: jsonTotal(r.To), Dangers: []jsonDanger{}, Applications: []jsonApplication{},
		NotCompared: []jsonLacking{}, Recorded: []jsonRecorded{}, Notes: append([]string{}, r.Notes...),
		Summary: jsonSummary{
			r.Count(difference.Added), r.Count(difference.Removed), r.Count(difference.Changed), r.Count(difference.Moved),
			r.Compared.Objects, r.Compared.Applications, len(r.Lacking), len(r.Dangers),
		},
	}
	for _, d := range r.Dangers {
		one := jsonDanger{d.Kind, d.Cluster, d.Name, newID(d.Object), []string{}, d.Message}
		for _, p := range d.Paths {
			one.Paths = append(one.Paths, p.String())
		}
		out.Dangers = append(out.Dangers, one)
	}
	for _, app := range r.Applications {
		out.Applications = append(out.Applications, newApplication(app))
	}
	for _, l := range r.Lacking {
		out.NotCompared = append(out.NotCompared, jsonLacking{jsonName(l.AppName), l.Before, l.After, l.Elsewhere})
	}
	for _, one := range r.Recorded {
		out.Recorded = append(out.Recorded, jsonRecorded{jsonName(one.AppName), one.Reason})
	}
	return escape.JSON(w, out)
}

func newID(id manifest.ID) jsonID {
	return jsonID{id.APIVersion(), id.Kind, id.Namespace, id.Name}
}

func newApplication(app difference.Application) jsonApplication {
	out := jsonApplication{
		Cluster: app.Cluster, Name: app.Name, Change: app.Change, Was: app.Was, Fetched: app.Fetched,
		Charts: []jsonVersion{}, Images: []jsonImage{}, Objects: []jsonObject{},
	}
	for _, v := range app.Charts {
		out.Charts = append(out.Charts, jsonVersion(v))
	}
	for _, i := range app.Images {
		out.Images = append(out.Images, jsonImage(i))
	}
	for _, o := range app.Objects {
		out.Objects = append(out.Objects, newObject(o))
	}
	return out
}

func newObject(o difference.Object) jsonObject {
	out := jsonObject{jsonID: newID(o.ID), Change: o.Change, Fields: []jsonField{}, Folded: o.Folded, More: o.More, Partial: o.Partial}
	if o.Change == difference.Moved {
		from := jsonName(o.From)
		out.From = &from
	}
	if o.Change == difference.Removed {
		fate := jsonFate(o.Fate)
		out.Fate = &fate
	}
	for _, f := range o.Fields {
		out.Fields = append(out.Fields, jsonField{f.Path.String(), append([]string{}, f.Within...), f.Change, f.Old, f.New, f.Secret, f.Refused})
	}
	return out
}
