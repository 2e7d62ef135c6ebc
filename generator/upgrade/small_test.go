package upgrade_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree/treetest"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// smallWorld is two generated files, a at p and b at q, what a user did to them, and what is generated now. The user may have put
// files at r, s and t, and what is generated may come to any of the paths.
type smallWorld struct {
	// user is what became of a and b: "", "edit", "delete", or a path that it was moved to, with "+edit" where it was edited too.
	userA, userB string
	// own is the path of a file of the user's; empty is none.
	own string
	// wantA, wantB and wantC are paths; empty is not generated. C is new, A may have changed.
	wantA, wantB, wantC string
	changedA            bool
}

func smallText(id string) string {
	return "# first\n" + strings.Repeat("this is "+id+"\n", 8) + "# last\n"
}

const (
	userEdited = "# edited by the user\n"
	newLine    = "# a new line\n"
)

// have is what stands in the directory.
func (w smallWorld) have() map[string]string {
	files := map[string]string{}
	for id, did := range map[string]string{"a": w.userA, "b": w.userB} {
		to, text := map[string]string{"a": "p", "b": "q"}[id], smallText(id)
		moved, edited := strings.CutSuffix(did, "+edit")
		switch {
		case did == "delete":
			continue
		case did == "edit":
			edited = true
		case moved != "":
			to = moved
		}
		if edited {
			text = userEdited + text
		}
		files[to] = text
	}
	if w.own != "" {
		files[w.own] = smallText("own")
	}
	return files
}

// want is what is generated now, by path.
func (w smallWorld) want() []lock.File {
	a := smallText("a")
	if w.changedA {
		a += newLine
	}
	all := []lock.File{{ID: "a", Path: w.wantA, Data: []byte(a)}, {ID: "b", Path: w.wantB, Data: []byte(smallText("b"))}, {ID: "c", Path: w.wantC, Data: []byte(smallText("c"))}}
	return slices.DeleteFunc(all, func(f lock.File) bool { return f.Path == "" })
}

// valid reports whether no two files stand in one place.
func (w smallWorld) valid() bool {
	want := slices.DeleteFunc([]string{w.wantA, w.wantB, w.wantC}, func(p string) bool { return p == "" })
	have := []string{w.own}
	for id, did := range map[string]string{"p": w.userA, "q": w.userB} {
		moved, _ := strings.CutSuffix(did, "+edit")
		switch moved {
		case "delete":
		case "", "edit":
			have = append(have, id)
		default:
			have = append(have, moved)
		}
	}
	return distinct(want) && distinct(have)
}

func distinct(all []string) bool {
	slices.Sort(all)
	return len(slices.Compact(slices.Clone(all))) == len(all)
}

