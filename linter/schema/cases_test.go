package schema_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// expectation is a line of a case that says what is to be found, in the order of places.
var expectation = regexp.MustCompile(`(?m)^# (\d+:\d+: .+)$`)

// TestCases judges the files of testdata, each in a cluster of its own, as they are read from a repository.
func TestCases(t *testing.T) {
	for _, file := range []string{"core", "custom"} {
		archive, err := txtar.ParseFile("testdata/" + file + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		in := linter.Input{KubernetesVersion: "1.36"}
		found := map[string][]linter.Finding{}
		for _, c := range archive.Files {
			resources, problems := manifest.Parse(c.Name, c.Data)
			in.Resources = append(in.Resources, inCluster(c.Name, resources)...)
			for _, p := range problems {
				found[c.Name] = append(found[c.Name], linter.Finding{Place: p.Place, Message: p.Message})
			}
		}
		for _, f := range findings(t, checker(""), in) {
			found[f.Place.File] = append(found[f.Place.File], f)
		}
		for _, c := range archive.Files {
			t.Run(file+"/"+c.Name, func(t *testing.T) {
				var want, got []string
				for _, m := range expectation.FindAllSubmatch(c.Data, -1) {
					want = append(want, string(m[1]))
				}
				for _, f := range found[c.Name] {
					got = append(got, fmt.Sprintf("%d:%d: %s", f.Place.Line, f.Place.Column, f.Message))
				}
				expect(t, got, want...)
				if right := strings.Contains(c.Name, "right"); right != (len(want) == 0) {
					t.Errorf("the name says that it is right: %t, and it has %d expectations", right, len(want))
				}
			})
		}
		if n := len(archive.Files); n < 60 {
			t.Errorf("got %d cases of %s, want 60", n, file)
		}
	}
}
