package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestSince states that what is found since a state is what is found now and was not found then, whatever was edited: what is
// unchanged hides nothing. GITOPSGEN_EDITS is how many edits there are, GITOPSGEN_SEED which.
func TestSince(t *testing.T) { // not in parallel: while it renders no other test finds a program
	base, err := gitrepo.Read(filepath.Join(repositoryRoot, "golden", "trees", "enterprise"))
	if err != nil {
		t.Fatal(err)
	}
	g := judge()
	g.Cache = t.TempDir()
	before := checked(t, g, base, nil)
	random := rand.New(rand.NewPCG(uint64(number("GITOPSGEN_SEED", 1)), 0))
	found := 0
	for i := range number("GITOPSGEN_EDITS", 8) {
		now, edit := edited(t, base, random)
		want := map[string]int{}
		whole := checked(t, g, now, nil)
		for _, f := range whole.Findings {
			want[f.Fingerprint()+" "+f.Rule+" "+f.Message]++
		}
		for _, f := range before.Findings {
			want[f.Fingerprint()+" "+f.Rule+" "+f.Message]--
		}
		found += len(want)
		got := map[string]int{}
		since := checked(t, g, now, &base)
		for _, f := range since.Findings {
			got[f.Fingerprint()+" "+f.Rule+" "+f.Message]++
		}
		for _, n := range since.NotJudged { // which needs all Applications
			for _, of := range []map[string]int{want, got} {
				maps.DeleteFunc(of, func(key string, _ int) bool { return strings.Contains(key, " "+n.Rule+" ") })
			}
		}
		maps.DeleteFunc(want, func(key string, n int) bool { return n <= 0 || strings.Contains(key, " waivers/unused ") })
		if !maps.Equal(got, want) {
			t.Errorf("edit %d, %s: got\n%s\nwant\n%s", i, edit, lines(got), lines(want))
		}
	}
	if found == 0 {
		t.Error("no edit broke anything")
	}
}

func lines(of map[string]int) string { return strings.Join(slices.Sorted(maps.Keys(of)), "\n") }

func number(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return otherwise
}

// checked checks a tree, since another one unless that is nil.
func checked(t *testing.T, g generator.Generator, now tree.Tree, since *tree.Tree) generator.Checked {
	t.Helper()
	r, err := g.Read(now, blueprint.Medium)
	if err != nil {
		t.Fatal(err)
	}
	o := generator.CheckOptions{}
	if since != nil {
		before, err := g.Read(*since, blueprint.Medium)
		if err != nil {
			t.Fatal(err)
		}
		o.Since = &generator.Since{Repository: before, Revision: "before"}
	}
	found, err := g.Check(t.Context(), r, o)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// edited makes one change to a file of a platform, as people and bad days do.
func edited(t *testing.T, base tree.Tree, random *rand.Rand) (now tree.Tree, what string) {
	t.Helper()
	all := slices.DeleteFunc(slices.Clone(base.Files()), func(f tree.File) bool {
		return strings.HasPrefix(f.Path, ".") || filepath.Ext(f.Path) != ".yaml" || !strings.Contains(f.Path, "/")
	})
	f := all[random.IntN(len(all))]
	files := slices.DeleteFunc(slices.Clone(base.Files()), func(one tree.File) bool { return one.Path == f.Path })
	text := strings.Split(string(f.Data), "\n")
	at := random.IntN(len(text))
	switch kind := random.IntN(6); kind {
	case 0:
		what = "removed " + f.Path
	case 1:
		text = slices.Delete(text, at, at+1)
		what = fmt.Sprintf("removed line %d of %s", at+1, f.Path)
	case 2:
		text = slices.Insert(text, at, text[at])
		what = fmt.Sprintf("doubled line %d of %s", at+1, f.Path)
	case 3:
		text[at] = strings.NewReplacer("true", "false", "1", "7", "io", "example").Replace(text[at])
		what = fmt.Sprintf("changed line %d of %s", at+1, f.Path)
	case 4:
		files = append(files, tree.File{Path: strings.TrimSuffix(f.Path, ".yaml") + "-more.yaml", Data: []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: more, namespace: lights}\nspec: {hostNetwork: true, containers: [{name: a, image: a}]}\n")})
		what = "added a file beside " + f.Path
	case 5:
		text = slices.Insert(text, at, "# a comment")
		what = fmt.Sprintf("commented line %d of %s", at+1, f.Path)
	}
	if !strings.HasPrefix(what, "removed "+f.Path) {
		files = append(files, tree.File{Path: f.Path, Data: []byte(strings.Join(text, "\n"))})
	}
	now, err := tree.New(files...)
	if err != nil {
		t.Fatal(err)
	}
	return now, what
}
