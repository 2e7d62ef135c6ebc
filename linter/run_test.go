package linter_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// fixed is a checker that finds the same in everything.
type fixed struct {
	rules    []linter.Rule
	findings []linter.Finding
	seen     *linter.Input
	err      error
}

func (f fixed) Rules() []linter.Rule { return f.rules }

func (f fixed) Check(_ context.Context, v *linter.View) (linter.Judgement, error) {
	if f.seen != nil {
		*f.seen = v.Input
	}
	return linter.Judgement{Findings: slices.Clone(f.findings)}, f.err
}

func rule(id string, s linter.Severities, params ...linter.Param) linter.Rule {
	return linter.Rule{ID: id, Severity: s, Params: params}
}

var (
	dark   = rule("lights/dark", linter.Severities{Small: linter.Info, Medium: linter.Warning, Enterprise: linter.Error})
	broken = rule("lights/broken", linter.Severities{Small: linter.Error, Medium: linter.Error, Enterprise: linter.Error})
)

func lamp(name string) *manifest.Resource {
	return &manifest.Resource{ID: manifest.ID{Version: "v1", Kind: "ConfigMap", Namespace: "lights", Name: name}}
}

func at(file string, line int, rule string, resource *manifest.Resource) linter.Finding {
	return linter.Finding{Rule: rule, Message: "m", Place: manifest.Place{File: file, Line: line, Column: 1}, Resource: resource}
}

