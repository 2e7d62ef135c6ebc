package merge_test

import (
	"fmt"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml/merge3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/merge"
)

func merged(t *testing.T, base, have, want string) merge.Result {
	t.Helper()
	r, err := merge.YAML(merge.Files{Path: "x.yaml", Base: []byte(base), Have: []byte(have), Want: []byte(want)}, merge.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestMerge goes through what each kind of change does to a text. conflicts are paths and reasons.
func TestMerge(t *testing.T) {
	for _, c := range []struct{ name, base, have, want, got, conflicts string }{
		{"a value keeps its surroundings", "a: 1\nb: 2\n", "# mine\na:   1   # why\n\nb: 3\n", "a: 5\nb: 2\n", "# mine\na:   5   # why\n\nb: 3\n", ""},
		{"a key comes in behind the one before it", "a: 1\nc: 3\n", "a: 1\n# mine\nc: 4\n", "a: 1\n# new\nb: 2\nc: 3\n", "a: 1\n# new\nb: 2\n# mine\nc: 4\n", ""},
		{"a key comes in at another indent", "a:\n  x: 1\n", "a:\n    x: 1 # mine\n", "a:\n  x: 1\n  y:\n    - z\n", "a:\n    x: 1 # mine\n    y:\n      - z\n", ""},
		{"a key comes in between brackets", "a: {x: 1}\n", "a: {x: 1, y: 2}\n", "a: {x: 1, z: 3}\n", "a: {x: 1, z: 3, y: 2}\n", ""},
		{"a key goes with its comment", "a: 1\n# why\nb: 2\n", "a: 2\n# why\nb: 2\n", "a: 1\n", "a: 2\n", ""},
		{"a comment of the user's stays", "a: 1\n# why\nb: 2\n", "a: 1\n# why\n# mine\nb: 2\n", "a: 1\n", "a: 1\n# mine\n", ""},
		{"a comment of the user's inside is in the way", "a: 1\nb:\n  c: 2\n", "a: 1\nb:\n  # mine\n  c: 2\n", "a: 1\n", "a: 1\nb:\n  # mine\n  c: 2\n", "b: comments of yours stand in what would go"},
		{"a comment changes", "# old\na: 1\nb: 2\n", "# old\na: 1\nb: 3\n", "# new\na: 1\nb: 2\n", "# new\na: 1\nb: 3\n", ""},
		{"a comment of the user's is not changed", "# old\na: 1\nb: 2\n", "# mine\na: 1\nb: 2\n", "# new\na: 1\nb: 2\n", "# mine\na: 1\nb: 2\n", ""},
		{"a key that the user deleted stays away", "a: 1\nb: 2\n", "a: 1\n", "a: 3\nb: 2\n", "a: 3\n", ""},
		{"a key that the user deleted and that changes", "a: 1\nb: 2\n", "a: 1\n", "a: 1\nb: 3\n", "a: 1\n", "b: both sides changed it"},
		{"a key that is edited and would go", "a: 1\nb: 2\n", "a: 1\nb: 3\n", "a: 1\n", "a: 1\nb: 3\n", "b: both sides changed it"},
		{"both add the same", "a: 1\n", "a: 1\nb: 2\n", "b: 2\na: 1\n", "a: 1\nb: 2\n", ""},
		{"both add something else", "a: 1\n", "a: 1\nb: 2\n", "a: 1\nb: 3\n", "a: 1\nb: 2\n", "b: both sides changed it"},
		{"the last key goes", "a:\n  b: 1\nc: 2\n", "a:\n  b: 1\nc: 3\n", "a: {}\nc: 2\n", "a: {}\nc: 3\n", ""},
		{"what is empty is filled", "a: {}\nc: 2\n", "a: {}\nc: 3\n", "a:\n  b: 1\nc: 2\n", "a:\n  b: 1\nc: 3\n", ""},
		{"null is not nothing", "a: 1\n", "a: null\n", "b: 1\n", "b: 1\na: null\n", "a: both sides changed it"},
		{"a missing line end stays missing", "a: 1\n", "a: 1\nb: 2", "a: 1\nc: 3\n", "a: 1\nc: 3\nb: 2", ""},
		{"line ends stay", "a: 1\nb: 2\n", "a: 1\r\nb: 3\r\n", "a: 2\nb: 2\nc: 1\n", "a: 2\r\nb: 3\r\nc: 1\r\n", ""},
		{"a mark at the beginning stays", "a: 1\n", "\ufeffa: 1\nb: 2\n", "a: 2\n", "\ufeffa: 2\nb: 2\n", ""},
		{"items are told apart by their keys", "env:\n  - name: A\n    value: a\n  - name: B\n    value: b\n", "env:\n  - name: B\n    value: mine\n  - name: A\n    value: a\n", "env:\n  - name: A\n    value: new\n  - name: B\n    value: b\n  - name: C\n", "env:\n  - name: B\n    value: mine\n  - name: C\n  - name: A\n    value: new\n", ""},
		{"a list without keys is one value", "args:\n  - a\n", "args:\n  - a\n  - mine\n", "args:\n  - a\n  - new\n", "args:\n  - a\n  - mine\n", "args: both sides changed it"},
		{"a set takes from both", "resources:\n  - a.yaml\n  - b.yaml\n", "resources:\n  - a.yaml\n  - b.yaml\n  - mine.yaml\n", "resources:\n  - b.yaml\n  - new.yaml\n", "resources:\n  - b.yaml\n  - new.yaml\n  - mine.yaml\n", ""},
		{"an anchor is not changed", "a:\n  x: 1\nb:\n  x: 1\n", "a: &x\n  x: 1\nb: *x\n", "a:\n  x: 1\nb:\n  x: 2\n", "a: &x\n  x: 1\nb: *x\n", "b: it stands in a form that cannot be changed in one place"},
		{"a block of text", "a: |\n  x\nb: 1\n", "a: |\n  x\nb: 2\n", "a: |\n  x\n  # y\n\n  z\nb: 1\n", "a: |\n  x\n  # y\n\n  z\nb: 2\n", ""},
		{"a comment at a block of text is in the way", "a: |\n  x\nb: 1\n", "a: | # mine\n  x\nb: 1\n", "a: |\n  y\nb: 1\n", "a: | # mine\n  x\nb: 1\n", "a: comments of yours stand in what would go"},
		{"documents are told apart by what they are", "kind: A\nmetadata: {name: one}\n---\nkind: A\nmetadata: {name: two}\n", "kind: A\nmetadata: {name: two}\n---\nkind: A\nmetadata: {name: one}\nmine: 1\n", "kind: A\nmetadata: {name: one}\nnew: 1\n---\nkind: A\nmetadata: {name: two}\n---\nkind: A\nmetadata: {name: three}\n", "kind: A\nmetadata: {name: two}\n---\nkind: A\nmetadata: {name: three}\n---\nkind: A\nmetadata: {name: one}\nnew: 1\nmine: 1\n", ""},
		{"a comment of the user's above a document is in the way", "kind: A\nmetadata: {name: one}\n---\nkind: A\nmetadata: {name: two}\n", "# mine\nkind: A\nmetadata: {name: one}\n---\nkind: A\nmetadata: {name: two}\n", "kind: A\nmetadata: {name: two}\n", "# mine\nkind: A\nmetadata: {name: one}\n---\nkind: A\nmetadata: {name: two}\n", ": comments of yours stand in what would go"},
		{"an object may change its version", "apiVersion: b/v1beta1\nkind: A\nmetadata: {name: one}\n---\nkind: B\nmetadata: {name: two}\n", "apiVersion: b/v1beta1\nkind: A\nmetadata: {name: one}\nmine: 1\n---\nkind: B\nmetadata: {name: two}\n", "apiVersion: c/v1\nkind: A\nmetadata: {name: one}\n---\nkind: B\nmetadata: {name: two}\n", "apiVersion: c/v1\nkind: A\nmetadata: {name: one}\nmine: 1\n---\nkind: B\nmetadata: {name: two}\n", ""},
	} {
		r := merged(t, c.base, c.have, c.want)
		var conflicts []string
		for _, conflict := range r.Conflicts {
			conflicts = append(conflicts, fmt.Sprintf("%s: %s", conflict.Path, conflict.Reason))
		}
		if got := strings.Join(conflicts, "; "); string(r.Text) != c.got || got != c.conflicts {
			t.Errorf("%s: got %q, conflicts %q\nwant %q, conflicts %q", c.name, r.Text, got, c.got, c.conflicts)
		}
	}
}

// TestVersions states that of a chart's versions the higher one is taken, and that it is told.
func TestVersions(t *testing.T) {
	text := func(version string) string { return "helmCharts:\n  - name: lamp\n    version: " + version + "\n" }
	for _, c := range []struct{ base, have, want, got, took string }{
		{"1.2.0", "1.10.0", "1.9.0", "1.10.0", "1.10.0"},
		{"1.2.0", "1.3.0", "1.10.0", "1.10.0", "1.10.0"},
		{"1.2.0", "1.3.0", "1.2.0", "1.3.0", ""},
		{"1.2.0", "1.3.0", "next", "1.3.0", ""},
	} {
		r := merged(t, text(c.base), text(c.have), text(c.want))
		took := ""
		for _, taken := range r.Taken {
			took = taken.Took
			if at := taken.Path.String(); at != `helmCharts["name=lamp"].version` || taken.Ours != c.have || taken.Theirs != c.want {
				t.Errorf("%+v: got %+v", c, taken)
			}
		}
		if string(r.Text) != text(c.got) || took != c.took || (c.want == "next") != (len(r.Conflicts) == 1) {
			t.Errorf("%+v: got %q, took %q, conflicts %+v", c, r.Text, took, r.Conflicts)
		}
	}
}

// TestOptions states that lists are known by Keys first, and that a conflict can be decided.
func TestOptions(t *testing.T) {
	f := merge.Files{
		Base: []byte("apiVersion: x/v1\nkind: X\nlamps:\n  - id: 1\n    lit: 1\n"),
		Have: []byte("apiVersion: x/v1\nkind: X\nlamps:\n  - id: 1\n    lit: 2 # mine\n"),
		Want: []byte("apiVersion: x/v1\nkind: X\nlamps:\n  - id: 1\n    lit: 3\n  - id: 2\n"),
	}
	o := merge.Options{Keys: func(apiVersion, kind string, at []any) ([]string, bool) {
		return []string{"id"}, apiVersion == "x/v1" && kind == "X" && manifest.Path(at).String() == "lamps"
	}}
	r, err := merge.YAML(f, o)
	if err != nil || len(r.Conflicts) != 1 || r.Conflicts[0].Path.String() != `lamps["id=1"].lit` || !strings.HasSuffix(string(r.Text), "    lit: 2 # mine\n  - id: 2\n") {
		t.Errorf("got %q, %+v, %v", r.Text, r.Conflicts, err)
	}
	if c := r.Conflicts[0]; c.First != 5 || c.Last != 5 || c.Ours.Value != int64(2) || c.Theirs.Value != int64(3) || c.Document.Kind != "X" {
		t.Errorf("got %+v", c)
	}
	const marks = "<<<<<<< ours\n    lit: 2 # mine\n||||||| base\n    lit: 1\n=======\n    lit: 3\n>>>>>>> theirs\n  - id: 2\n"
	if got := string(r.Inline()); !strings.HasSuffix(got, marks) {
		t.Errorf("inline: got %q", got)
	}
	o.Theirs = func(c merge.Conflict) bool {
		return c.Path.String() == `lamps["id=1"].lit` && c.Theirs.Value == int64(3)
	}
	if r, err := merge.YAML(f, o); err != nil || len(r.Conflicts) != 0 || !strings.HasSuffix(string(r.Text), "    lit: 3 # mine\n  - id: 2\n") {
		t.Errorf("decided: got %q, %+v, %v", r.Text, r.Conflicts, err)
	}
}

// TestBroken states what becomes of files that are no YAML.
func TestBroken(t *testing.T) {
	f := merge.Files{Path: "a/x.yaml", Base: []byte("a: 1\nb: 1\n"), Have: []byte("a: 1\nb: [\n"), Want: []byte("a: 2\nb: 1\n")}
	if _, err := merge.File(f, merge.Options{}); err == nil || !strings.HasPrefix(err.Error(), "a/x.yaml:") {
		t.Errorf("got %v", err)
	}
	f.Base = []byte("{{ if x }}\na\nb: 1\nc: 1\n")
	f.Have = []byte("{{ if x }}\na\nb: 1\nc: 2\n")
	f.Want = []byte("{{ if y }}\na\nb: 1\nc: 1\n")
	if r, err := merge.File(f, merge.Options{}); err != nil || string(r.Text) != "{{ if y }}\na\nb: 1\nc: 2\n" {
		t.Errorf("got %q, %v", r.Text, err)
	}
}

// TestNoSilentWinner shows a user's value that kyaml's merge of three texts loses without a word.
func TestNoSilentWinner(t *testing.T) {
	const base, have, want = "spec:\n  replicas: 1\n", "spec:\n  replicas: 5\n", "spec:\n  replicas: 2\n"
	theirs, err := merge3.MergeStrings(have, base, want, false)
	if err != nil || theirs != want {
		t.Errorf("kyaml: got %q, %v; want %q", theirs, err, want)
	}
	if r := merged(t, base, have, want); string(r.Text) != have || len(r.Conflicts) != 1 {
		t.Errorf("got %q, %+v", r.Text, r.Conflicts)
	}
}

// TestDisjoint states that changes to other keys of a mapping, and to other items of a list with keys, are no conflict.
func TestDisjoint(t *testing.T) {
	texts := func(key func(i int, value string) string) {
		const n = 5
		text := func(changed int, value string) string {
			var b strings.Builder
			for i := range n {
				if i == changed && value == "" {
					continue
				}
				if i == changed {
					b.WriteString(key(i, value))
					continue
				}
				b.WriteString(key(i, "old"))
			}
			return b.String()
		}
		for i := range n {
			for k := range n {
				for _, ours := range []string{"mine", ""} {
					for _, theirs := range []string{"new", ""} {
						if i == k || n == 1 {
							continue
						}
						r := merged(t, text(-1, ""), text(i, ours), text(k, theirs))
						want := strings.Replace(text(i, ours), key(k, "old"), strings.Repeat(key(k, theirs), min(len(theirs), 1)), 1)
						if len(r.Conflicts) > 0 || string(r.Text) != want {
							t.Errorf("%d %q and %d %q: got %q, %+v, want %q", i, ours, k, theirs, r.Text, r.Conflicts, want)
						}
					}
				}
			}
		}
	}
	texts(func(i int, value string) string { return fmt.Sprintf("k%d: %s\n", i, value) })
	texts(func(i int, value string) string {
		return fmt.Sprintf("# about %d\nk%d:\n  x: %s\n  y: [1]\n", i, i, value)
	})
	texts(func(i int, value string) string {
		return fmt.Sprintf("kind: A\nmetadata:\n  name: n%d\nx: %s\n---\n", i, value)
	})
}
