package edit_test

import (
	"reflect"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/edit"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// setting reads key=value, which must be right.
func setting(t *testing.T, text string) edit.Setting {
	t.Helper()
	s, err := edit.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestEditAfter puts a new key behind another one.
func TestEditAfter(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a:\n- b: c\n  # of c\n\n# of d\nd: e\n", "a:\n- b: c\n  # of c\nx:\n  k: v\n\n# of d\nd: e\n"},
		{"a: [b] # of b\nd: e\n", "a: [b] # of b\nx:\n  k: v\nd: e\n"},
		{"a: |\n  b\n\nd: e\n", "a: |\n  b\nx:\n  k: v\n\nd: e\n"},
		{"a: b\r\nd: e\r\n", "a: b\r\nx:\r\n  k: v\r\nd: e\r\n"},
		{"a: b", "a: b\nx:\n  k: v"},
		{"d: e\n", "d: e\nx:\n  k: v\n"},
		{"{a: b, d: e}\n", "{a: b, d: e, x: {k: v}}\n"},
		{"a: b\nx: # of x\n  w: v\n", "a: b\nx: # of x\n  w: v\n  k: v\n"},
	} {
		got, err := edit.Apply([]byte(c.text), []edit.Setting{{Path: []any{"x", "k"}, Value: "v", After: "a"}})
		if err != nil || string(got) != c.want {
			t.Errorf("%q: got %q, %v, want %q", c.text, got, err, c.want)
		}
	}
}

func TestEdit(t *testing.T) {
	for _, c := range []struct{ name, text, set, want string }{
		{"a scalar keeps the comment behind it", "a: b # why\nc: d\n", "a=x", "a: x # why\nc: d\n"},
		{"quotes go with the old value", "a: 'it''s' # why\n", "a=x", "a: x # why\n"},
		{"quotes come with the new one", "a: b\n", `a="1.36"`, "a: \"1.36\"\n"},
		{"a text that looks like a comment", "a: b\n", `a="x # y"`, "a: \"x # y\"\n"},
		{"an empty value", "a: # why\nb: c\n", "a=x", "a: x # why\nb: c\n"},
		{"an empty value at the end", "a:", "a=x", "a: x"},
		{"a folded value", "a: one\n  two # why\nb: c\n", "a=x", "a: x # why\nb: c\n"},
		{"a block scalar", "a: |\n  one\n\n  # two\n\nb: c\n", "a=x", "a: x\n\nb: c\n"},
		{"behind a block scalar", "a:\n  b: |\n    one\n\n    two\n\n# c\nc: d\n", "a.e=x", "a:\n  b: |\n    one\n\n    two\n  e: x\n\n# c\nc: d\n"},
		{"a new key", "a: b\n\n# the end\n", "c=x", "a: b\n\n# the end\nc: x\n"},
		{"a new key without a last line break", "a: b", "c=x", "a: b\nc: x"},
		{"new keys below each other", "a: b\n", "c.d.e=x", "a: b\nc:\n  d:\n    e: x\n"},
		{"a new list", "a: b\n", "c[0].d=x", "a: b\nc:\n  - d: x\n"},
		{"a new item", "a:\n  - b: c\n    d: e\n\nf: g\n", "a[1].b=x", "a:\n  - b: c\n    d: e\n  - b: x\n\nf: g\n"},
		{"a new item of a list that is not indented", "a:\n- b\n# c\nd: e\n", "a[1]=x", "a:\n- b\n- x\n# c\nd: e\n"},
		{"a new key in an item", "a:\n  - b: c\n    # why\n  - b: d\n", "a[0].e=x", "a:\n  - b: c\n    # why\n    e: x\n  - b: d\n"},
		{"in braces", "a: {b: c, d: [e, 'f]']} # why\n", "a.d[1]=x", "a: {b: c, d: [e, x]} # why\n"},
		{"added in braces", "a: {b: c} # why\n", "a.d.e=x, y", "a: {b: c, d: {e: 'x, y'}} # why\n"},
		{"added in brackets over several lines", "a: [\n  b, # ]\n  c, # why\n]\n", "a[2]=x", "a: [\n  b, # ]\n  c, x # why\n]\n"},
		{"empty braces", "a: {} # why\nb: c\n", "a.d=x", "a:\n  d: x # why\nb: c\n"},
		{"empty braces in braces", "a: {b: {}}\n", "a.b.c=x", "a: {b: {c: x}}\n"},
		{"a mapping for a scalar", "a: b\n", "a={c: d, e: [1, 2]}", "a: {c: d, e: [1, 2]}\n"},
		{"a scalar for a mapping", "a:\n  # of b\n  b: c\n\nd: e\n", "a=x", "a: x\n\nd: e\n"},
		{"a name with dots", "a: b\n", `c.d\.e/f=x`, "a: b\nc:\n  d.e/f: x\n"},
		{"a name that looks like something else", "a: b\n", "true.1=x", "a: b\n\"true\":\n  \"1\": x\n"},
		{"other line ends", "a:\r\n  b: c\r\nd: e\r\n", "a.f.g=x", "a:\r\n  b: c\r\n  f:\r\n    g: x\r\nd: e\r\n"},
		{"other letters", "ä: {ö: ü, é: è}\n", "ä.é=x", "ä: {ö: ü, é: x}\n"},
		{"an end of the document", "---\na: b\n...\n", "c=x", "---\na: b\nc: x\n...\n"},
		{"nothing yet", "", "a.b=x", "a:\n  b: x\n"},
		{"only a comment", "# why", "a=x", "# why\na: x\n"},
		{"an anchor that nobody uses", "a: &b c # why\n", "a=x", "a: x # why\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := edit.Apply([]byte(c.text), []edit.Setting{setting(t, c.set)})
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("%s\ngot:\n%s\nwant:\n%s", c.set, got, c.want)
			}
		})
	}
}

