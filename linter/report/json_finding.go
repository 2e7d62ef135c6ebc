package report

import (
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

type jsonFinding struct {
	Rule        string          `json:"rule"`
	Severity    linter.Severity `json:"severity"`
	Message     string          `json:"message"`
	File        string          `json:"file"`
	Line        int             `json:"line"`
	Column      int             `json:"column"`
	EndLine     int             `json:"endLine,omitempty"`
	EndColumn   int             `json:"endColumn,omitempty"`
	Resource    *jsonResource   `json:"resource,omitempty"`
	Copies      []jsonCopy      `json:"copies"`
	Detail      string          `json:"detail,omitempty"`
	Value       string          `json:"value,omitempty"`
	Fix         string          `json:"fix,omitempty"`
	Related     []jsonRelated   `json:"related"`
	Fingerprint string          `json:"fingerprint"`
	Reason      string          `json:"reason,omitempty"`
}

// jsonCopy is another object that has the finding of the same cause.
type jsonCopy struct {
	jsonResource
	Fingerprint string `json:"fingerprint"`
}

// jsonRelated is another place that has a part in a finding.
type jsonRelated struct {
	Message string `json:"message"`
	jsonPlace
}

type jsonResource struct {
	APIVersion  string `json:"apiVersion"`
	Kind        string `json:"kind"`
	Namespace   string `json:"namespace,omitempty"`
	Name        string `json:"name"`
	Application string `json:"application,omitempty"`
	Cluster     string `json:"cluster,omitempty"`
}

func newJSONFinding(r Report, f linter.Finding, ends extents) jsonFinding {
	at, end := r.at(f.Place), ends.end(f)
	out := jsonFinding{
		Rule: f.Rule, Severity: f.Severity, Message: f.Message, File: at.File, Line: at.Line, Column: at.Column, EndLine: end.line, EndColumn: end.column,
		Detail: f.Detail, Value: f.Value.String(), Fix: f.Fix, Related: []jsonRelated{}, Copies: []jsonCopy{}, Fingerprint: f.Fingerprint(),
	}
	for _, one := range f.Related {
		out.Related = append(out.Related, jsonRelated{one.Message, jsonPlace(r.at(one.Place))})
	}
	if f.Resource != nil {
		resource := newJSONResource(f.Resource)
		out.Resource = &resource
		for _, one := range f.Each()[1:] {
			out.Copies = append(out.Copies, jsonCopy{newJSONResource(one.Resource), one.Fingerprint()})
		}
	}
	return out
}

func newJSONResource(r *manifest.Resource) jsonResource {
	return jsonResource{
		APIVersion: r.ID.APIVersion(), Kind: r.ID.Kind, Namespace: r.ID.Namespace, Name: r.ID.Name,
		Application: r.Origin.Application, Cluster: r.Origin.Cluster,
	}
}
