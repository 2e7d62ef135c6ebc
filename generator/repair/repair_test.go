package repair

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// The file that users edit, and one beside it in each archive that nobody does.
const (
	edited = "clusters/prod/a.yaml"
	beside = "clusters/prod/b.yaml"
	apart  = "c.yaml"
)

// state is a tree in which the edited file is one text, as a run wrote it; "-" is that there is none.
func state(t *testing.T, version, text string) upgrade.State {
	t.Helper()
	l := lock.Lock{Gitopsgen: version, Requires: version, Blueprint: "small"}
	var files []tree.File
	for _, path := range []string{apart, edited, beside} {
		data := []byte("of: " + version + "\n")
		if path == edited {
			data = []byte("value: " + text + "\n")
		}
		if path == edited && text == "-" {
			continue
		}
		l.Files = append(l.Files, lock.File{ID: "id/" + path, Path: path, Data: data})
		files = append(files, tree.File{Path: path, Data: data})
	}
	data, err := l.Encode()
	if err != nil {
		t.Fatal(err)
	}
	archives, err := l.Archives()
	if err != nil {
		t.Fatal(err)
	}
	return upgrade.State{Tree: newTree(t, append(append(files, archives...), tree.File{Path: lock.Path, Data: data})...), Lock: l}
}

func newTree(t *testing.T, files ...tree.File) tree.Tree {
	t.Helper()
	made, err := tree.New(files...)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

const prod, rest = ".gitopsgen/base/prod.txtar", ".gitopsgen/base/repository.txtar"

// damages are what can happen to what gitopsgen knows: what becomes of a file, nil where it goes.
var damages = map[string]map[string]func(data string) string{
	"edited":        {prod: func(data string) string { return strings.ReplaceAll(data, "value: ", "value:  ") }},
	"taken for it":  {prod: func(data string) string { return strings.ReplaceAll(data, "value: 1", "value: 2") }},
	"cut":           {prod: func(data string) string { return data[:len(data)/2] }},
	"empty":         {prod: func(string) string { return "" }},
	"in conflict":   {prod: func(data string) string { return strings.Replace(data, "value", "<<<<<<< HEAD\nvalue", 1) }},
	"gone":          {prod: nil},
	"all gone":      {prod: nil, rest: nil},
	"no lock":       {lock.Path: nil},
	"lock cut":      {lock.Path: func(string) string { return "gitopsgen: [" }},
	"nothing known": {lock.Path: nil, prod: nil, rest: nil},
}

// TestNothingIsLost goes through a small world: what was written, what a user made of it, what would be written, how it is damaged, and
// what history holds. After the repair and an upgrade the user's edit is there, and what was deleted is not.
func TestNothingIsLost(t *testing.T) {
	past := map[string]func() []upgrade.State{
		"none":  func() []upgrade.State { return nil },
		"whole": func() []upgrade.State { return []upgrade.State{state(t, "0.2.0", "1")} },
		"older": func() []upgrade.State { return []upgrade.State{state(t, "0.1.0", "0")} },
	}
	for name, damage := range damages {
		for when, states := range past {
			for _, have := range []string{"-", "0", "1", "2"} {
				if name == "nothing known" && when == "older" && have == "0" {
					continue // all that anybody knows says that this is what was written
				}
				for _, want := range []string{"-", "0", "1", "2", "3"} {
					w := world{t, fmt.Sprintf("%s, history %s, have %s, want %s", name, when, have, want), state(t, "0.3.0", want)}
					w.check(w.damaged(have, damage), have, states())
				}
			}
		}
	}
}

type world struct {
	*testing.T
	name string
	want upgrade.State
}

// damaged is what stands there.
func (w world) damaged(have string, damage map[string]func(string) string) tree.Tree {
	var files []tree.File
	for _, f := range state(w.T, "0.2.0", "1").Tree.Files() {
		do, damaged := damage[f.Path]
		switch {
		case damaged && do == nil, f.Path == edited && have == "-":
			continue
		case damaged:
			f.Data = []byte(do(string(f.Data)))
		case f.Path == edited:
			f.Data = []byte("value: " + have + "\n")
		}
		files = append(files, f)
	}
	return newTree(w.T, files...)
}

func (w world) check(have tree.Tree, text string, states []upgrade.State) {
	w.Helper()
	in := Input{Tree: have, Want: w.want, Past: yield(states)}
	changes, found, err := Base(in)
	if err != nil {
		w.Fatalf("%s: %v", w.name, err)
	}
	mended := apply(w.T, have, changes)
	l, ok, err := lock.Read(mended)
	if err != nil || !ok || l.Sound() != nil {
		w.Fatalf("%s: not mended: %v, %v", w.name, err, l.Sound())
	}
	if again, _, _ := Base(Input{Tree: mended, Want: w.want, Past: in.Past}); len(again) > 0 {
		w.Errorf("%s: mending again changes %v", w.name, again)
	}
	plan, err := upgrade.Merge(upgrade.Existing{Dir: w.TempDir(), Tree: mended, Lock: l}, w.want, upgrade.MergeOptions{})
	if err != nil {
		w.Fatalf("%s: %v", w.name, err)
	}
	f, there := plan.Tree.File(edited)
	switch {
	case text == "-" && there:
		w.Errorf("%s: what was deleted is there again: %v", w.name, found)
	case text != "-" && text != "1" && string(f.Data) != "value: "+text+"\n":
		w.Errorf("%s: %q is what is left of the edit: %v", w.name, f.Data, found)
	}
	for _, path := range []string{apart, beside} {
		if _, there := plan.Tree.File(path); !there {
			w.Errorf("%s: %s is gone: %v", w.name, path, found)
		}
	}
}

func yield(states []upgrade.State) iter.Seq2[string, tree.Tree] {
	return func(yield func(string, tree.Tree) bool) {
		for i, s := range states {
			if !yield(fmt.Sprint("commit", i), s.Tree) {
				return
			}
		}
	}
}

func apply(t *testing.T, have tree.Tree, changes []gitrepo.Change) tree.Tree {
	t.Helper()
	files := slices.Clone(have.Files())
	for _, c := range changes {
		files = slices.DeleteFunc(files, func(f tree.File) bool { return f.Path == c.File.Path })
		if !c.Remove {
			files = append(files, c.File)
		}
	}
	return newTree(t, files...)
}

// TestRecalled wants all of it to be known again where history holds it, and an edit that is not what was written to be told from it.
func TestRecalled(t *testing.T) {
	was := state(t, "0.2.0", "1")
	for name, damage := range damages {
		w := world{t, name, state(t, "0.3.0", "3")}
		have := w.damaged("2", damage)
		changes, found, err := Base(Input{Tree: have, Want: w.want, Past: yield([]upgrade.State{was})})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range found {
			if m.How != Recalled || m.Commit != "commit0" {
				t.Errorf("%s: %v", name, m)
			}
		}
		mended := apply(t, have, changes)
		for _, path := range []string{prod, rest, lock.Path} {
			got, _ := mended.File(path)
			if want, _ := was.Tree.File(path); string(got.Data) != string(want.Data) {
				t.Errorf("%s: %s is\n%s\nwant\n%s", name, path, got.Data, want.Data)
			}
		}
	}
}
