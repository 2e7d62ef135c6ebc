package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/coverage"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

func at(file string, line, column int) manifest.Place {
	return manifest.Place{File: file, Line: line, Column: column}
}

// strange is a text that is something else in each format.
const strange = "a|b\n::error::x\r%0A @everyone <script>EVIL()</script> [x](https://evil.example.org) `EVIL` ]]> &amp; \x1b[2J\x00\xff \u202e #1 www.evil.example.org"

// rules are those of the reports here.
func rules() []linter.Rule {
	rule := func(id, title, description string, own linter.Severity) linter.Rule {
		return linter.Rule{
			ID: id, Title: title, Description: description, Rationale: "Somebody was bitten.", Severity: linter.Severities{Small: own, Medium: own, Enterprise: own},
			References: []string{"https://kubernetes.io/docs/concepts/", "javascript:alert(1)"},
		}
	}
	return []linter.Rule{
		rule("images/latest-tag", "Image tag is missing or latest", "Name the version of the image.", linter.Error),
		rule("images/trusted-registries", "Image is from no trusted registry", "Mirror the image.", linter.Error),
		rule("lights/"+strange, strange, strange, linter.Warning),
		rule("pods/privileged", "Container is privileged", "Remove it.", linter.Error),
		rule("pods/run-as-non-root", "Container runs as root", "Set runAsNonRoot.", linter.Error),
		rule("resources/cpu-requests", "No request for cpu", "Set one.", linter.Warning),
		rule("schema/invalid", "Object is invalid", "Mend it.", linter.Error),
	}
}

// rich is a report with all that there is.
func rich() report.Report {
	lamp := &manifest.Resource{
		ID:     manifest.ID{Group: "apps", Version: "v1", Kind: "Deployment", Namespace: "lights", Name: "lamp"},
		Origin: manifest.Origin{Application: "prod-lamp", Cluster: "prod", Component: "lamp", Chart: "lamp 1.0.0", Place: at("lamp/kustomization.yaml", 4, 5)},
	}
	odd := &manifest.Resource{ID: manifest.ID{Version: "v1", Kind: "ConfigMap", Namespace: "lights", Name: strange}}
	latest := linter.Finding{
		Rule: "images/latest-tag", Severity: linter.Error, Message: `image "lamp:latest" has the tag latest`, Place: at("lamp/values.yaml", 7, 10), Resource: lamp,
		Value: manifest.Path{"image", "tag"}, Detail: "container lamp", Fix: "Name the version of the image.",
		Related: []linter.Related{{Place: at("lamp/kustomization.yaml", 4, 5), Message: "the chart"}, {Place: at(strange, 1, 1), Message: strange}},
	}
	test, other := *lamp, *lamp
	test.Origin.Application, test.Origin.Cluster, other.ID.Name = "test-lamp", "test", "torch"
	latest.Copies = []*manifest.Resource{&test, &other}
	twin, softened := latest, latest
	twin.Copies = nil
	twin.Place.Line = 9
	softened.Rule, softened.Severity, softened.Message, softened.Fix = "pods/run-as-non-root", linter.Info, "container \"lamp\" runs as root", "Set runAsNonRoot."
	hostile := linter.Finding{Rule: "lights/" + strange, Severity: linter.Warning, Message: strange, Place: at(strange+".yaml", 3, 1), Resource: odd, Detail: strange, Fix: strange}
	whole := linter.Finding{Rule: "schema/invalid", Severity: linter.Error, Message: "the file is empty", Place: manifest.Place{File: "a b:c/ü%.yaml"}}
	waiver := linter.Waiver{Rule: "pods/privileged", Reason: strange, Owner: "ann", Expires: time.Date(2030, 12, 31, 0, 0, 0, 0, time.UTC), Place: at("policies/waivers.yaml", 2, 5)}
	waived := latest
	waived.Rule, waived.Message = "pods/privileged", "container \"lamp\" is privileged"
	values, err := tree.New(tree.File{Path: "lamp/values.yaml", Data: []byte("\n\n\n\n\nimage:\n    tag: latest # of today\n")})
	if err != nil {
		panic(err) // there is one file
	}
	return report.Report{
		Tree: values,
		Report: linter.Report{
			Findings: []linter.Finding{whole, latest, twin, softened, hostile}, Unlisted: 4, NotChosen: linter.Counts{Errors: 1, Infos: 2}, Known: 6, InBaseline: 8,
			Unmatched: []linter.BaselineEntry{{Rule: "pods/privileged", Fingerprint: "0123", About: strange, Count: 1, Place: at("known.yaml", 3, 5)}}, Waived: []linter.Waived{{Finding: waived, Waiver: waiver}},
			NotJudged: []linter.NotJudged{{Rule: "images/trusted-registries", Reason: "lint.params: trusted is not set"}},
			Rules:     rules(), Tier: blueprint.Medium,
			Set: []linter.Set{
				{Rule: "resources/cpu-requests", Own: linter.Warning, To: linter.Off, Place: at("gitopsgen.yaml", 6, 24)},
				{Rule: "pods/run-as-non-root", Own: linter.Error, To: linter.Info, Place: at("gitopsgen.yaml", 7, 27)},
				{Rule: "schema/invalid", Param: "strict", Place: at("gitopsgen.yaml", 9, 3)},
			},
			Waivers: []linter.UsedWaiver{{Waiver: waiver, Findings: 1}},
		},
		Tool: report.Tool{Name: "gitopsgen", Version: "1.2.3"}, Since: "main (1234567)", Baseline: "known.yaml", Unchanged: 2, Root: "../platform/here", Prefix: "deploy/k8s", Objects: 612,
		Applications: []report.Application{
			{Name: "prod-lamp", Cluster: "prod", Place: at("apps/lamp.yaml", 1, 1)}, {Name: "prod-torch", Cluster: "prod", Place: at("apps/torch.yaml", 1, 1), State: build.State{Kind: build.Recorded, Reason: "charts.example.org does not answer"}},
			{Name: "prod-" + strange, Cluster: "prod", Place: at(strange+".yaml", 2, 1), State: build.State{Kind: build.NotRendered, Reason: strange}},
			{Name: "prod-fan", Cluster: "prod", Place: at("apps/fan.yaml", 1, 1), State: build.State{Kind: build.Unchanged}},
			{Name: "other", Place: at("apps/other.yaml", 1, 1), Cluster: "prod", State: build.State{Kind: build.Elsewhere, Reason: "another repository's"}},
		},
		Roots: []report.Root{
			{Kind: "kustomization", Application: report.Application{Name: "loose", State: build.State{Kind: build.NotRendered, Reason: strange}}},
			{Kind: "chart", Application: report.Application{Name: "lamp", State: build.State{Kind: build.NotRendered, Reason: "nothing names it"}}},
			{Kind: "chart", Application: report.Application{Name: "bulb", State: build.State{Kind: build.NotRendered, Reason: "nothing names it"}}},
			{Kind: "Jsonnet file", Application: report.Application{Name: "a.jsonnet", State: build.State{Kind: build.NotRendered, Reason: "nothing names it"}}},
		},
		Focus: "apps", Outside: []report.Outside{{File: "base/" + strange, Findings: 2}},
		Files: []coverage.File{
			{Path: "apps/a.yaml", As: coverage.Manifest, By: []string{"Application prod-" + strange}, Readers: 1},
			{Path: "apps/" + strange, As: coverage.Unreached, Reason: "nothing includes " + strange},
		},
		ListFiles:  true,
		Standalone: 4, Kustomizations: 1, Charts: 2, Notes: []string{"the repository is taken to be https://git.example.org/a.git"},
		Failures:     []string{"apps/prod.yaml:3:1: Application prod-" + strange + " is not rendered: " + strange},
		SettingsFrom: "origin/main (4ea8111)", OwnWaivers: ".gitopsgen/waivers.yaml", Seconds: 1.25,
	}
}

