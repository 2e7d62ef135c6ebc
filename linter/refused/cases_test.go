package refused_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/refused"
)

// expectation is a line of a case that says what is to be found, in the order in which it is.
var expectation = regexp.MustCompile(`(?m)^# (\d+:\d+: .+)$`)

// TestCases judges the objects of each case of testdata as they are read from a repository. Its name says whether it is right, the
// version of Kubernetes where that is not the newest, and whether an Application brings them.
func TestCases(t *testing.T) {
	for _, file := range []string{"access", "config", "metadata", "network", "pods", "scheduling", "service", "volumes", "workloads"} {
		archive, err := txtar.ParseFile("testdata/" + file + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range archive.Files {
			t.Run(file+"/"+c.Name, func(t *testing.T) { judgeCase(t, c) })
		}
	}
}

func judgeCase(t *testing.T, c txtar.File) {
	var want, got []string
	for _, m := range expectation.FindAllSubmatch(c.Data, -1) {
		want = append(want, string(m[1]))
	}
	resources, problems := manifest.Parse(c.Name, c.Data)
	if len(problems) > 0 || len(resources) == 0 {
		t.Fatalf("got %d objects and the problems %v", len(resources), problems)
	}
	for i := range resources {
		if strings.Contains(c.Name, "of an Application") {
			resources[i].Origin.Application = "lamp"
		}
	}
	for _, f := range findings(t, version.FindString(c.Name), resources) {
		got = append(got, fmt.Sprintf("%d:%d: %s", f.Place.Line, f.Place.Column, f.Message))
		if f.Fix == "" || f.Place.File != c.Name {
			t.Errorf("%s: got the place %s and the fix %q", f.Message, f.Place, f.Fix)
		}
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
	if right := strings.HasPrefix(c.Name, "right"); right != (len(want) == 0) {
		t.Errorf("the name says that it is right: %t, and it has %d expectations", right, len(want))
	}
}

// version is a version of Kubernetes in the name of a case.
var version = regexp.MustCompile(`1\.\d+`)

func findings(t *testing.T, kubernetes string, resources []manifest.Resource) []linter.Finding {
	t.Helper()
	in := linter.Input{Resources: resources, KubernetesVersion: kubernetes, Judged: map[string]bool{"schema/refused": true}}
	j, err := refused.Checker().Check(context.Background(), linter.NewView(in))
	if err != nil {
		t.Fatal(err)
	}
	return j.Findings
}
