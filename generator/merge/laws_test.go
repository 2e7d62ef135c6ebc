package merge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/merge"
)

// tally counts how merges ended.
type tally struct{ merges, clean, conflicts, whole, lost int }

func (c *tally) String() string {
	return fmt.Sprintf("%d merges, %d without a conflict, %d conflicts, %d of whole files, lost %d", c.merges, c.clean, c.conflicts, c.whole, c.lost)
}

// lawful merges three texts and checks what is true of each merge; it reports whether all was.
func (c *tally) lawful(t *testing.T, base, have, want string) bool {
	t.Helper()
	f := merge.Files{Path: "x.yaml", Base: []byte(base), Have: []byte(have), Want: []byte(want)}
	r, err := merge.YAML(f, merge.Options{})
	c.merges++
	if err != nil {
		t.Errorf("base %q, have %q, want %q: %v", base, have, want, err)
		return false
	}
	if len(r.Conflicts) == 0 {
		c.clean++
	}
	for _, conflict := range r.Conflicts {
		c.conflicts++
		if conflict.Path == nil && conflict.Document == (manifest.ID{}) {
			c.whole++
		}
	}
	var broken []string
	broken = append(broken, simple(f, r)...)
	broken = append(broken, again(f, r)...)
	broken = append(broken, kept(f, r)...)
	if base != have {
		broken = append(broken, inOrder(f, string(r.Text))...)
	}
	for _, own := range ownComments(base, have) {
		if !strings.Contains(string(r.Text), strings.TrimSpace(own)) {
			broken = append(broken, "gone is "+own)
		}
	}
	if len(broken) > 0 {
		c.lost++
		t.Errorf("base %q\nhave %q\nwant %q\ngot  %q\nconflicts %+v\n%s", base, have, want, r.Text, r.Conflicts, strings.Join(broken, "\n"))
	}
	return len(broken) == 0
}

// lineBreak is what ends a line in YAML.
var lineBreak = regexp.MustCompile("\r\n|[\n\r\u0085\u2028\u2029]")

// simple are the laws of merges in which one side changed nothing, or both the same.
func simple(f merge.Files, r merge.Result) (broken []string) {
	text := string(r.Text)
	if bytes.Equal(f.Base, f.Want) && text != string(f.Have) {
		broken = append(broken, "Want changed nothing, and Have is not what came out")
	}
	if bytes.Equal(f.Have, f.Want) && text != string(f.Have) {
		broken = append(broken, "Both are alike, and something else came out")
	}
	if bytes.Equal(f.Base, f.Have) && text != string(f.Want) {
		broken = append(broken, "Have changed nothing, and Want is not what came out")
	}
	if reflect.DeepEqual(values(f.Base), values(f.Have)) && len(r.Conflicts) == 0 && !reflect.DeepEqual(values(r.Text), values(f.Want)) {
		broken = append(broken, "Have changed no value, and what came out does not say what Want says")
	}
	if len(r.Conflicts) == 0 && !bytes.Equal(r.Inline(), r.Text) {
		broken = append(broken, "there are marks without a conflict")
	}
	for _, c := range r.Conflicts {
		if n := len(lineBreak.FindAll(f.Have, -1)) + 1; c.First < 1 || c.First > n+1 || c.Last > n {
			broken = append(broken, fmt.Sprintf("lines %d to %d are not in Have", c.First, c.Last))
		}
	}
	return broken
}

// again is the law that merging twice is merging once, also where the base does not advance, as it does not where there is a
// conflict; comments may find their place then.
func again(f merge.Files, r merge.Result) (broken []string) {
	for _, base := range [][]byte{f.Want, f.Base} {
		if bytes.Equal(base, f.Base) && len(r.Conflicts) == 0 {
			continue
		}
		once := f
		once.Base, once.Have = base, r.Text
		twice, err := merge.YAML(once, merge.Options{})
		got, want := string(twice.Text), string(r.Text)
		if !bytes.Equal(base, f.Want) {
			got, want = uncommented(got), uncommented(want)
		}
		if err != nil || got != want {
			broken = append(broken, fmt.Sprintf("merged again, with base %q, it is %q (%v)", base, twice.Text, err))
		}
	}
	return broken
}

