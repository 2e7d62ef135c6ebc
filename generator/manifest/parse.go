package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
	"weak"

	"gopkg.in/yaml.v3"
)

// Problem is a fault in a file that keeps it, or one of its documents, from being read.
type Problem struct {
	Place   Place
	Message string
	// DuplicateKey says that a mapping holds a key twice; the document is read all the same, the last one wins.
	DuplicateKey bool
}

// Stray is a document that is no object though it has something in it. Argo CD takes no directory of manifests that has one.
type Stray struct {
	Problem
	// Likely says that it seems to be meant as an object.
	Likely bool
}

// Parse reads the Kubernetes objects of a file, which may be YAML or JSON. Documents that are empty or have no
// apiVersion and kind are left out: they are no objects, unless they are lists of such. A syntax error ends the reading; what stands before it is
// returned.
func Parse(file string, data []byte) ([]Resource, []Problem) {
	f := ReadFile(file, data)
	return f.Resources, f.Problems
}

// File is what a file holds.
type File struct {
	Resources []Resource
	// Strays are the documents that Parse leaves out though they are not empty.
	Strays   []Stray
	Problems []Problem
	text     *text
}

// At is a file of the same text at another path. Nodes and objects are shared with f.
func (f File) At(file string) File {
	f.Resources, f.Strays, f.Problems = slices.Clone(f.Resources), slices.Clone(f.Strays), slices.Clone(f.Problems)
	for i := range f.Resources {
		f.Resources[i].Origin.Place.File = file
	}
	for i := range f.Strays {
		f.Strays[i].Place.File = file
	}
	for i := range f.Problems {
		f.Problems[i].Place.File = file
	}
	return f
}

// Move gives what f holds other places than it has in the text: move changes line and column of a node. Nobody may have asked for
// nodes before.
func (f File) Move(move func(*yaml.Node)) {
	f.text.move, f.text.last = move, weak.Pointer[[]*yaml.Node]{}
	for i := range f.Resources {
		o := &f.Resources[i].Origin
		o.Document = newDocument(f.text, o.Document.n, o.Document.Node())
		o.Place.Line, o.Place.Column = o.Document.Line, o.Document.Column
	}
}

// ReadFile reads a file as Parse does.
func ReadFile(file string, data []byte) File {
	var f File
	nodes, problems := Documents(file, data)
	f.Problems, f.text = problems, newText(data, nodes)
	for i, doc := range nodes {
		place := Place{File: file, Line: doc.Line, Column: doc.Column}
		value, err := Value(doc)
		if err != nil {
			f.Problems = append(f.Problems, valueProblem(place, err))
			continue
		}
		object, _ := value.(map[string]any)
		id := NewID(object)
		if (id.Version == "" || id.Kind == "") && !holdsObjects(object) {
			f.Strays = append(f.Strays, stray(place, value))
			continue
		}
		f.Resources = append(f.Resources, Resource{ID: id, Object: object, Origin: Origin{Place: place, Document: newDocument(f.text, i, doc)}})
	}
	return f
}

// holdsObjects reports whether an object is a list with others in it, whatever it says that it is.
func holdsObjects(object map[string]any) bool {
	items, _ := object["items"].([]any)
	return slices.ContainsFunc(items, func(item any) bool {
		one, _ := item.(map[string]any)
		id := NewID(one)
		return id.Version != "" && id.Kind != "" || holdsObjects(one)
	})
}

// stray says what keeps a document from being an object.
func stray(place Place, value any) Stray {
	object, ok := value.(map[string]any)
	if !ok {
		return Stray{Problem: Problem{Place: place, Message: "no object: want a mapping with apiVersion and kind"}}
	}
	var missing []string
	likely := 0
	for _, name := range []string{"apiVersion", "kind", "metadata"} {
		if text, _ := object[name].(string); text == "" && name != "metadata" {
			missing = append(missing, name)
		}
		for key := range object {
			if letters(key) == name {
				likely++
				break
			}
		}
	}
	s := Stray{Problem: Problem{Place: place, Message: "no object: it has no " + strings.Join(missing, " and no ")}, Likely: likely > 1}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if name := letters(key); name != key && slices.Contains(missing, name) {
			s.Message += fmt.Sprintf("; a key is %+q", key)
		}
	}
	return s
}

// letters is a key without what nobody sees, and all else that is no letter.
func letters(key string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, key)
}

// maxParts bounds the lines, keys and items of a file together: each costs half a kilobyte while it is read. The largest
// manifests that people write have a quarter of it.
const maxParts = 1_000_000

// Bounded gives an error where a text of YAML has more in it than is to be read.
func Bounded(data []byte) error {
	parts := 0 // at least as many as there are lines, keys and items
	for _, mark := range []string{"\n", ":", ",", "- "} {
		parts += bytes.Count(data, []byte(mark))
	}
	if parts > maxParts {
		return fmt.Errorf("it has more than %d lines, keys and items", maxParts)
	}
	return nil
}

