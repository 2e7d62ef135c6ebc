package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/coverage"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
)

// TestJSONReadsBack wants each field of a report in JSON to say what the report says: all that there is to say is in one report, and
// what is read back strictly into the types that are written leaves no field empty.
func TestJSONReadsBack(t *testing.T) {
	at := manifest.Place{File: "values.yaml", Line: 7, Column: 10}
	resource := &manifest.Resource{
		ID:     manifest.ID{Group: "apps", Version: "v1", Kind: "Deployment", Namespace: "lights", Name: "lamp"},
		Origin: manifest.Origin{Application: "prod-lamp", Cluster: "prod", Component: "lamp", Chart: "lamp 1.0.0", Place: at},
	}
	finding := linter.Finding{
		Rule: "images/latest-tag", Severity: linter.Error, Message: "image has the tag latest", Place: at, Resource: resource,
		At: manifest.Path{"spec", "image"}, Value: manifest.Path{"image", "tag"}, Detail: "container lamp", Fix: "Pin it.",
		Related: []linter.Related{{Place: manifest.Place{File: "project.yaml", Line: 2, Column: 3}, Message: "what it permits"}},
	}
	finding.Copies = []*manifest.Resource{resource}
	warning, info := finding, finding
	warning.Severity, info.Severity = linter.Warning, linter.Info
	waiver := linter.Waiver{Rule: "pods/privileged", Reason: "a CNI", Owner: "ann", Expires: time.Date(2030, 12, 31, 0, 0, 0, 0, time.UTC), Place: at}
	values, err := tree.New(tree.File{Path: "values.yaml", Data: []byte("\n\n\n\n\n\n    tag: latest\n")})
	if err != nil {
		t.Fatal(err)
	}
	r := Report{
		Tree: values,
		Report: linter.Report{
			Findings: []linter.Finding{finding, warning, info}, Unlisted: 4, NotChosen: linter.Counts{Errors: 1, Warnings: 2, Infos: 3}, Known: 6, InBaseline: 8,
			Unmatched: []linter.BaselineEntry{{Rule: "pods/privileged", Fingerprint: "0123", About: "a lamp", Count: 1, Place: at}}, Waived: []linter.Waived{{Finding: finding, Waiver: waiver}},
			Rules:     []linter.Rule{{ID: "images/latest-tag", Title: "Latest", Description: "Pin it.", Severity: linter.Severities{Medium: linter.Error}}, {ID: "a/b"}},
			NotJudged: []linter.NotJudged{{Rule: "images/trusted-registries", Reason: "trusted is not set"}},
			Set: []linter.Set{
				{Rule: "pods/privileged", Own: linter.Error, To: linter.Info, Place: at}, {Rule: "images/trusted-registries", Param: "trusted", Place: at},
			},
			Waivers: []linter.UsedWaiver{{Waiver: waiver, Findings: 2}},
		},
		Tool: Tool{"gitopsgen", "1.2.3"}, Root: "here", Baseline: "known.yaml", Since: "main (1234567)", Failures: []string{"not rendered"}, Objects: 12, Standalone: 3, Kustomizations: 2, Charts: 1, Roots: []Root{{Kind: "chart", Application: applications()[4]}}, Notes: []string{"taken to be this repository"}, SettingsFrom: "origin/main", Seconds: 1.5,
		Applications: applications(), Outside: []Outside{{"base.yaml", 2}},
	}
	for _, as := range coverage.Classes {
		r.Files = append(r.Files, coverage.File{Path: "a.yaml", As: as, Reason: "because", By: []string{"Application lamp"}, Readers: 1})
	}
	var b bytes.Buffer
	if err := writeJSON(escape.NewWriter(&b), r); err != nil {
		t.Fatal(err)
	}
	var back jsonReport
	decoder := json.NewDecoder(bytes.NewReader(b.Bytes()))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&back); err != nil {
		t.Fatalf("%v in\n%s", err, &b)
	}
	if empty := empties("report", reflect.ValueOf(back)); len(empty) > 0 {
		t.Errorf("read back without %s from\n%s", strings.Join(empty, ", "), &b)
	}
	f := back.Findings[0]
	for _, c := range []struct{ got, want any }{
		{f.Rule, finding.Rule}, {f.Severity, linter.Error}, {f.Message, finding.Message}, {f.Line, 7}, {f.Column, 10}, {f.EndLine, 7}, {f.EndColumn, 16}, {back.NotChosen, jsonCounts{1, 2, 3}}, {f.Value, "image.tag"},
		{f.Detail, "container lamp"}, {f.Fix, "Pin it."}, {f.Fingerprint, finding.Fingerprint()},
		{*f.Resource, jsonResource{"apps/v1", "Deployment", "lights", "lamp", "prod-lamp", "prod"}},
		{f.Copies, []jsonCopy{{*f.Resource, f.Fingerprint}}},
		{f.Related, []jsonRelated{{"what it permits", jsonPlace{"here/project.yaml", 2, 3}}}},
		{back.Waived[0].Reason, "a CNI"}, {back.NotJudged[0].Rule, "images/trusted-registries"}, {back.Unlisted, 4}, {back.Summary.Known, 6}, {back.Since, r.Since}, {back.Notes[0], r.Notes[0]},
		{back.Settings.From, "origin/main"}, {back.Settings.Severities[0].Own, linter.Error}, {back.Settings.Severities[0].Severity, linter.Info},
		{back.Settings.Params[0].Name, "trusted"}, {back.Settings.Waivers[0].Expires, "2030-12-31"}, {back.Settings.Waivers[0].Findings, 2},
		{back.Rules, []jsonRule{{"images/latest-tag", "Latest", "Pin it.", linter.Error}}}, {back.Root, "here"}, {back.Tool, jsonTool{"gitopsgen", "1.2.3"}},
		{back.Summary.Objects, 12}, {back.Summary.Errors, 1}, {back.Summary.Warnings, 1}, {back.Summary.Infos, 1}, {back.Summary.Waived, 1},
		{back.Summary.Standalone, 3}, {back.Summary.Seconds, 1.5}, {len(back.Applications), len(r.Applications)}, {back.Applications[0].jsonPlace, jsonPlace{"here/apps.yaml", 2, 3}}, {back.Summary.Applications, len(r.Applications)},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
}

// applications are one of each state.
func applications() []Application {
	var all []Application
	for kind := build.Rendered; kind <= build.Failed; kind++ {
		all = append(all, Application{Name: kind.String(), Cluster: "prod", Place: manifest.Place{File: "apps.yaml", Line: 2, Column: 3}, State: build.State{Kind: kind, Reason: "because", Hint: "do so"}})
	}
	return all
}

// empties names the fields that hold nothing, but for the reason of a finding that is not waived.
func empties(name string, v reflect.Value) []string {
	var all []string
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			all = append(all, empties(name+"."+v.Type().Field(i).Name, v.Field(i))...)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return empties(name, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			all = append(all, empties(fmt.Sprintf("%s[%d]", name, i), v.Index(i))...)
		}
	}
	if v.IsZero() && !(strings.HasPrefix(name, "report.Findings") && strings.HasSuffix(name, ".Reason")) {
		all = append(all, name)
	}
	return all
}
