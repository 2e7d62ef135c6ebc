package upgrade_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
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

// edit is what a user did, and how to see that it is there still.
type edit struct {
	what, file string
	// there sees it in a plan, where the file stands at a path now.
	there func(p upgrade.Plan, at string) bool
}

func value(p upgrade.Plan, file string, at []any) (string, bool) {
	f, ok := p.Tree.File(file)
	docs, _ := manifest.Documents(file, f.Data)
	if !ok || len(docs) == 0 {
		return "", false
	}
	n := manifest.Field(docs[0], at...)
	if n == nil {
		return "", false
	}
	return n.Value, true
}

// userEdit makes one edit in a world.
func userEdit(w world, random *rand.Rand) edit {
	all := w.editable()
	file := all[random.IntN(len(all))]
	data := w.files[file].Data
	found := leaves(data)
	l := found[random.IntN(len(found))]
	text := fmt.Sprintf("edit-%d", random.IntN(1_000_000))
	switch random.IntN(8) {
	case 0:
		w.put(file, change(data, l, text))
		return edit{fmt.Sprintf("changed %v to %s", l.path, text), file, func(p upgrade.Plan, at string) bool { v, _ := value(p, at, l.path); return v == text }}
	case 1:
		w.put(file, append(slices.Clone(data), []byte(text+": added\n")...))
		return edit{"added the key " + text, file, func(p upgrade.Plan, at string) bool { v, _ := value(p, at, []any{text}); return v == "added" }}
	case 2:
		lines := strings.SplitAfter(string(data), "\n")
		lines = slices.Insert(lines, l.node.Line-1, strings.Repeat(" ", indentOf(lines[l.node.Line-1]))+"# "+text+"\n")
		w.put(file, []byte(strings.Join(lines, "")))
		return edit{"commented " + text, file, func(p upgrade.Plan, at string) bool {
			f, _ := p.Tree.File(at)
			return bytes.Contains(f.Data, []byte("# "+text))
		}}
	case 3:
		delete(w.files, file)
		return edit{"deleted it", file, func(p upgrade.Plan, at string) bool { _, here := p.Tree.File(at); return !here }}
	case 4:
		to := path.Join(path.Dir(file), text+".yaml")
		w.put(to, data)
		delete(w.files, file)
		return edit{"moved it to " + to, file, func(p upgrade.Plan, at string) bool {
			_, here := p.Tree.File(to)
			_, old := p.Tree.File(file)
			return here && !old
		}}
	case 5:
		own := path.Join(path.Dir(file), text+".yaml")
		w.put(own, []byte("own: "+text+"\n"))
		return edit{"wrote a file of their own", own, func(p upgrade.Plan, at string) bool { v, _ := value(p, own, []any{"own"}); return v == text }}
	case 6:
		w.put(file, bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")))
		return edit{"made its lines end with CRLF", file, func(p upgrade.Plan, at string) bool {
			f, _ := p.Tree.File(at)
			return len(f.Data) > 0 && bytes.Count(f.Data, []byte("\r\n")) == bytes.Count(f.Data, []byte("\n"))
		}}
	}
	lines := strings.SplitAfter(string(data), "\n")
	last := strings.Join(lines[l.node.Line-1:l.node.Line], "")
	w.put(file, []byte(strings.Join(slices.Delete(lines, l.node.Line-1, l.node.Line), "")))
	return edit{fmt.Sprintf("deleted the line %q", last), file, func(p upgrade.Plan, at string) bool { _, there := value(p, at, l.path); return !there }}
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// blueprintChange changes some of what gitopsgen would write.
func blueprintChange(w *world, random *rand.Rand) {
	for range 1 + random.IntN(12) {
		all := w.editable()
		file := all[random.IntN(len(all))]
		data := w.files[file].Data
		found := leaves(data)
		l := found[random.IntN(len(found))]
		switch random.IntN(5) {
		case 0, 1:
			w.generates(file, change(data, l, fmt.Sprintf("new-%d", random.IntN(1000))))
		case 2:
			w.generates(file, append(slices.Clone(data), []byte(fmt.Sprintf("new%d: {a: 1}\n", random.IntN(1000)))...))
		case 3:
			delete(w.files, file)
			w.lock.Files = slices.DeleteFunc(w.lock.Files, func(f lock.File) bool { return f.Path == file })
		case 4:
			to := path.Join(path.Dir(file), fmt.Sprintf("renamed-%d.yaml", random.IntN(1000)))
			if _, taken := w.files[to]; taken {
				continue
			}
			w.put(to, data)
			delete(w.files, file)
			for i, f := range w.lock.Files {
				if f.Path == file {
					w.lock.Files[i].Path = to
				}
			}
		}
	}
}

// stands gives where the file of an edit stands after a plan, and whether the plan says that something of it is to be decided.
func (e edit) stands(p upgrade.Plan, w world) (at string, open bool) {
	at = e.file
	for _, f := range w.lock.Files {
		if f.Path != e.file {
			continue
		}
		for _, o := range p.Outcomes {
			if o.ID == f.ID {
				at, open = o.Path, open || len(o.Open) > 0
			}
		}
	}
	return at, open
}

// TestEditsSurvive makes edits of a user's under random changes of the blueprint, and wants each to be there afterwards or to be
// named as a conflict. GITOPSGEN_EDITS is how many, GITOPSGEN_SEED which.
func TestEditsSurvive(t *testing.T) {
	seed := number("GITOPSGEN_SEED", 1)
	t.Logf("GITOPSGEN_SEED=%d", seed)
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	base := platform(t)
	lost, conflicts := 0, 0
	for i := range number("GITOPSGEN_EDITS", 150) {
		have, want := base.clone(), base.clone()
		e := userEdit(have, random)
		blueprintChange(&want, random)
		plan, err := upgrade.Merge(
			upgrade.Existing{Dir: t.TempDir(), Tree: have.tree(t), Lock: base.lock},
			upgrade.State{Tree: want.tree(t), Lock: want.lock}, upgrade.MergeOptions{},
		)
		if err != nil {
			t.Fatalf("edit %d, %s: %s: %v", i, e.file, e.what, err)
		}
		conflicts += upgrade.Open(plan.Outcomes)
		if at, open := e.stands(plan, base); !open && !e.there(plan, at) {
			lost++
			t.Errorf("edit %d is lost: %s: %s", i, e.file, e.what)
		}
	}
	t.Logf("%d lost, %d conflicts", lost, conflicts)
}

func number(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return otherwise
}