func uncommented(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if line, _, _ = strings.Cut(strings.TrimSpace(line), "#"); line != "" {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

// kept is the law that what a side changed is there, or named as a conflict, and that a conflict changes nothing.
func kept(f merge.Files, r merge.Result) (broken []string) {
	label := labels(f, r.Text)
	base, have, want, got := leaves(f.Base, label), leaves(f.Have, label), leaves(f.Want, label), leaves(r.Text, label)
	conflicts := func(path string) bool {
		return slices.ContainsFunc(r.Conflicts, func(c merge.Conflict) bool { return touches(label, c.Document, c.Path, path) }) ||
			slices.ContainsFunc(r.Taken, func(c merge.Taken) bool { return touches(label, c.Document, c.Path, path) })
	}
	for _, side := range []struct {
		name   string
		leaves map[string]string
	}{{"Have", have}, {"Want", want}} {
		for path := range union(base, side.leaves) {
			if base[path] == side.leaves[path] || got[path] == side.leaves[path] || conflicts(path) {
				continue
			}
			if is := side.leaves[path]; (is == "{}" || is == "[]" || is == "") && below(got, path) {
				continue // it is no longer empty
			}
			broken = append(broken, fmt.Sprintf("%s changed %q from %s to %s: it is %s", side.name, path, base[path], side.leaves[path], got[path]))
		}
	}
	for _, c := range r.Conflicts {
		for path := range union(have, got) {
			if label != nil && c.Document == (manifest.ID{}) && c.Path != nil {
				continue // which document it is does not show
			}
			if at := steps(label, c.Document, c.Path); strings.HasPrefix(path+"\x00", at) && have[path] != got[path] {
				broken = append(broken, fmt.Sprintf("conflict at %q: %q was %s and is %s", at, path, have[path], got[path]))
			}
		}
	}
	return broken
}

// touches reports whether a leaf is at, below or above a place.
func touches(label func(int, manifest.ID) string, document manifest.ID, at manifest.Path, leaf string) bool {
	place := steps(label, document, at)
	return strings.HasPrefix(leaf+"\x00", place) || strings.HasPrefix(place, leaf+"\x00")
}

func steps(label func(int, manifest.ID) string, document manifest.ID, at manifest.Path) string {
	text := ""
	if label != nil && document != (manifest.ID{}) {
		text = label(-1, document)
	}
	for _, step := range at {
		text += fmt.Sprint(step) + "\x00"
	}
	return text
}

// labels tells documents apart: not at all where there is one, by their place where all texts have as many and none has moved, else by what object they
// are.
func labels(f merge.Files, got []byte) func(int, manifest.ID) string {
	counts, places, moved := map[int]bool{}, map[string]int{}, false
	for _, text := range [][]byte{f.Base, f.Have, f.Want, got} {
		docs := values(text)
		counts[max(len(docs), 1)] = true
		for i, v := range docs {
			object, _ := v.(map[string]any)
			id := manifest.NewID(object)
			name := id.Group + " " + id.String()
			if was, ok := places[name]; ok && was != i {
				moved = true
			}
			places[name] = i
		}
	}
	switch {
	case len(counts) == 1 && counts[1]:
		return nil
	case len(counts) == 1 && !moved:
		return func(i int, id manifest.ID) string {
			if at, ok := places[id.Group+" "+id.String()]; ok && i < 0 {
				i = at
			}
			return fmt.Sprint(i) + "\x00"
		}
	}
	return func(_ int, id manifest.ID) string { return id.Kind + " " + id.Name + "\x00" }
}

func below(leaves map[string]string, path string) bool {
	for leaf := range leaves {
		if strings.HasPrefix(leaf, path+"\x00") {
			return true
		}
	}
	return false
}

func union(a, b map[string]string) map[string]bool {
	all := map[string]bool{}
	for _, m := range []map[string]string{a, b} {
		for k := range m {
			all[k] = true
		}
	}
	return all
}

// values are what the documents of a text say; that its last line has no end is nobody's edit.
func values(text []byte) []any {
	var values []any
	docs, _ := manifest.Documents("", append(slices.Clone(bytes.TrimSuffix(text, []byte("\n"))), '\n'))
	for _, doc := range docs {
		v, err := manifest.Value(doc)
		if err != nil {
			panic(err)
		}
		values = append(values, v)
	}
	return values
}

// leaves are all values of a text that hold no others, by their paths.
func leaves(text []byte, label func(int, manifest.ID) string) map[string]string {
	found := map[string]string{}
	for i, v := range values(text) {
		at := ""
		if object, _ := v.(map[string]any); label != nil {
			at = label(i, manifest.NewID(object))
		}
		flatten(found, at, "", v)
	}
	return found
}

// itemKeys is told apart from the program's table on purpose.
var itemKeys = map[string]string{"containers": "name", "env": "name", "volumeMounts": "mountPath", "volumes": "name", "helmCharts": "name", "waivers": "rule,match", "patches": "target,path"}

func flatten(found map[string]string, at, field string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			flatten(found, at+k+"\x00", k, x)
		}
		if len(v) > 0 {
			return
		}
	case []any:
		keys, keyed := itemKeys[field]
		scalars := slices.Contains([]string{"resources", "finalizers", "syncOptions"}, field) && !slices.ContainsFunc(v, func(x any) bool { _, ok := x.(string); return !ok })
		if len(v) == 0 || !keyed && !scalars {
			break
		}
		for _, x := range v {
			name := fmt.Sprint(x)
			if keyed {
				name = itemName(x, keys)
			}
			flatten(found, at+name+"\x00", "", x)
		}
		return
	}
	out, _ := json.Marshal(v)
	found[strings.TrimSuffix(at, "\x00")] = string(out)
}