// TestSmallWorlds goes through all ways in which two generated files and one of the user's can meet, and states the laws of upgrades.
func TestSmallWorlds(t *testing.T) {
	paths := []string{"", "p", "q", "r", "s"}
	n := 0
	var w smallWorld
	for _, w.userA = range []string{"", "edit", "delete", "r", "r+edit"} {
		for _, w.userB = range []string{"", "edit", "delete", "s", "t+edit"} {
			for _, w.own = range []string{"", "r", "s"} {
				for _, w.wantA = range paths {
					for _, w.wantB = range paths {
						for _, w.wantC = range paths {
							for _, w.changedA = range []bool{false, true} {
								if w.valid() {
									n++
									w.lawful(t)
								}
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d worlds", n)
}

// lawful states the laws of one world.
func (w smallWorld) lawful(t *testing.T) {
	base := lock.Lock{Gitopsgen: "1", Requires: "0", Files: []lock.File{{ID: "a", Path: "p", Data: []byte(smallText("a"))}, {ID: "b", Path: "q", Data: []byte(smallText("b"))}}}
	want := upgrade.State{Lock: lock.Lock{Gitopsgen: "2", Requires: "0", Files: w.want()}}
	p, err := upgrade.Merge(upgrade.Existing{Dir: os.DevNull, Tree: treetest.Of(t, w.have()), Lock: base}, want, upgrade.MergeOptions{})
	if err != nil {
		t.Fatalf("%+v: %v", w, err)
	}
	if broken := w.broken(p); broken != "" {
		t.Fatalf("%+v: %s; %+v", w, broken, p.Outcomes)
	}
	after, _, err := lock.Read(p.Tree)
	if err != nil {
		t.Fatalf("%+v: %v", w, err)
	}
	again, err := upgrade.Merge(upgrade.Existing{Dir: os.DevNull, Tree: p.Tree, Lock: after}, want, upgrade.MergeOptions{})
	if err != nil || len(again.Changes) > 0 {
		t.Fatalf("%+v: upgraded twice: %v, %+v", w, err, again.Changes)
	}
}

// broken names a law that a plan breaks; empty is none.
func (w smallWorld) broken(p upgrade.Plan) string {
	text := func(path string) string { f, _ := p.Tree.File(path); return string(f.Data) }
	holding := func(line string) (found []string) {
		for _, f := range p.Tree.Files() {
			if !strings.HasPrefix(f.Path, ".gitopsgen/") && bytes.Contains(f.Data, []byte(line)) {
				found = append(found, f.Path)
			}
		}
		return found
	}
	open := map[string]bool{}
	for _, o := range p.Outcomes {
		open[o.ID] = open[o.ID] || len(o.Open) > 0
	}
	if w.own != "" && text(w.own) != smallText("own") {
		return "the user's own file is gone"
	}
	didC := "" // where c is what became of a or b
	if w.wantC == "p" && w.wantA == "" && w.userA == "delete" || w.wantC == "q" && w.wantB == "" && w.userB == "delete" {
		didC = "delete"
	}
	clean := w.userA == "" && w.userB == "" && w.own == ""
	for id, at := range map[string]struct{ did, from, want string }{"a": {w.userA, "p", w.wantA}, "b": {w.userB, "q", w.wantB}, "c": {didC, "", w.wantC}} {
		moved, edited := strings.CutSuffix(at.did, "+edit")
		edited = edited || moved == "edit"
		if at.want == "" && at.from != "" && at.from == w.wantC { // c is what became of it
			if edited && len(holding(userEdited)) == 0 {
				return "an edit is lost of " + id + ", which is c now"
			}
			continue
		}
		stands := holding("this is " + id)
		switch {
		case clean && at.want == "" && len(stands) > 0, at.did == "delete" && len(stands) > 0:
			return id + " is there, and should not be"
		case clean && at.want != "" && !slices.Equal(stands, []string{at.want}), clean && open[id]:
			return id + " is not where it is to be"
		case edited && (len(stands) != 1 || !strings.HasPrefix(text(stands[0]), userEdited)):
			return "an edit is lost of " + id
		case moved != "" && moved != "edit" && moved != "delete" && !slices.Equal(stands, []string{moved}):
			return "a move is lost of " + id
		case at.want != "" && at.did != "delete" && len(stands) != 1 && !(id == "c" && open[id]):
			return fmt.Sprintf("%s is not there once: %v", id, stands)
		case at.want != "" && at.did != "delete" && at.did != moved && !open[id] && len(stands) != 1:
			return id + " is nowhere, and nothing is said of it"
		}
		if id == "a" && w.changedA && at.want != "" && at.did != "delete" && !strings.HasSuffix(text(stands[0]), newLine) {
			return "what is new in a is lost"
		}
	}
	return ""
}

// state is a directory as a plan leaves it, with what was changed there since.
func state(t *testing.T, p upgrade.Plan, change func(files map[string]string)) upgrade.Existing {
	t.Helper()
	files := map[string]string{}
	for _, f := range p.Tree.Files() {
		files[f.Path] = string(f.Data)
	}
	change(files)
	after := treetest.Of(t, files)
	l, _, err := lock.Read(after)
	if err != nil {
		t.Fatal(err)
	}
	return upgrade.Existing{Dir: os.DevNull, Tree: after, Lock: l}
}

func merged(t *testing.T, have upgrade.Existing, want ...lock.File) upgrade.Plan {
	t.Helper()
	p, err := upgrade.Merge(have, upgrade.State{Lock: lock.Lock{Gitopsgen: "2", Requires: "0", Files: want}}, upgrade.MergeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestMovedAgain states that a file stays where a user put it: when it is moved again, when it is not generated any more, and when it
// goes back to where it was.
func TestMovedAgain(t *testing.T) {
	a := lock.File{ID: "a", Path: "p", Data: []byte(smallText("a"))}
	move := func(from, to string) func(map[string]string) {
		return func(files map[string]string) { files[to] = files[from]; delete(files, from) }
	}
	have := upgrade.Existing{Dir: os.DevNull, Tree: treetest.Of(t, map[string]string{"r": smallText("a")}), Lock: lock.Lock{Gitopsgen: "1", Requires: "0", Files: []lock.File{a}}}
	p := merged(t, have, a)
	again := state(t, p, move("r", "s"))
	p = merged(t, again, a)
	after := state(t, p, func(map[string]string) {})
	if want := []lock.Moved{{ID: "a", From: "p"}}; !slices.Equal(after.Lock.Moved, want) {
		t.Errorf("moved again: got %v, want %v", after.Lock.Moved, want)
	}
	if dropped := merged(t, after); len(dropped.Outcomes) != 1 || dropped.Outcomes[0].Kind != upgrade.Left || dropped.Outcomes[0].Path != "s" {
		t.Errorf("dropped: got %+v", dropped.Outcomes)
	}
	back := state(t, merged(t, state(t, p, move("s", "p")), a), func(map[string]string) {})
	if f, _ := back.Tree.File("p"); len(back.Lock.Moved)+len(back.Lock.Deleted) > 0 || string(f.Data) != smallText("a") {
		t.Errorf("moved back: got %+v", back.Lock)
	}
}

// TestTheirs states that what is decided for gitopsgen is written, whatever the file is, and that its base goes on.
func TestTheirs(t *testing.T) {
	a := lock.File{ID: "a", Path: "p", Data: []byte("1\n2\n3\n")}
	c := lock.File{ID: "c", Path: "q", Data: []byte("theirs\n")}
	have := upgrade.Existing{
		Dir: os.DevNull, Tree: treetest.Of(t, map[string]string{"p": "1\nours\n3\n", "q": "own\n"}),
		Lock: lock.Lock{Gitopsgen: "1", Requires: "0", Files: []lock.File{a}},
	}
	want := []lock.File{{ID: "a", Path: "p", Data: []byte("1\ntheirs\n3\n")}, c}
	p := merged(t, have, want...)
	if n := upgrade.Open(p.Outcomes); n != 2 {
		t.Fatalf("got %d conflicts, %+v", n, p.Outcomes)
	}
	decided := state(t, p, func(files map[string]string) {
		files["p"] = "0\n" + files["p"] // a line above does not undo what is decided
		for _, file := range []string{"p", "q"} {
			record := upgrade.ConflictDir + "/" + file + ".yaml"
			files[record] = strings.Replace(files[record], `take: ""`, "take: theirs", 1)
		}
	})
	p = merged(t, decided, want...)
	after := state(t, p, func(map[string]string) {})
	for file, text := range map[string]string{"p": "0\n1\ntheirs\n3\n", "q": "theirs\n"} {
		got, _ := after.Tree.File(file)
		base, _ := after.Lock.Pristine(file)
		if string(got.Data) != text || !strings.HasSuffix(text, string(base)) {
			t.Errorf("%s: got %q, from %q on", file, got.Data, base)
		}
	}
	if n := upgrade.Open(p.Outcomes); n != 0 {
		t.Errorf("got %+v", p.Outcomes)
	}
}

// TestRenumbered states that a file keeps its user's edits where a later version gives it another ID.
func TestRenumbered(t *testing.T) {
	a := lock.File{ID: "a", Path: "p", Data: []byte(smallText("a"))}
	b := lock.File{ID: "b", Path: "p", Data: []byte(smallText("a") + newLine)}
	for _, at := range []string{"p", "r"} {
		old := lock.Lock{Gitopsgen: "1", Requires: "0", Files: []lock.File{{ID: "a", Path: at, Data: a.Data}}}
		if at != b.Path {
			old.Moved = []lock.Moved{{ID: "a", From: b.Path}}
		}
		p := merged(t, upgrade.Existing{Dir: os.DevNull, Tree: treetest.Of(t, map[string]string{at: userEdited + smallText("a")}), Lock: old}, b)
		if f, _ := p.Tree.File(at); string(f.Data) != userEdited+smallText("a")+newLine || len(p.Outcomes) != 1 || p.Outcomes[0].Kind != upgrade.Merged {
			t.Errorf("at %s: got %q, %+v", at, f.Data, p.Outcomes)
		}
	}
}

// TestFollowed states that an edit goes along where a later version writes the same object into another file of the same cluster, and
// nowhere else.
func TestFollowed(t *testing.T) {
	object := func(name, text string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\ndata:\n  a: one\n" + text
	}
	edited := func(text string) string { return strings.Replace(text, "a: one", "a: mine", 1) }
	was := lock.Lock{Gitopsgen: "1", Requires: "0", Files: []lock.File{{ID: "a@prod", Path: "a.yaml", Data: []byte(object("a", ""))}}}
	for _, c := range []struct {
		id, text string
		follows  bool
	}{
		{"b@prod", object("a", ""), true},
		{"b@prod", object("a", "  b: new\n"), true},
		{"b@prod", object("b", ""), false},
		{"a@edge", object("a", ""), false},
	} {
		have := treetest.Of(t, map[string]string{"a.yaml": edited(object("a", ""))})
		p := merged(t, upgrade.Existing{Dir: os.DevNull, Tree: have, Lock: was}, lock.File{ID: c.id, Path: "b.yaml", Data: []byte(c.text)})
		want := c.text
		if c.follows {
			want = edited(want)
		}
		_, stays := p.Tree.File("a.yaml")
		if f, _ := p.Tree.File("b.yaml"); string(f.Data) != want || stays == c.follows {
			t.Errorf("%s, %q: got %q, and the old file stays: %v", c.id, c.text, f.Data, stays)
		}
	}
}
