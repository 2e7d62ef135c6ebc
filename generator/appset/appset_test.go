package appset_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gitopsgen/gitopsgen/generator/appset"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
)

// TestExpand holds what the sets of each archive make against what Argo CD makes of them.
func TestExpand(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var all []tree.File
			var want int
			for i, f := range archive.Files {
				if f.Name == "want" {
					want = i
					continue
				}
				all = append(all, tree.File{Path: f.Name, Data: f.Data})
			}
			world := appset.World{Tree: treeOf(t, all...), Absent: absent}
			sets, problems := manifest.Parse("sets.yaml", archive.Files[0].Data)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			world.Clusters = appset.Clusters(sets)
			var got strings.Builder
			for _, set := range sets {
				if set.ID.Kind == "ApplicationSet" {
					write(&got, set.ID.Name, appset.Expand(set, world))
				}
			}
			archive.Files[want].Data = []byte(got.String())
			goldentest.Compare(t, txtar.Format(archive), "generator/appset/"+filepath.ToSlash(file))
		})
	}
}

// absent has one repository here, at its branch main.
func absent(url, revision string, _ bool) *appset.Lack {
	switch {
	case url != "https://git.example.org/a.git":
		return &appset.Lack{Kind: appset.Elsewhere, Text: "elsewhere: " + url}
	case revision != "" && revision != "HEAD" && revision != "main":
		return &appset.Lack{Kind: appset.NotHere, Text: "not here: " + revision}
	}
	return nil
}

func treeOf(t *testing.T, files ...tree.File) tree.Tree {
	t.Helper()
	all, err := tree.New(files...)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// write writes what a set makes: of each Application the place in the template, what it was made of, metadata and spec.
func write(b *strings.Builder, name string, out appset.Expansion) {
	fmt.Fprintf(b, "# %s\n", name)
	for _, app := range out.Applications {
		text, _ := json.Marshal([]any{app.Object["metadata"], app.Object["spec"]})
		fmt.Fprintf(b, "%s %v\n    %s\n", app.Place("spec"), app.Origin.Set.Elements, text)
	}
	kinds := []string{"wrong", "not here", "clusterless", "elsewhere", "unsaid"}
	for _, lack := range out.Lacks {
		fmt.Fprintf(b, "%s: %s: %s\n", lack.Place, kinds[lack.Kind], lack.Text)
	}
	for _, note := range out.Notes {
		fmt.Fprintf(b, "note: %s\n", note)
	}
}

// setOf is a set of a text.
func setOf(t *testing.T, text string) manifest.Resource {
	t.Helper()
	sets, problems := manifest.Parse("set.yaml", []byte("apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: lamps}\n"+text))
	if len(problems) > 0 || len(sets) != 1 {
		t.Fatal(len(sets), problems)
	}
	return sets[0]
}

// TestBounds states that a set which would make too much makes nothing, and says so.
func TestBounds(t *testing.T) {
	many := "spec:\n  generators:\n    - list:\n        elements:\n" + strings.Repeat("          - {a: b}\n", 100_000)
	template := "  template: {metadata: {name: 'x-{{a}}'}, spec: {}}\n"
	rows := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "{%s: 'n%d'},", "K", i)
		}
		return b.String()
	}
	square := "spec:\n  generators: [{matrix: {generators: [{list: {elements: [" + strings.ReplaceAll(rows(400), "K", "a") + "]}}, {list: {elements: [" +
		strings.ReplaceAll(rows(400), "K", "b") + "]}}]}, selector: {matchLabels: {a: none}}}]\n"
	named := "spec:\n  generators: [{list: {elements: [" + strings.ReplaceAll(rows(10_001), "K", "a") + "]}}]\n"
	for _, test := range []struct{ name, text, want string }{
		{"elements of one name", many, ""}, {"a square", square, "give more than 100000"}, {"names", named, "makes more than 10000 Applications"},
	} {
		out := appset.Expand(setOf(t, test.text+template), appset.World{})
		if len(out.Lacks) != 1 || !strings.Contains(out.Lacks[0].Text, test.want) {
			t.Errorf("%s: got %d lacks, %v", test.name, len(out.Lacks), out.Lacks[:min(len(out.Lacks), 2)])
		}
		if test.want != "" && len(out.Applications) > 0 {
			t.Errorf("%s: got %d Applications", test.name, len(out.Applications))
		}
	}
}

// TestReachesNothing states that no function of a template tells of the machine.
func TestReachesNothing(t *testing.T) {
	t.Setenv("CANARY", "sings")
	for _, call := range []string{`env "CANARY"`, `expandenv "$CANARY"`, `getHostByName "localhost"`} {
		set := setOf(t, "spec: {goTemplate: true, generators: [{list: {elements: [{a: b}]}}], template: {metadata: {name: '{{ "+call+" }}'}}}\n")
		out := appset.Expand(set, appset.World{})
		if len(out.Applications) > 0 || len(out.Lacks) != 1 || !strings.Contains(out.Lacks[0].Text, "not defined") {
			t.Errorf("%s: got %v, %v", call, out.Applications, out.Lacks)
		}
	}
}

// FuzzExpand states that expanding never panics, and that places stand in the file of the set or of its elements.
func FuzzExpand(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, one := range txtar.Parse(data).Files {
			if one.Name == "sets.yaml" {
				for _, document := range strings.Split(string(one.Data), "\n---\n") {
					f.Add([]byte(document))
				}
			}
		}
	}
	world, err := tree.New(tree.File{Path: "apps/a/x.yaml", Data: []byte("a: {b: [1, 2]}\n")}, tree.File{Path: "apps/b/x.json", Data: []byte(`[{"a": 1}]`)})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 || strings.Contains(string(data), "goTemplate") && slices.ContainsFunc([]string{"range", "repeat", "gen", "until", "htpasswd", "bcrypt", "derive"}, func(word string) bool {
			return strings.Contains(string(data), word)
		}) {
			t.Skip() // time is the watchdog's
		}
		sets, _ := manifest.Parse("sets.yaml", data)
		for _, set := range sets {
			out := appset.Expand(set, appset.World{Tree: world})
			for _, app := range out.Applications {
				if at := app.Place("spec", "source"); at.File != "sets.yaml" || at.Line < 1 {
					t.Errorf("%s: got the place %q", app.ID, at)
				}
			}
		}
	})
}