// TestEditRemoves takes away what a key without a value names, and leaves everything else.
func TestEditRemoves(t *testing.T) {
	for _, c := range []struct{ name, text, key, want string }{
		{"what is not there", "a: b\n", "c.d", "a: b\n"},
		{"a key with the comments of its own", "a: b\n# of c\n# and more\nc: d # why\ne: f\n", "c", "a: b\ne: f\n"},
		{"what stands above an empty line is about more", "a: b\n# of all\n\nc: d\ne: f\n", "c", "a: b\n# of all\n\ne: f\n"},
		{"comments that a text begins with", "# of all\na: b\nc: d\n", "a", "# of all\nc: d\n"},
		{"a mapping among empty lines", "a: b\n\nc:\n  d: e\n  # of f\n  f: g\n\nh: i\n", "c", "a: b\n\nh: i\n"},
		{"the last key", "a: b\n\nc: d\n", "c", "a: b\n"},
		{"the last key without a line end", "a: b\nc: d", "c", "a: b\n"},
		{"the only key", "a: b\n", "a", "{}\n"},
		{"the only key below another", "a: # of a\n  # of b\n  b: c\nd: e\n", "a.b", "a: {} # of a\nd: e\n"},
		{"the only item", "a:\n  - b: c\n    d: e\nf: g\n", "a[0]", "a: []\nf: g\n"},
		{"an item", "a:\n  - b: c\n    d: e\n  # of f\n  - f: g\n", "a[0]", "a:\n  # of f\n  - f: g\n"},
		{"an item that is not indented", "a:\n- b\n# of c\n- c\nd: e\n", "a[1]", "a:\n- b\nd: e\n"},
		{"an item below its dash", "a:\n  -\n    b: c\n  - d\n", "a[0]", "a:\n  - d\n"},
		{"the key behind a dash", "a:\n  - b: c # of b\n    # of d\n    d: e\n", "a[0].b", "a:\n  - # of d\n    d: e\n"},
		{"the only key behind a dash", "a:\n  - b: c\n  - d\n", "a[0].b", "a:\n  - {}\n  - d\n"},
		{"the first between brackets", "a: [b, c] # why\n", "a[0]", "a: [c] # why\n"},
		{"the last between brackets", "a: {b: c, d: 'e, f'} # why\n", "a.d", "a: {b: c} # why\n"},
		{"the only one between brackets", "a: [b] # why\n", "a[0]", "a: [] # why\n"},
		{"one of several lines between brackets", "a: [\n  b, # of b\n  c, # of c\n]\n", "a[1]", "a: [\n  b, # of b\n  # of c\n]\n"},
		{"a text of lines", "a: |\n  b\n  c\nd: e\n", "a", "d: e\n"},
		{"other line ends", "a: b\r\n\r\nc:\r\n  d: e\r\n\r\nf: g\r\n", "c", "a: b\r\n\r\nf: g\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := edit.Apply([]byte(c.text), []edit.Setting{setting(t, c.key+"=")})
			if err != nil || string(got) != c.want {
				t.Errorf("%s\ngot:\n%s%v\nwant:\n%s", c.key, got, err, c.want)
			}
		})
	}
}

func TestEditWritesACommentAboveWhatIsNew(t *testing.T) {
	settings := []edit.Setting{
		{Path: []any{"capabilities", "gitops"}, Value: "argo-cd", Default: true, Comment: "What serves each."},
		{Path: []any{"capabilities", "metrics"}, Value: "metrics-server", Default: true, Comment: "What serves each."},
	}
	for _, c := range []struct{ text, want string }{
		{"name: a\n", "name: a\n\n# What serves each.\ncapabilities:\n  gitops: argo-cd\n  metrics: metrics-server\n"},
		{"capabilities:\n  gitops: none\n", "capabilities:\n  gitops: none\n  metrics: metrics-server\n"},
		{"", "# What serves each.\ncapabilities:\n  gitops: argo-cd\n  metrics: metrics-server\n"},
	} {
		got, err := edit.Apply([]byte(c.text), settings)
		if err != nil || string(got) != c.want {
			t.Errorf("got %q, %v, want %q", got, err, c.want)
		}
	}
}