func run(t *testing.T, c linter.Checker, in linter.Input, o linter.Options) linter.Report {
	t.Helper()
	report, err := linter.Run(t.Context(), []linter.Checker{c}, in, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestRunOrder states that a report does not depend on the order in which things are found, and holds nothing twice.
func TestRunOrder(t *testing.T) {
	findings := []linter.Finding{
		at("b.yaml", 1, dark.ID, lamp("b")), at("a.yaml", 9, dark.ID, lamp("a")), at("a.yaml", 9, broken.ID, lamp("a")),
		at("a.yaml", 10, dark.ID, lamp("a")), at("b.yaml", 1, dark.ID, lamp("b")),
	}
	want := "a.yaml:9 lights/broken, a.yaml:9 lights/dark, a.yaml:10 lights/dark, b.yaml:1 lights/dark, "
	for range len(findings) {
		findings = append(findings[1:], findings[0])
		report := run(t, fixed{rules: []linter.Rule{dark, broken}, findings: findings}, linter.Input{Tier: blueprint.Medium}, linter.Options{})
		got := ""
		for _, f := range report.Findings {
			got += fmt.Sprintf("%s:%d %s, ", f.Place.File, f.Place.Line, f.Rule)
		}
		if got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
}

func TestRunWeighs(t *testing.T) {
	light := at("a.yaml", 1, broken.ID, nil)
	light.Severity = linter.Warning
	for _, c := range []struct {
		name    string
		finding linter.Finding
		tier    blueprint.Tier
		set     map[string]linter.Severity
		want    linter.Severity
	}{
		{"by tier: small", at("a.yaml", 1, dark.ID, nil), blueprint.Small, nil, linter.Info},
		{"by tier: medium", at("a.yaml", 1, dark.ID, nil), blueprint.Medium, nil, linter.Warning},
		{"by tier: enterprise", at("a.yaml", 1, dark.ID, nil), blueprint.Enterprise, nil, linter.Error},
		{"as set", at("a.yaml", 1, dark.ID, nil), blueprint.Small, map[string]linter.Severity{dark.ID: linter.Error}, linter.Error},
		{"off", at("a.yaml", 1, dark.ID, nil), blueprint.Enterprise, map[string]linter.Severity{dark.ID: linter.Off}, linter.Off},
		{"no more than the checker says", light, blueprint.Small, nil, linter.Warning},
	} {
		t.Run(c.name, func(t *testing.T) {
			checker := fixed{rules: []linter.Rule{dark, broken}, findings: []linter.Finding{c.finding}}
			report := run(t, checker, linter.Input{Tier: c.tier}, linter.Options{Severity: c.set})
			if got := report.Worst(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestRunTellsSettings(t *testing.T) {
	checker := fixed{rules: []linter.Rule{dark, broken}, findings: []linter.Finding{at("a.yaml", 1, broken.ID, lamp("a")), at("a.yaml", 2, broken.ID, lamp("b"))}}
	used := linter.Waiver{Rule: broken.ID, Name: "a", Place: manifest.Place{File: "w.yaml", Line: 2}}
	unused := linter.Waiver{Rule: dark.ID, Place: manifest.Place{File: "w.yaml", Line: 3}}
	report := run(t, checker, linter.Input{Tier: blueprint.Medium}, linter.Options{
		Severity: map[string]linter.Severity{dark.ID: linter.Error, broken.ID: linter.Info},
		Set:      []linter.Set{{Rule: dark.ID, To: linter.Error}, {Rule: broken.ID, To: linter.Info}, {Rule: broken.ID, Param: "most"}},
		Waivers:  []linter.Waiver{used, unused},
	})
	got := ""
	for _, s := range report.Set {
		got += fmt.Sprintf("%s %s from %s to %s: %t, ", s.Rule, s.Param, s.Own, s.To, s.Softens())
	}
	if want := "lights/dark  from warning to error: false, lights/broken  from error to info: true, lights/broken most from error to off: false, "; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if len(report.Waivers) != 2 || report.Waivers[0].Findings != 1 || report.Waivers[1].Findings != 0 {
		t.Errorf("waivers: got %+v, want one finding by the first", report.Waivers)
	}
}

func TestRunParams(t *testing.T) {
	var seen linter.Input
	required := rule("lights/required", broken.Severity, linter.Param{Name: "list"})
	optional := rule("lights/optional", broken.Severity, linter.Param{Name: "most", Default: 3})
	checker := fixed{rules: []linter.Rule{required, optional}, seen: &seen}

	report := run(t, checker, linter.Input{Tier: blueprint.Small}, linter.Options{})
	if len(report.NotJudged) != 1 || report.NotJudged[0].Rule != required.ID || seen.Judged[required.ID] {
		t.Errorf("a rule without its list: got %+v, judged %v", report.NotJudged, seen.Judged)
	}
	if got := seen.Params[optional.ID]["most"]; got != 3 {
		t.Errorf("the default: got %v, want 3", got)
	}
	params := map[string]map[string]any{required.ID: {"list": []any{"a"}}, optional.ID: {"most": 5}}
	report = run(t, checker, linter.Input{Tier: blueprint.Small, Params: params}, linter.Options{})
	if len(report.NotJudged) != 0 || !seen.Judged[required.ID] || seen.Params[optional.ID]["most"] != 5 {
		t.Errorf("with settings: got %+v, judged %v, params %v", report.NotJudged, seen.Judged, seen.Params)
	}
}

// TestRunPartial: where not everything was rendered, a waiver that excuses nothing may excuse something there.
func TestRunPartial(t *testing.T) {
	o := linter.Options{Waivers: []linter.Waiver{{Rule: dark.ID, Reason: "it is night", Name: "elsewhere"}}}
	checker := fixed{rules: []linter.Rule{dark}}
	if report := run(t, checker, linter.Input{Tier: blueprint.Medium}, o); len(report.Findings) != 1 || report.Findings[0].Rule != "waivers/unused" {
		t.Errorf("all rendered: got %+v, want waivers/unused", report.Findings)
	}
	if report := run(t, checker, linter.Input{Tier: blueprint.Medium, Applications: []linter.State{{Name: "lamps"}}}, o); len(report.Findings) != 0 {
		t.Errorf("partly rendered: got %+v, want nothing", report.Findings)
	}
}

func TestRunFails(t *testing.T) {
	if _, err := linter.Run(t.Context(), []linter.Checker{fixed{rules: []linter.Rule{dark, dark}}}, linter.Input{}, linter.Options{}); err == nil {
		t.Error("a rule defined twice: got no error")
	}
	failure := errors.New("no power")
	if _, err := linter.Run(t.Context(), []linter.Checker{fixed{err: failure}}, linter.Input{}, linter.Options{}); !errors.Is(err, failure) {
		t.Errorf("got %v, want %v", err, failure)
	}
}

// TestFingerprint: it outlives moved lines, and tells findings apart.
func TestFingerprint(t *testing.T) {
	one := at("a.yaml", 1, dark.ID, lamp("a"))
	moved := at("a.yaml", 7, dark.ID, lamp("a"))
	other := at("a.yaml", 1, dark.ID, lamp("b"))
	if one.Fingerprint() != moved.Fingerprint() {
		t.Error("a moved line changes the fingerprint")
	}
	if one.Fingerprint() == other.Fingerprint() {
		t.Error("two objects have one fingerprint")
	}
}

// TestManyFindings states that of too many findings the worst are listed and the others counted.
func TestManyFindings(t *testing.T) {
	var findings []linter.Finding
	for i := range 10_001 {
		findings = append(findings, at("a.yaml", i+1, dark.ID, lamp("a")))
	}
	findings = append(findings, at("z.yaml", 1, broken.ID, lamp("z")))
	report := run(t, fixed{rules: []linter.Rule{dark, broken}, findings: findings}, linter.Input{Tier: blueprint.Medium}, linter.Options{})
	if len(report.Findings) != 10_000 || report.Unlisted != 2 || report.Worst() != linter.Error || report.Findings[9_999].Place.File != "z.yaml" {
		t.Errorf("got %d findings, %d unlisted, the worst %s, last %v", len(report.Findings), report.Unlisted, report.Worst(), report.Findings[len(report.Findings)-1].Place)
	}
}

// TestFetched states that nothing of an object that holds what stands at a URL gets into a report, waived or not.
func TestFetched(t *testing.T) {
	secret := lamp("secret")
	secret.Origin.Fetched = true
	titled := dark
	titled.Title = "It is dark"
	found := at("a.yaml", 1, dark.ID, secret)
	found.Message, found.Detail, found.Fix, found.Value, found.At = "secret", "secret", "secret", manifest.Path{"secret"}, manifest.Path{"secret"}
	found.Related = []linter.Related{{Message: "secret"}}
	for _, o := range []linter.Options{{}, {Waivers: []linter.Waiver{{Rule: dark.ID, Reason: "known"}}}} {
		report := run(t, fixed{rules: []linter.Rule{titled}, findings: []linter.Finding{found}}, linter.Input{Tier: blueprint.Medium}, o)
		all := report.Findings
		for _, w := range report.Waived {
			all = append(all, w.Finding)
		}
		if len(all) != 1 || all[0].Message != "It is dark, in what is fetched by URL" || all[0].Resource != nil || len(all[0].At)+len(all[0].Value)+len(all[0].Related) > 0 || all[0].Detail != "" {
			t.Errorf("got %+v", all)
		}
	}
}
