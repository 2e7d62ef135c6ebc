package linter_test

import (
	"context"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// found is a Checker that finds what it holds.
type found []linter.Finding

func (f found) Rules() []linter.Rule {
	always := linter.Severities{Small: linter.Error, Medium: linter.Error, Enterprise: linter.Error}
	return []linter.Rule{
		{ID: "pods/strong", Severity: always},
		{ID: "pods/weak", Severity: always, Under: []string{"pods/strong", "pods/unknown"}},
	}
}

func (f found) Check(context.Context, *linter.View) (linter.Judgement, error) {
	return linter.Judgement{Findings: slices.Clone(f)}, nil
}

// What a stronger rule finds in the same part of an object, the weaker one does not find again, unless the stronger is waived.
func TestUnder(t *testing.T) {
	resources, problems := manifest.Parse("lamp.yaml", []byte("{apiVersion: v1, kind: Pod, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: b}}\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	at := func(rule string, r int, path ...any) linter.Finding {
		return linter.Finding{Rule: rule, Message: manifest.Path(path).String(), At: path}.About(&resources[r])
	}
	waiver := linter.Waiver{Rule: "pods/strong", Reason: "it is meant so"}
	for name, test := range map[string]struct {
		found   found
		waivers []linter.Waiver
		want    int
	}{
		"same field":             {found{at("pods/strong", 0, "spec", "volumes", 0, "hostPath"), at("pods/weak", 0, "spec", "volumes", 0, "hostPath")}, nil, 1},
		"same item":              {found{at("pods/strong", 0, "spec", "volumes", 0, "name"), at("pods/weak", 0, "spec", "volumes", 0, "hostPath")}, nil, 1},
		"item of the item":       {found{at("pods/strong", 0, "spec", "containers", 0, "image"), at("pods/weak", 0, "spec", "containers", 0, "ports", 1, "name")}, nil, 1},
		"whole object":           {found{at("pods/strong", 0, "spec", "hostPID"), at("pods/weak", 0, "spec", "containers", 0, "ports", 1, "name")}, nil, 1},
		"other item":             {found{at("pods/strong", 0, "spec", "volumes", 0, "hostPath"), at("pods/weak", 0, "spec", "volumes", 1, "hostPath")}, nil, 2},
		"other object":           {found{at("pods/strong", 0, "spec", "hostPID"), at("pods/weak", 1, "spec", "hostPID")}, nil, 2},
		"the other way about":    {found{at("pods/weak", 0, "spec", "hostPID")}, nil, 1},
		"the stronger is waived": {found{at("pods/strong", 0, "spec", "hostPID"), at("pods/weak", 0, "spec", "hostPID")}, []linter.Waiver{waiver}, 1},
		"of no object":           {found{{Rule: "pods/strong", Message: "a"}, {Rule: "pods/weak", Message: "b"}}, nil, 2},
	} {
		report, err := linter.Run(t.Context(), []linter.Checker{test.found}, linter.Input{Resources: resources}, linter.Options{Waivers: test.waivers})
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Findings) != test.want {
			t.Errorf("%s: got %d findings, want %d: %v", name, len(report.Findings), test.want, report.Findings)
		}
		if test.waivers != nil && report.Findings[0].Rule != "pods/weak" {
			t.Errorf("%s: got %s, want pods/weak", name, report.Findings[0].Rule)
		}
	}
}

// A stronger rule that weighs less hides nothing: else who softens it softens others, too, and no report says so.
func TestUnderIsNotSoftened(t *testing.T) {
	resources, problems := manifest.Parse("lamp.yaml", []byte("{apiVersion: v1, kind: Pod, metadata: {name: a}}\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	at := func(rule string) linter.Finding {
		return linter.Finding{Rule: rule, Message: rule, At: manifest.Path{"spec", "hostPID"}}.About(&resources[0])
	}
	softer := linter.Options{Severity: map[string]linter.Severity{"pods/strong": linter.Info}}
	report, err := linter.Run(t.Context(), []linter.Checker{found{at("pods/strong"), at("pods/weak")}}, linter.Input{Resources: resources}, softer)
	if err != nil {
		t.Fatal(err)
	}
	if report.Count(linter.Error) != 1 || report.Count(linter.Info) != 1 {
		t.Errorf("got %v, want the weaker rule's error beside the stronger one's note", report.Findings)
	}
}