func TestEditRefuses(t *testing.T) {
	for _, c := range []struct{ text, set, want string }{
		{"a: b\n", "a.c=x", "a.c: a is no mapping"},
		{"a: b\n", "a[0]=x", "a[0]: a is no list"},
		{"a: [b]\n", "a.c=x", "a.c: a is no mapping"},
		{"a: [b]\n", "a[2]=x", "a[2]: a has 1 items: no item 2"},
		{"a: b\n", "c[1]=x", "c[1]: there are 0 items: no item 1"},
		{"a: []\n", "a[1]=x", "a[1]: there are 0 items: no item 1"},
		{"a: &x b\nc: *x\n", "a=y", "a: it cannot be put in here without touching something else; edit the file"},
		{"a: &x b\nc: *x\n", "a=", "a: it cannot be taken away here without touching something else; edit the file"},
		{"a: &x {b: c}\nd: {<<: *x}\n", "d.b=", "d.b: it cannot be taken away here without touching something else; edit the file"},
		{"a: b\n", "a.c=", "a.c: a is no mapping"},
		{"a: [\n", "a=y", "a: not YAML: yaml: line 1: did not find expected node content"},
	} {
		got, err := edit.Apply([]byte(c.text), []edit.Setting{setting(t, c.set)})
		if err == nil || err.Error() != c.want {
			t.Errorf("%q, %s: got %q, %v, want %q", c.text, c.set, got, err, c.want)
		}
	}
}

// texts are specs in the styles that people write YAML in.
var texts = []string{
	"# one\na: b # two\n\n# three\nc:\n  d: 1\n\n  # four\n  e: [f, {g: h}] # five\n# six\n",
	"a:\n- b: |\n    #one\n\n    two\n\n  c: >-\n    three\n    four\n- - d\n  - e # six\n\n- f\nc:\n    d: {}\n    e: []\n    g:\n",
	"a: {b: 'c''d', \"e\": \"f\\\"}\", # one\n  c: [1, true, null, ~, 1.5,]}\nc: \"g\n  h\"\nd: i\n  j\n",
	"'a': 1\n\"c\": yes\nd: !!str 5\ne: &x {k: z}\nf: '#'\n",
	"---\r\na: b\r\n\r\n# c\r\nc:\r\n  - ü: ö\r\n",
}

// paths lists the paths of all values below n.
func paths(n *yaml.Node, at []any) [][]any {
	all := [][]any{at}
	for i, child := range n.Content {
		step := any(i)
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			step = n.Content[i-1].Value
		}
		all = append(all, paths(child, append(at[:len(at):len(at)], step))...)
	}
	return all
}

func content(t *testing.T, text []byte) *yaml.Node {
	t.Helper()
	docs, problems := manifest.Documents("spec", text)
	if len(docs) != 1 || len(problems) > 0 {
		t.Fatalf("%s\n%d documents, %v", text, len(docs), problems)
	}
	return docs[0]
}

// TestEditLaws goes through all values of all texts: what is put is there afterwards, putting it twice changes nothing, what
// is there already changes nothing, and every line without the value stays.
func TestEditLaws(t *testing.T) {
	for _, text := range texts {
		root := content(t, []byte(text))
		for _, path := range paths(root, nil)[1:] {
			node := manifest.Field(root, path...)
			is, err := yaml.Marshal(node)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []edit.Setting{{Path: path, Value: string(is)}, {Path: path, Value: "x", Default: true}} {
				if got, err := edit.Apply([]byte(text), []edit.Setting{s}); err != nil || string(got) != text {
					t.Errorf("%q, %v=%s: got %q, %v, want no change", text, path, s.Value, got, err)
				}
			}
			for _, value := range []string{"x", "''", "12", "true", "null", "[x, 'y, z']", "{x: {y: z}}", "\"a\\nb\"", "|\n  a\n  #b\n"} {
				prove(t, text, edit.Setting{Path: path, Value: value})
			}
			proveRemoved(t, text, path)
			below := path[:len(path):len(path)]
			switch node.Kind {
			case yaml.MappingNode:
				prove(t, text, edit.Setting{Path: append(below, "new", "list", 0), Value: "x, y"})
			case yaml.SequenceNode:
				prove(t, text, edit.Setting{Path: append(below, len(node.Content), "new"), Value: "\"x: y\""})
			}
		}
		prove(t, text, edit.Setting{Path: []any{"new", "er"}, Value: "x", Comment: "Why."})
	}
}

