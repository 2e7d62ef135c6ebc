package refused_test

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/refused"
)

// FuzzRefused states that no object ends judging in a panic, or takes it out of its file, and that each fault is told in a line
// that says what to do.
func FuzzRefused(f *testing.F) {
	for _, file := range []string{"access", "config", "metadata", "network", "pods", "scheduling", "service", "volumes", "workloads"} {
		archive, err := txtar.ParseFile("testdata/" + file + ".txtar")
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range archive.Files {
			f.Add(string(c.Data))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		resources, _ := manifest.Parse("a.yaml", []byte(text+enforcing(enforce+"restricted")))
		in := linter.Input{Resources: resources, Judged: map[string]bool{"schema/refused": true, "pods/pod-security-standard": true}}
		j, err := refused.Checker().Check(context.Background(), linter.NewView(in))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range j.Findings {
			if strings.Contains(found.Message, "\n") || found.Place.File != "a.yaml" || found.Fix == "" && !strings.HasSuffix(found.Message, "not told one by one") {
				t.Errorf("got %+v", found)
			}
		}
	})
}

// TestManyFaults states that the faults of one object are bounded, and that the others are counted.
func TestManyFaults(t *testing.T) {
	resources, _ := manifest.Parse("a.yaml", []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"+strings.Repeat("    - {name: A, image: a}\n", 150)))
	found := findings(t, "", resources)
	if n := len(found); n != 101 || found[100].Message != "199 more faults not told one by one" {
		t.Errorf("got %d findings, the last %v", n, found[n-1])
	}
}