// Documents reads the documents of a YAML stream, each as its content node, leaving out the empty ones. A syntax
// error ends the reading; what stands before it is returned. Of a file that is too large nothing is read.
func Documents(file string, data []byte) ([]*yaml.Node, []Problem) {
	var docs []*yaml.Node
	var problems []Problem
	if err := Bounded(data); err != nil {
		return nil, []Problem{{Place: Top(file), Message: "not read: " + err.Error()}}
	}
	decoder, last := yaml.NewDecoder(bytes.NewReader(unmarked(data))), lines(data)
	for {
		var doc yaml.Node
		err := decode(decoder, &doc)
		if errors.Is(err, io.EOF) {
			return docs, problems
		}
		if err != nil {
			return docs, append(problems, syntaxProblem(file, data, err))
		}
		if len(doc.Content) == 0 {
			continue
		}
		content := doc.Content[0]
		if content.Kind == yaml.ScalarNode && content.ShortTag() == "!!null" {
			continue
		}
		clamp(content, last)
		problems = append(problems, duplicateKeys(file, content)...)
		docs = append(docs, content)
	}
}

// unmarked drops the byte order mark that a document of a file begins with: Kubernetes cuts a file at its separators and
// reads each part as a file. Of the file itself Argo CD drops one more, as yaml.v3 does.
func unmarked(data []byte) []byte {
	mark := []byte("\ufeff")
	if !bytes.Contains(data, mark) {
		return data
	}
	var out []byte
	begins := true
	for line := range bytes.Lines(data) {
		if begins {
			line = bytes.TrimPrefix(line, mark)
		}
		out = append(out, line...)
		begins = bytes.HasPrefix(line, []byte("---"))
	}
	return out
}

// decode reads one document. yaml.v3 panics on some malformed input; that is a syntax error like any other.
func decode(decoder *yaml.Decoder, doc *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	return decoder.Decode(doc)
}

// syntaxError is what yaml.v3 says: where, as well as it knows, and what is wrong.
var syntaxError = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)$`)

func syntaxProblem(file string, data []byte, err error) Problem {
	m := syntaxError.FindStringSubmatch(strings.SplitN(err.Error(), "\n", 2)[0])
	line, _ := strconv.Atoi(m[1])
	at := Place{File: file, Line: min(max(line, 1), lines(data)), Column: 1}
	switch {
	case strings.Contains(m[2], "UTF-8") && !utf8.Valid(data): // of which the library does not say where
		at.Line, at.Column = firstNotUTF8(data)
	case m[2] == "found character that cannot start any token" && tabbed(data, at.Line):
		m[2] = "found a tab character that violates indentation"
	}
	return Problem{Place: at, Message: "not YAML: " + m[2]}
}

// firstNotUTF8 gives the line and the column of the first byte that is no UTF-8.
func firstNotUTF8(data []byte) (line, column int) {
	before := data
	for i := 0; i < len(before); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			before = data[:i]
		}
		i += size
	}
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[1+bytes.LastIndexByte(before, '\n'):])
}

// tabbed reports whether a line begins with a tab, behind spaces.
func tabbed(data []byte, line int) bool {
	for text := range bytes.Lines(data) {
		if line--; line == 0 {
			return bytes.HasPrefix(bytes.TrimLeft(text, " "), []byte("\t"))
		}
	}
	return false
}

// lines counts the lines of a file, which more than a line feed ends in YAML.
func lines(data []byte) int {
	count := 1 - bytes.Count(data, []byte("\r\n"))
	for _, end := range []string{"\n", "\r", "\u0085", "\u2028", "\u2029"} {
		count += bytes.Count(data, []byte(end))
	}
	if bytes.HasSuffix(data, []byte("\n")) && count > 1 {
		count--
	}
	return count
}

// clamp keeps nodes inside the file: a value that is left out at its end stands behind the last line.
func clamp(n *yaml.Node, last int) {
	each(n, func(n *yaml.Node) {
		if n.Line > last {
			n.Line, n.Column = last, 1
		}
	})
}

func valueProblem(doc Place, err error) Problem {
	var at *nodeError
	if errors.As(err, &at) {
		doc.Line, doc.Column = at.node.Line, at.node.Column
	}
	return Problem{Place: doc, Message: err.Error()}
}

func duplicateKeys(file string, n *yaml.Node) []Problem {
	var problems []Problem
	if n.Kind == yaml.MappingNode {
		known := make(map[string]int, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode {
				continue
			}
			if line, ok := known[key.Value]; ok {
				problems = append(problems, Problem{
					Place:        Place{File: file, Line: key.Line, Column: key.Column},
					Message:      fmt.Sprintf("key %q stands on line %d already", key.Value, line),
					DuplicateKey: true,
				})
			}
			known[key.Value] = key.Line
		}
	}
	for _, child := range n.Content {
		problems = append(problems, duplicateKeys(file, child)...)
	}
	return problems
}