func prove(t *testing.T, text string, s edit.Setting) {
	t.Helper()
	got, err := edit.Apply([]byte(text), []edit.Setting{s})
	if err != nil {
		t.Errorf("%q, %v=%s: %v", text, s.Path, s.Value, err)
		return
	}
	node := manifest.Field(content(t, got), s.Path...)
	if node == nil {
		t.Errorf("%q, %v=%s: got %q, the value is not there", text, s.Path, s.Value, got)
		return
	}
	is, _ := manifest.Value(node)
	want, _ := manifest.Value(content(t, []byte("- "+strings.ReplaceAll(s.Value, "\n", "\n  ")+"\n")).Content[0])
	if !reflect.DeepEqual(is, want) {
		t.Errorf("%q, %v=%s: got %q, the value %v, want %v", text, s.Path, s.Value, got, is, want)
	}
	if again, err := edit.Apply(got, []edit.Setting{s}); err != nil || string(again) != string(got) {
		t.Errorf("%q, %v=%s: got %q, and %q (%v) when put twice", text, s.Path, s.Value, got, again, err)
	}
	if manifest.Field(content(t, []byte(text)), s.Path...) == nil && !within(text, string(got)) {
		t.Errorf("%q, %v=%s: got %q, and something is gone", text, s.Path, s.Value, got)
	}
}

// proveRemoved takes a value away: it and nothing else is gone, and there is nothing to take away then but the next item of a list.
func proveRemoved(t *testing.T, text string, path []any) {
	t.Helper()
	s := edit.Setting{Path: path}
	got, err := edit.Apply([]byte(text), []edit.Setting{s})
	if err != nil {
		t.Errorf("%q, %v: %v", text, path, err)
		return
	}
	if !within(string(got), text) {
		t.Errorf("%q, %v: got %q, where something is new", text, path, got)
	}
	if _, isItem := path[len(path)-1].(int); isItem {
		return
	}
	if again, err := edit.Apply(got, []edit.Setting{s}); err != nil || string(again) != string(got) {
		t.Errorf("%q, %v: got %q, and then %q, %v", text, path, got, again, err)
	}
}

// within reports whether text stands in a longer one, letter by letter, but for what stands for nothing, with the space before it.
func within(text, longer string) bool {
	for _, r := range strings.NewReplacer(" []", "", " {}", "", "[]", "", "{}", "").Replace(text) {
		_, rest, found := strings.Cut(longer, string(r))
		if !found {
			return false
		}
		longer = rest
	}
	return true
}

func TestParseSetting(t *testing.T) {
	for _, c := range []struct {
		text, value string
		path        []any
	}{
		{"domain=acme.org", "acme.org", []any{"domain"}},
		{"domain=", "", []any{"domain"}},
		{"a=b=c", "b=c", []any{"a"}},
		{"clusters[0].nodes[12].name=n1", "n1", []any{"clusters", 0, "nodes", 12, "name"}},
		{"a[0][1]=x", "x", []any{"a", 0, 1}},
		{`components.argo-cd.values.configs.cm.admin\.enabled=false`, "false", []any{"components", "argo-cd", "values", "configs", "cm", "admin.enabled"}},
		{"registries.trusted=[ghcr.io/]", "[ghcr.io/]", []any{"registries", "trusted"}},
	} {
		got := setting(t, c.text)
		if !reflect.DeepEqual(got, edit.Setting{Path: c.path, Value: c.value}) {
			t.Errorf("%s: got %v", c.text, got)
		}
	}
	for _, c := range []struct{ text, want string }{
		{"domain", `"domain": want key=value, such as domain=example.org`},
		{"=x", `"=x": want key=value, such as domain=example.org`},
		{"a..b=x", `"a..b=x": a name in the key is empty`},
		{"[0]=x", `"[0]=x": a name in the key is empty`},
		{"a[b]=x", `"a[b]=x": want a number in brackets, such as clusters[0], or a name in quotes`},
		{"a[-1]=x", `"a[-1]=x": want a number in brackets, such as clusters[0], or a name in quotes`},
		{"a[99999999999]=x", `"a[99999999999]=x": want a number in brackets, such as clusters[0], or a name in quotes`},
		{"a[0=x", `"a[0=x": want a number in brackets, such as clusters[0], or a name in quotes`},
		{"a[0]b=x", `"a[0]b=x": unexpected "b" behind the brackets`},
		{"a.\xff=1", `"a.\xff=1": it is not UTF-8`},
		{"a=\xff", `"a=\xff": it is not UTF-8`},
		{"a=[x", `"a=[x": the value is not YAML`},
	} {
		if _, err := edit.Parse(c.text); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.text, err, c.want)
		}
	}
}