// clean is a report without findings.
func clean() report.Report {
	return report.Report{
		Report: linter.Report{Rules: rules(), Tier: blueprint.Medium}, Tool: report.Tool{Name: "gitopsgen", Version: "1.2.3"}, Objects: 3,
		Applications: []report.Application{{Name: "prod-lamp", Cluster: "prod", Place: at("apps/lamp.yaml", 1, 1)}}, Seconds: 0.1,
	}
}

// large is a report with n findings.
func large(n int) report.Report {
	r := clean()
	for i := range n {
		rule := r.Rules[i%len(r.Rules)]
		r.Findings = append(r.Findings, linter.Finding{
			Rule: rule.ID, Severity: linter.Severity(1 + i%3), Message: fmt.Sprintf("lamp %d %s", i, strange), Place: at(fmt.Sprintf("lamps/%d.yaml", i), 1, 1), Fix: strange,
		})
	}
	return r
}

// written is a report in a format.
func written(t *testing.T, format string, r report.Report) []byte {
	t.Helper()
	write, err := report.For(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestGolden keeps what each format makes of a report with all that there is, and of one without findings.
func TestGolden(t *testing.T) {
	for _, format := range report.Formats() {
		goldentest.Compare(t, written(t, format, rich()), "golden/formats/rich/"+format+fileType(format))
		goldentest.Compare(t, written(t, format, clean()), "golden/formats/clean/"+format+fileType(format))
	}
}

// TestPack states that a report reads the same in every format after it was kept.
func TestPack(t *testing.T) {
	for name, r := range map[string]report.Report{"rich": rich(), "clean": clean()} {
		data, err := r.Pack()
		if err != nil {
			t.Fatal(err)
		}
		kept, err := report.Unpack(data)
		if err != nil {
			t.Fatal(err)
		}
		kept.Tree = r.Tree
		for _, format := range report.Formats() {
			if got, want := written(t, format, kept), written(t, format, r); !bytes.Equal(got, want) {
				t.Errorf("%s, %s: got\n%s\nwant\n%s", name, format, got, want)
			}
		}
	}
	if _, err := report.Unpack([]byte("odd")); err == nil {
		t.Error("got no error of what is no report")
	}
}

func fileType(format string) string {
	switch format {
	case "gitlab", "json", "sarif":
		return ".json"
	case "junit":
		return ".xml"
	case "markdown":
		return ".md"
	}
	return ".txt"
}

// TestLarge states that no format fails with more findings than a report lists, and that what a forge bounds stays within.
func TestLarge(t *testing.T) {
	r := large(20_000)
	for _, format := range report.Formats() {
		got := written(t, format, r)
		switch format {
		case "markdown":
			if len(got) >= 60_000 || !strings.Contains(string(got), "findings not shown here") {
				t.Errorf("markdown: got %d bytes, ending in %q", len(got), got[max(0, len(got)-200):])
			}
		case "github":
			for _, level := range []string{"error", "warning", "notice"} {
				if n := strings.Count(string(got), "\n::"+level+" ") + strings.Count(string(got[:20]), "::"+level+" "); n != 10 {
					t.Errorf("github: got %d of %s, want the 10 that are shown", n, level)
				}
			}
			if want := "::notice title=gitopsgen::6656 further errors, 6657 further warnings, 6658 further notices: "; !strings.Contains(string(got), want) {
				t.Errorf("github: does not say how many more: want %s", want)
			}
		}
	}
}
