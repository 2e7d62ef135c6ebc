package blueprint

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// SpecError is one mistake in a spec.
type SpecError struct {
	Place manifest.Place
	// Path leads to the mistake.
	Path    manifest.Path
	Message string
	// Hint says what to do; may be empty.
	Hint string
	// Unquoted is what stands there where quotes around it would make it right; else it is empty.
	Unquoted string
}

func (e *SpecError) Error() string {
	text := fmt.Sprintf("%s: %s", e.Place, e.Message)
	if e.Hint != "" {
		text += "\n    " + e.Hint
	}
	return text
}

// SpecErrors are all mistakes of a spec, in the order of their lines. It is never empty.
type SpecErrors []*SpecError

func (e SpecErrors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Below gives the first mistake at a path, or at what stands around it or in it.
func (e SpecErrors) Below(path []any) (mistake *SpecError, ok bool) {
	for _, one := range e {
		if n := min(len(path), len(one.Path)); n > 0 && slices.Equal(path[:n], one.Path[:n]) {
			return one, true
		}
	}
	return nil, false
}

// Unwrap gives each mistake by itself.
func (e SpecErrors) Unwrap() []error {
	errs := make([]error, len(e))
	for i, one := range e {
		errs[i] = one
	}
	return errs
}

// Document is a spec with the places of its fields.
type Document struct {
	// Spec is what the file says, defaults not filled in.
	Spec Spec
	file string
	root *yaml.Node
}

const firstLine = "write apiVersion: " + APIVersion + " as the first line"

// Read reads a spec strictly. The error is SpecErrors where the file is readable YAML or nearly so.
func Read(file string, data []byte) (*Document, error) {
	root, err := oneDocument(file, data)
	if err != nil {
		return nil, err
	}
	d := &Document{file: file, root: root}
	r := reader{doc: d}
	if version := manifest.Find(d.root, "apiVersion"); version != d.root {
		if err := judge("apiVersion", version.Value); err == nil && version.Value != APIVersion {
			r.fail([]any{"apiVersion"}, "this gitopsgen knows "+APIVersion+"; install a newer one", "apiVersion %q: want %s", version.Value, APIVersion)
			return nil, r.errs
		}
	} else if d.root.Kind == yaml.MappingNode {
		r.fail(nil, firstLine, "apiVersion is missing")
	}
	r.walk(d.root, reflect.TypeFor[Spec](), "", nil)
	if len(r.errs) > 0 {
		return nil, r.sorted()
	}
	if err := d.decode(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r.relations()
	if len(r.errs) > 0 {
		return nil, r.sorted()
	}
	return d, nil
}

// oneDocument gives the document of a file, which must be the only one.
func oneDocument(file string, data []byte) (*yaml.Node, error) {
	docs, problems := manifest.Documents(file, data)
	if len(problems) > 0 {
		var errs SpecErrors
		for _, p := range problems {
			errs = append(errs, &SpecError{Place: p.Place, Message: p.Message})
		}
		return nil, errs
	}
	if len(docs) == 0 {
		return nil, SpecErrors{{Place: manifest.Top(file), Message: "the file says nothing", Hint: firstLine}}
	}
	if len(docs) > 1 {
		at := manifest.Place{File: file, Line: docs[1].Line, Column: docs[1].Column}
		return nil, SpecErrors{{Place: at, Message: fmt.Sprintf("%d documents: want one", len(docs))}}
	}
	return docs[0], nil
}

// decode fills the spec in. What it takes of YAML has been judged before.
func (d *Document) decode() error {
	value, err := manifest.Value(d.root)
	if err != nil {
		return err
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, &d.Spec)
}

// Place gives the place of the field at path, or of the last step of the path that the file has.
func (d *Document) Place(path ...any) manifest.Place {
	n := manifest.Find(d.root, path...)
	return manifest.Place{File: d.file, Line: n.Line, Column: n.Column}
}

// blamed is a path into the spec at the beginning of what a blueprint complains of.
var blamed = regexp.MustCompile(`^(?:blueprint [^:]+: )?((?:capabilities|clusters|components|teams|workloads)[.\[][^: ]*): (.*)$`)

// Blame gives an error of evaluating the blueprint the place of the field that it is about, where it begins with the path
// of one.
func (d *Document) Blame(err error) error {
	m := blamed.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	path, wrong := manifest.ParsePath(m[1])
	if wrong != nil {
		return err
	}
	return SpecErrors{{Place: d.Place(path...), Path: path, Message: m[1] + ": " + m[2]}}
}

// reader gathers the mistakes of one document.
type reader struct {
	doc  *Document
	errs SpecErrors
}

func (r *reader) fail(path manifest.Path, hint, message string, args ...any) {
	n := manifest.Find(r.doc.root, path...)
	r.failAt(n, path, hint, message, args...)
}

func (r *reader) failAt(n *yaml.Node, path manifest.Path, hint, message string, args ...any) {
	r.errs = append(r.errs, &SpecError{
		Place:   manifest.Place{File: r.doc.file, Line: n.Line, Column: n.Column},
		Path:    slices.Clone(path),
		Message: fmt.Sprintf(message, args...),
		Hint:    hint,
	})
}

func (r *reader) sorted() SpecErrors {
	slices.SortStableFunc(r.errs, func(a, b *SpecError) int {
		return cmp.Or(cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column))
	})
	return r.errs
}

// walk judges n against the type t of a field with the tag given.
func (r *reader) walk(n *yaml.Node, t reflect.Type, tag reflect.StructTag, path manifest.Path) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if t == reflect.TypeFor[Capability]() && n.Kind == yaml.ScalarNode {
		t = reflect.TypeFor[string]()
	}
	switch t.Kind() {
	case reflect.Pointer:
		r.walk(n, t.Elem(), tag, path)
	case reflect.Struct:
		if r.expect(n, yaml.MappingNode, "a mapping", path) {
			r.fields(n, t, path)
		}
	case reflect.Map:
		if r.expect(n, yaml.MappingNode, "a mapping", path) {
			for i := 0; i+1 < len(n.Content); i += 2 {
				r.oneLine(n.Content[i], path)
				r.walk(n.Content[i+1], t.Elem(), tag, append(path, n.Content[i].Value))
			}
		}
	case reflect.Slice:
		if r.expect(n, yaml.SequenceNode, "a list", path) {
			for i, item := range n.Content {
				r.walk(item, t.Elem(), tag, append(path, i))
			}
		}
	case reflect.String, reflect.Bool, reflect.Int:
		r.scalar(n, t.Kind(), tag, path)
	}
}