func itemName(item any, keys string) string {
	var parts []string
	object, _ := item.(map[string]any)
	for _, key := range strings.Split(keys, ",") {
		if v, ok := object[key]; ok {
			text, isText := v.(string)
			if !isText {
				out, _ := json.Marshal(v)
				text = string(out)
			}
			parts = append(parts, key+"="+text)
		}
	}
	return strings.Join(parts, ",")
}

// inOrder is the law that lines stay in their order: keys of the file that stand once in each text, unless Want has another order than
// Base, and lines that only Have has.
func inOrder(f merge.Files, got string) (broken []string) {
	texts := []string{string(f.Base), string(f.Want), string(f.Have), got}
	var lines [4][]string
	var counts [4]map[string]int
	for i, text := range texts {
		counts[i] = map[string]int{}
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\r\n")
			counts[i][line]++
			lines[i] = append(lines[i], line)
		}
	}
	several := len(values(f.Have)) > 1
	for _, often := range [][4]int{{1, 1, 1, 1}, {0, 0, 1, 1}} {
		only := func(i int) []string {
			return slices.DeleteFunc(slices.Clone(lines[i]), func(line string) bool {
				is := [4]int{counts[0][line], counts[1][line], counts[2][line], counts[3][line]}
				inside := strings.TrimLeft(line, "- #") != line || several
				return is != often || strings.Trim(line, "- ") == "" || often[0] > 0 && inside
			})
		}
		if slices.Equal(only(0), only(1)) && !slices.Equal(only(2), only(3)) {
			broken = append(broken, fmt.Sprintf("lines stood as %q and stand as %q", only(2), only(3)))
		}
	}
	return broken
}

var remark = regexp.MustCompile(`# (?:note|beside|mine).*`)

// ownComments are the comments that random edits put into Have, and that Base does not have.
func ownComments(base, have string) []string {
	return slices.DeleteFunc(remark.FindAllString(have, -1), func(text string) bool { return strings.Contains(base, text) })
}
