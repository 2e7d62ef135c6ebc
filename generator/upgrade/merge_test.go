package upgrade_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/merge"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
	"github.com/gitopsgen/gitopsgen/schemas"
)

// edit is what a user did, and how to see that it is there still.
type edit struct {
	what, file string
	// there sees it in a plan, where the file stands at a path now.
	there func(p upgrade.Plan, at string) bool
}

// written is what a file says after a plan.
func written(p upgrade.Plan, file string) []byte {
	f, _ := p.Tree.File(file)
	return f.Data
}

// userEdit makes one edit in a world, in a file in which nothing was edited yet.
func userEdit(w world, random *rand.Rand, done []edit) edit {
	all := slices.DeleteFunc(w.editable(), func(file string) bool {
		return slices.ContainsFunc(done, func(e edit) bool { return e.file == file })
	})
	file := all[random.IntN(len(all))]
	data := w.files[file].Data
	found := leaves(data)
	l := found[random.IntN(len(found))]
	text := fmt.Sprintf("edit-%d", random.IntN(1_000_000))
	switch random.IntN(9) {
	case 0:
		w.put(file, change(data, l, text))
		return edit{fmt.Sprintf("changed %v to %s", l.path, text), file, func(p upgrade.Plan, at string) bool { return count(written(p, at), l.path, text) > 0 }}
	case 1:
		w.put(file, append(slices.Clone(data), []byte(text+": added\n")...))
		return edit{"added the key " + text, file, func(p upgrade.Plan, at string) bool { return count(written(p, at), []any{text}, "added") > 0 }}
	case 2:
		lines := strings.SplitAfter(string(data), "\n")
		lines = slices.Insert(lines, l.node.Line-1, strings.Repeat(" ", indentOf(lines[l.node.Line-1]))+"# "+text+"\n")
		w.put(file, []byte(strings.Join(lines, "")))
		return edit{"commented " + text, file, func(p upgrade.Plan, at string) bool {
			return bytes.Contains(written(p, at), []byte("# "+text))
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
		return edit{"wrote a file of their own", own, func(p upgrade.Plan, at string) bool { return count(written(p, own), []any{"own"}, text) > 0 }}
	case 6:
		w.put(file, bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")))
		return edit{"made its lines end with CRLF", file, func(p upgrade.Plan, at string) bool {
			made := written(p, at)
			return len(made) > 0 && bytes.Count(made, []byte("\r\n")) == bytes.Count(made, []byte("\n"))
		}}
	case 7:
		if grown := grow(data, l, text); !bytes.Equal(grown, data) {
			w.put(file, grown)
			return edit{"added the item " + text, file, func(p upgrade.Plan, at string) bool { return count(written(p, at), l.path, text) > 0 }}
		}
	}
	lines := strings.SplitAfter(string(data), "\n")
	last := strings.Join(lines[l.node.Line-1:l.node.Line], "")
	w.put(file, []byte(strings.Join(slices.Delete(lines, l.node.Line-1, l.node.Line), "")))
	return edit{fmt.Sprintf("deleted the line %q", last), file, func(p upgrade.Plan, at string) bool {
		return count(written(p, at), l.path, l.node.Value) < count(data, l.path, l.node.Value)
	}}
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// blueprintChange changes some of what gitopsgen would write, half of it where a user edited something.
func blueprintChange(w *world, random *rand.Rand, edits []edit) {
	for range 1 + random.IntN(12) {
		all := w.editable()
		file := all[random.IntN(len(all))]
		if near := edits[random.IntN(len(edits))].file; random.IntN(2) == 0 && slices.Contains(all, near) {
			file = near
		}
		data := w.files[file].Data
		found := leaves(data)
		l := found[random.IntN(len(found))]
		switch random.IntN(6) {
		case 5:
			w.generates(file, grow(data, l, fmt.Sprintf("new-%d", random.IntN(1000))))
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
	base, keys := platform(t), schemas.Embedded().Keys
	lost, conflicts := 0, 0
	for made := 0; made < number("GITOPSGEN_EDITS", 300); {
		have, want := base.clone(), base.clone()
		var edits []edit
		for range 1 + random.IntN(10) {
			edits = append(edits, userEdit(have, random, edits))
		}
		blueprintChange(&want, random, edits)
		plan, err := upgrade.Merge(
			upgrade.Existing{Dir: t.TempDir(), Tree: have.tree(t), Lock: base.lock},
			upgrade.State{Tree: want.tree(t), Lock: want.lock}, upgrade.MergeOptions{Options: merge.Options{Keys: keys}},
		)
		if err != nil {
			t.Fatalf("after %d edits: %v", made, err)
		}
		conflicts += upgrade.Open(plan.Outcomes)
		for i, e := range edits {
			if at, open := e.stands(plan, base); !open && !e.there(plan, at) {
				lost++
				t.Errorf("edit %d is lost: %s: %s", made+i, e.file, e.what)
			}
		}
		made += len(edits)
	}
	t.Logf("%d lost, %d conflicts", lost, conflicts)
}

func number(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return otherwise
}