// expect reports whether n has the kind; an empty value has none.
func (r *reader) expect(n *yaml.Node, kind yaml.Kind, want string, path manifest.Path) bool {
	if n.Kind == kind {
		return true
	}
	r.failAt(n, path, "", "%s: got %s, want %s", pathText(path), got(n), want)
	return false
}

func got(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch v, _ := manifest.Value(n); v := v.(type) {
	case nil:
		return "nothing"
	case string:
		return fmt.Sprintf("the text %q", v)
	case bool:
		return n.Value + ", which is true or false"
	default:
		return "the number " + n.Value
	}
}

func (r *reader) scalar(n *yaml.Node, kind reflect.Kind, tag reflect.StructTag, path manifest.Path) {
	if enum := tag.Get("enum"); enum != "" && n.Kind == yaml.ScalarNode && slices.Contains(strings.Split(enum, ","), n.Value) {
		n.Style, n.Tag = yaml.DoubleQuotedStyle, "!!str" // off is a name here, not YAML's word for false
	}
	value, err := manifest.Value(n)
	if err != nil {
		r.failAt(n, path, "", "%s: %v", pathText(path), err)
		return
	}
	if kind == reflect.Bool {
		if _, ok := value.(bool); !ok {
			r.failAt(n, path, "", "%s: got %s, want true or false", pathText(path), got(n))
		}
		return
	}
	text, ok := value.(string)
	if kind == reflect.Int {
		if _, ok = value.(int64); !ok {
			r.failAt(n, path, "", "%s: got %s, want a whole number", pathText(path), got(n))
			return
		}
		text = n.Value
	}
	if !ok {
		hint, unquoted := "", ""
		if n.Kind == yaml.ScalarNode && value != nil {
			hint, unquoted = fmt.Sprintf("put it in quotes: %q", n.Value), n.Value
		}
		r.failAt(n, path, hint, "%s: got %s, want text", pathText(path), got(n))
		r.errs[len(r.errs)-1].Unquoted = unquoted
		return
	}
	if r.oneLine(n, path) {
		r.form(n, text, tag, path)
	}
}

// form wants a text to be one of those that there are, and to have the form that its field asks for.
func (r *reader) form(n *yaml.Node, text string, tag reflect.StructTag, path []any) {
	if enum := tag.Get("enum"); enum != "" {
		if names := strings.Split(enum, ","); !slices.Contains(names, text) {
			r.failAt(n, path, "", "%s %q: want %s%s", pathText(path), text, wording.Either(names), wording.DidYouMean(text, names))
		}
	}
	if name := tag.Get("format"); name != "" {
		if err := judge(name, text); err != nil {
			r.failAt(n, path, "", "%s %v", pathText(path), err)
		}
	}
}

// oneLine reports whether a text can be written into other files: on one line, and without control characters.
func (r *reader) oneLine(n *yaml.Node, path manifest.Path) bool {
	if !escape.HasControl(n.Value) {
		return true
	}
	r.failAt(n, path, "", "%s %q: want one line without control characters", pathText(path), n.Value)
	return false
}

func (r *reader) fields(n *yaml.Node, t reflect.Type, path manifest.Path) {
	known := fieldsOf(t)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		at := append(path, key.Value)
		j := slices.IndexFunc(known, func(f field) bool { return f.name == key.Value })
		if j < 0 {
			names := make([]string, len(known))
			for k, f := range known {
				names[k] = f.name
			}
			hint := ""
			near := wording.DidYouMean(key.Value, names)
			if near == "" {
				hint = "known are " + strings.Join(names, ", ")
			}
			r.failAt(key, at, hint, "unknown key %q%s", key.Value, near)
			continue
		}
		r.walk(n.Content[i+1], known[j].typ, known[j].tag, at)
	}
	for _, f := range known {
		if f.required && manifest.Find(n, f.name) == n && t != reflect.TypeFor[Spec]() {
			r.failAt(n, path, "", "%s: %s is missing", pathText(path), f.name)
		}
	}
}

// field is one field of a struct as the spec's file knows it.
type field struct {
	name     string
	typ      reflect.Type
	tag      reflect.StructTag
	required bool
}

func fieldsOf(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		fields = append(fields, field{name: name, typ: f.Type, tag: f.Tag, required: options == ""})
	}
	return fields
}

// pathText writes a path as people do, clusters[0].name.
func pathText(path manifest.Path) string { return cmp.Or(path.String(), "the file") }
