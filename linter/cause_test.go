package linter

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// rendered is a finding about what an Application renders of a file.
func rendered(application, cluster string) Finding {
	return Finding{
		Rule: "images/latest-tag", Severity: Error, Message: "it has the tag latest", Place: manifest.Place{File: "base/lamp.yaml", Line: 3, Column: 5},
		Resource: &manifest.Resource{
			ID: manifest.ID{Version: "v1", Kind: "Pod", Name: "lamp"}, Origin: manifest.Origin{Application: application, Cluster: cluster},
		},
	}
}

// TestGather states which findings are told as one, and that none gets lost by it.
func TestGather(t *testing.T) {
	of := func(change func(*Finding)) Finding {
		f := rendered("b", "test")
		change(&f)
		return f
	}
	for name, c := range map[string]struct {
		other  Finding
		copies int
	}{
		"another Application":     {of(func(*Finding) {}), 1},
		"another cluster":         {rendered("a", "test"), 1},
		"another name":            {of(func(f *Finding) { f.Resource.ID.Name = "torch" }), 1},
		"another kind":            {of(func(f *Finding) { f.Resource.ID.Kind = "Job" }), 0},
		"another rule":            {of(func(f *Finding) { f.Rule = "pods/privileged" }), 0},
		"another severity":        {of(func(f *Finding) { f.Severity = Warning }), 0},
		"another message":         {of(func(f *Finding) { f.Message = "it has no tag" }), 0},
		"another column":          {of(func(f *Finding) { f.Place.Column++ }), 0},
		"another place beside it": {of(func(f *Finding) { f.Related = []Related{{Message: "here"}} }), 0},
		"no object":               {of(func(f *Finding) { f.Resource = nil }), 0},
		"an object of a chart":    {of(func(f *Finding) { f.Resource.Origin.Chart, f.Resource.ID.Name = "lamp 1.0.0", "torch" }), 0},
		"apiVersion of a chart": {of(func(f *Finding) {
			f.Resource.Origin.Chart, f.Resource.ID.Name, f.At = "lamp 1.0.0", "torch", manifest.Path{"apiVersion"}
		}), 1},
		"the same thing once more": {rendered("a", "prod"), 0},
	} {
		all := Report{}.With([]Finding{rendered("a", "prod"), c.other})
		told := all.Gather(Options{})
		if n := len(told.Findings); n != len(all.Findings)-c.copies || len(told.Findings[0].Copies) != c.copies && n == 1 {
			t.Errorf("%s: got %d findings, the first with %d copies, want %d copies", name, n, len(told.Findings[0].Copies), c.copies)
		}
		var each []Finding
		for _, f := range told.Findings {
			each = append(each, f.Each()...)
		}
		if got, want := fmt.Sprint(Know(each)), fmt.Sprint(Know(all.Findings)); got != want {
			t.Errorf("%s: got the fingerprints %s, want %s", name, got, want)
		}
	}
}

// TestGatherBounds states that of too many the worst causes are listed, each with all of its copies.
func TestGatherBounds(t *testing.T) {
	var all []Finding
	for i := range 10 {
		for j := range 3 {
			f := rendered(fmt.Sprint(j), "prod")
			f.Place.Line, f.Severity = i+1, Warning
			if i == 7 {
				f.Severity = Error
			}
			all = append(all, f)
		}
	}
	told := Report{}.With(all).Tell(Input{}, Options{Most: 2}).Gather(Options{Most: 2})
	var got []string
	for _, f := range told.Findings {
		got = append(got, fmt.Sprint(f.Place.Line, len(f.Copies)))
	}
	if want := []string{"1 2", "8 2"}; !slices.Equal(got, want) || told.Unlisted != 8 {
		t.Errorf("got %q and %d unlisted, want %q and 8", got, told.Unlisted, want)
	}
}

// TestOnly states what is chosen, and that what is not chosen counts.
func TestOnly(t *testing.T) {
	of := func(rule, file string) Finding {
		return Finding{Rule: rule, Severity: Error, Place: manifest.Place{File: file}}
	}
	all := []Finding{of("images/latest-tag", "apps/a/lamp.yaml"), of("images/digest", "apps/b/lamp.yaml"), of("pods/privileged", "lamp.yaml")}
	files, err := tree.New(tree.File{Path: "apps/a/lamp.yaml"}, tree.File{Path: "apps/b/lamp.yaml"}, tree.File{Path: "lamp.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	rules := []Rule{{ID: "images/digest"}, {ID: "images/latest-tag"}, {ID: "pods/privileged"}}
	for _, c := range []struct {
		only Only
		want string
	}{
		{Only{}, "[0 1 2]"},
		{Only{Rules: []string{"images/latest-tag"}}, "[0]"},
		{Only{Rules: []string{"images/*"}}, "[0 1]"},
		{Only{Rules: []string{"images/latest-tag", "pods/privileged"}}, "[0 2]"},
		{Only{Paths: []string{"apps"}}, "[0 1]"},
		{Only{Paths: []string{"apps/*"}}, "[0 1]"},
		{Only{Paths: []string{"**/lamp.yaml"}}, "[0 1 2]"},
		{Only{Paths: []string{"*/b", "lamp.yaml"}}, "[1 2]"},
		{Only{Paths: []string{"."}}, "[0 1 2]"},
		{Only{Rules: []string{"pods/*"}, Paths: []string{"apps"}}, "[]"},
		{Only{Rules: []string{"image/*"}}, "wrong"},
		{Only{Rules: []string{"*"}}, "wrong"},
		{Only{Paths: []string{"app"}}, "wrong"},
	} {
		chosen, others := c.only.choose(all)
		got := []int{}
		for _, f := range chosen {
			got = append(got, slices.IndexFunc(all, func(other Finding) bool { return other.Rule == f.Rule }))
		}
		text := fmt.Sprint(got)
		if c.only.Check(rules, files.Files()) != nil {
			text = "wrong"
		}
		if text != c.want || len(chosen)+others.All() != len(all) {
			t.Errorf("%v: got %s and %d others, want %s", c.only, text, others.All(), c.want)
		}
	}
}
