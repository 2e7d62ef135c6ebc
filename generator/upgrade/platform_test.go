package upgrade_test

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// world is a generated repository, as files that can be changed.
type world struct {
	files map[string]tree.File
	lock  lock.Lock
}

func platform(t *testing.T) world {
	t.Helper()
	made, err := gitrepo.Read(filepath.Join("..", "..", "golden", "trees", "enterprise"))
	if err != nil {
		t.Fatal(err)
	}
	l, _, err := lock.Read(made)
	if err != nil {
		t.Fatal(err)
	}
	w := world{files: map[string]tree.File{}, lock: l}
	for _, f := range made.Files() {
		w.files[f.Path] = f
	}
	return w
}

func (w world) clone() world {
	c := world{files: map[string]tree.File{}, lock: w.lock}
	for p, f := range w.files {
		c.files[p] = f
	}
	c.lock.Files = slices.Clone(w.lock.Files)
	return c
}

func (w world) tree(t *testing.T) tree.Tree {
	t.Helper()
	var files []tree.File
	for _, f := range w.files {
		files = append(files, f)
	}
	made, err := tree.New(files...)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// put changes a file.
func (w world) put(p string, data []byte) {
	f := w.files[p]
	f.Path, f.Data = p, data
	w.files[p] = f
}

// generates changes what gitopsgen would write.
func (w *world) generates(p string, data []byte) {
	w.put(p, data)
	for i, f := range w.lock.Files {
		if f.Path == p {
			w.lock.Files[i].Data = data
		}
	}
}

// editable are the generated YAML files with something in them, sorted.
func (w world) editable() []string {
	var all []string
	for _, f := range w.lock.Files {
		if path.Ext(f.Path) == ".yaml" && strings.HasPrefix(f.Path, "clusters/") && len(leaves(f.Data)) > 0 {
			all = append(all, f.Path)
		}
	}
	return all
}

// leaf is a value of a file with one document, and the way to it.
type leaf struct {
	path []any
	node *yaml.Node
}

func leaves(data []byte) []leaf {
	docs, problems := manifest.Documents("f", data)
	if len(docs) != 1 || len(problems) > 0 {
		return nil
	}
	var all []leaf
	var walk func(n *yaml.Node, at []any)
	walk = func(n *yaml.Node, at []any) {
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				walk(n.Content[i+1], append(slices.Clip(at), n.Content[i].Value))
			}
		case yaml.SequenceNode:
			for i, item := range n.Content {
				walk(item, append(slices.Clip(at), i))
			}
		case yaml.ScalarNode:
			if !strings.Contains(n.Value, "\n") && len(at) > 0 && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
				all = append(all, leaf{at, n})
			}
		}
	}
	walk(docs[0], nil)
	return all
}

// change replaces a value in a text by its place.
func change(data []byte, l leaf, value string) []byte {
	lines := strings.SplitAfter(string(data), "\n")
	line := lines[l.node.Line-1]
	raw := line[l.node.Column-1:]
	old := l.node.Value
	switch l.node.Style {
	case yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle:
		quote := raw[:1]
		end := strings.Index(raw[1:], quote)
		if end < 0 {
			return data
		}
		old = raw[:end+2]
	}
	lines[l.node.Line-1] = line[:l.node.Column-1] + strings.Replace(raw, old, value, 1)
	return []byte(strings.Join(lines, ""))
}

// grow puts an item before the one of a list that a value is the first line of; elsewhere it gives no other text.
func grow(data []byte, l leaf, text string) []byte {
	lines := strings.SplitAfter(string(data), "\n")
	at := l.node.Line - 1
	if !strings.HasPrefix(strings.TrimSpace(lines[at]), "- ") {
		return data
	}
	if field, ok := l.path[len(l.path)-1].(string); ok {
		text = "{" + field + ": " + text + "}"
	}
	return []byte(strings.Join(slices.Insert(lines, at, strings.Repeat(" ", indentOf(lines[at]))+"- "+text+"\n"), ""))
}

// count is how often a file has a value at a place; items of lists may stand elsewhere.
func count(data []byte, at []any, value string) int {
	n := 0
	for _, l := range leaves(data) {
		if l.node.Value == value && slices.EqualFunc(l.path, at, func(a, b any) bool {
			_, item := a.(int)
			_, other := b.(int)
			return a == b || item && other
		}) {
			n++
		}
	}
	return n
}
