package merge_test

import (
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

var (
	seed  = flag.Uint64("seed", 1, "the seed of random edits; 0 is a new one")
	edits = flag.Int("edits", 500, "how many files are edited at random on both sides")
)

// TestEdits merges random edits of the files of a generated tree. None may be lost.
func TestEdits(t *testing.T) {
	t.Parallel()
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	t.Logf("go test ./generator/merge -run TestEdits -seed %d -edits %d", *seed, *edits)
	files := realFiles(t)
	var c tally
	for i := range *edits {
		r := rand.New(rand.NewPCG(*seed, uint64(i)))
		base := files[r.IntN(len(files))]
		have, want := edited(r, base, 1+r.IntN(4)), edited(r, base, 1+r.IntN(4))
		if !c.lawful(t, base, have, want) {
			t.Logf("edit %d", i)
			if c.lost > 5 {
				break
			}
		}
	}
	t.Log(&c)
}

// realFiles are the YAML files of a generated repository.
func realFiles(t testing.TB) []string {
	var files []string
	err := filepath.WalkDir("../../golden/trees/enterprise", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		files = append(files, string(data))
		return err
	})
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

// edited makes edits to a text as a person does: it knows lines and indents, and nothing of how a merge is made.
func edited(r *rand.Rand, text string, count int) string {
	for range count {
		for range 20 {
			lines := strings.SplitAfter(text, "\n")
			changed := edit[r.IntN(len(edit))](r, lines, r.IntN(len(lines)))
			if changed != text && sound(changed) {
				text = changed
				break
			}
		}
	}
	return text
}

// sound reports whether a text is YAML whose keys and objects stand there once each.
func sound(text string) bool {
	docs, problems := manifest.Documents("", []byte(text))
	seen := map[string]bool{}
	return len(problems) == 0 && len(docs) > 0 && !slices.ContainsFunc(docs, func(doc *yaml.Node) bool {
		v, err := manifest.Value(doc)
		object, _ := v.(map[string]any)
		id := manifest.NewID(object)
		name := id.String()
		if len(docs) > 1 && id.Kind == "" {
			return true
		}
		twice := seen[name]
		seen[name] = true
		return err != nil || twice && name != ""
	})
}

var setting = regexp.MustCompile(`^( *(?:- )?[A-Za-z0-9_./-]+: )([^|>#\[{&*\r\n]+?)( #.*)?(\r?\n)?$`)

// edit are the ways to edit lines at one of them.
var edit = []func(r *rand.Rand, lines []string, at int) string{
	func(r *rand.Rand, lines []string, at int) string { // another value
		m := setting.FindStringSubmatch(lines[at])
		if m == nil {
			return ""
		}
		value := []string{"7", "other", "\"quoted\"", "null", "'x'", "{}", "true", "[1, 2]", "|\n" + indent(lines[at], 2) + "text # no comment\n\n" + indent(lines[at], 2) + "more", "3.0.0"}
		return replaced(lines, at, at+1, m[1]+value[r.IntN(len(value))]+m[3]+m[4])
	},
	func(r *rand.Rand, lines []string, at int) string { // another key
		return replaced(lines, at, at, fmt.Sprintf("%sk%d: %d\n", indent(lines[at], 0), r.IntN(9), r.IntN(3)))
	},
	func(r *rand.Rand, lines []string, at int) string { // another key, with more below it
		in, name := indent(lines[at], 0), r.IntN(9)
		return replaced(lines, at, at, fmt.Sprintf("%s# why %d\n%sm%d:\n%s  x: %d\n%s  y%d: [a]\n", in, name, in, name, in, r.IntN(3), in, r.IntN(3)))
	},
	func(r *rand.Rand, lines []string, at int) string { // a comment
		return replaced(lines, at, at, fmt.Sprintf("%s# note %d\n", indent(lines[at], 0), r.IntN(1000)))
	},
	func(r *rand.Rand, lines []string, at int) string { // a comment at a line's end
		return replaced(lines, at, at+1, fmt.Sprintf("%s # beside %d\n", strings.TrimRight(lines[at], "\r\n"), r.IntN(1000)))
	},
	func(_ *rand.Rand, lines []string, at int) string { // an empty line
		return replaced(lines, at, at, "\n")
	},
	func(_ *rand.Rand, lines []string, at int) string { // a deletion, with all that is below
		return replaced(lines, at, blockEnd(lines, at), "")
	},
	func(_ *rand.Rand, lines []string, at int) string { // a deletion with the comments above it
		first := at
		for first > 0 && strings.HasPrefix(strings.TrimSpace(lines[first-1]), "#") {
			first--
		}
		return replaced(lines, first, blockEnd(lines, at), "")
	},
	func(_ *rand.Rand, lines []string, at int) string { // another order
		end := blockEnd(lines, at)
		if end >= len(lines) || indent(lines[end], 0) != indent(lines[at], 0) {
			return ""
		}
		return replaced(lines, at, blockEnd(lines, end), strings.Join(lines[end:blockEnd(lines, end)], "")+strings.Join(lines[at:end], ""))
	},
	func(r *rand.Rand, lines []string, at int) string { // one more item like another
		end := blockEnd(lines, at)
		if !strings.HasPrefix(strings.TrimSpace(lines[at]), "- ") {
			return ""
		}
		return replaced(lines, end, end, strings.TrimRight(lines[at], "\r\n")+fmt.Sprint(r.IntN(9))+"\n"+strings.Join(lines[at+1:end], ""))
	},
	func(r *rand.Rand, lines []string, _ int) string { // line ends of Windows, or no last one
		text := strings.Join(lines, "")
		if r.IntN(2) == 0 {
			return strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
		}
		return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	},
	func(_ *rand.Rand, lines []string, at int) string { // a list or mapping between brackets
		end := blockEnd(lines, at)
		if end < at+2 || !strings.HasSuffix(strings.TrimRight(lines[at], "\r\n"), ":") {
			return ""
		}
		var inside []string
		for _, line := range lines[at+1 : end] {
			inside = append(inside, strings.TrimPrefix(strings.TrimSpace(line), "- "))
		}
		brackets := "{}"
		if strings.HasPrefix(strings.TrimSpace(lines[at+1]), "-") {
			brackets = "[]"
		}
		text := strings.TrimRight(lines[at], "\r\n") + " " + brackets[:1] + strings.Join(inside, ", ") + brackets[1:] + "\n"
		before, after := strings.Join(lines, ""), replaced(lines, at, end, text)
		if !sound(after) || !reflect.DeepEqual(values([]byte(before)), values([]byte(after))) {
			return ""
		}
		return after
	},
}

func replaced(lines []string, start, end int, text string) string {
	return strings.Join(lines[:start], "") + text + strings.Join(lines[end:], "")
}

func indent(line string, more int) string {
	return strings.Repeat(" ", len(line)-len(strings.TrimLeft(line, " "))+more)
}

// blockEnd is where the lines end that are indented more than one of them.
func blockEnd(lines []string, at int) int {
	end := at + 1
	for end < len(lines) && len(indent(lines[end], 0)) > len(indent(lines[at], 0)) {
		end++
	}
	return end
}
