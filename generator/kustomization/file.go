package kustomization

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// File is one kustomization.
type File struct {
	types.Kustomization
	// Dir is its directory, Path its own path.
	Dir, Path string

	doc *yaml.Node
	// laid are fields that the file does not hold.
	laid []laid
}

// laid is a field that an edit brought. place gives the place of what stands below it.
type laid struct {
	at    []any
	place func(below []any) manifest.Place
}

// Faults are what is wrong with a kustomization.
type Faults struct {
	// Unread are about files that are no YAML, or have a key twice, Wrong about what files say.
	Unread, Wrong []manifest.Problem
}

// Fatal reports whether any keeps it from being read. A key that stands twice does not.
func (f Faults) Fatal() bool {
	return len(f.Wrong) > 0 || slices.ContainsFunc(f.Unread, func(p manifest.Problem) bool { return !p.DuplicateKey })
}

// Readable reports whether the file holds a mapping, whatever else is wrong with it.
func (k File) Readable() bool { return k.doc != nil }

// Place gives the place of a field.
func (k File) Place(at ...any) manifest.Place {
	for _, l := range k.laid {
		if len(l.at) <= len(at) && slices.Equal(l.at, at[:len(l.at)]) {
			return l.place(at[len(l.at):])
		}
	}
	n := manifest.Find(k.doc, at...)
	return manifest.Place{File: k.Path, Line: n.Line, Column: n.Column}
}

var unknownField = regexp.MustCompile(`unknown field "([^"]*)"`)

// Read reads the kustomization in a directory of t.
func Read(t tree.Tree, dir string) (k File, faults Faults) { return ReadEdited(t, dir, Edits{}) }

// ReadEdited reads the kustomization in a directory of t as it is with edits.
func ReadEdited(t tree.Tree, dir string, edits Edits) (k File, faults Faults) {
	k.Dir, k.Path = dir, In(t, dir)
	f, _ := t.File(k.Path)
	docs, found := manifest.Documents(k.Path, f.Data)
	if faults.Unread = found; faults.Fatal() {
		return k, faults
	}
	at, wrong := k.decode(t, docs, f.Data)
	if wrong == "" {
		faults.Wrong = k.edit(t, edits)
		at, wrong = k.check()
	}
	if wrong != "" {
		faults.Wrong = append(faults.Wrong, manifest.Problem{Place: at, Message: wrong})
	}
	return k, faults
}

// decode reads the one document of the file, and says what is wrong with it.
func (k *File) decode(t tree.Tree, docs []*yaml.Node, data []byte) (at manifest.Place, wrong string) {
	top := manifest.Top(k.Path)
	if len(docs) != 1 || docs[0].Kind != yaml.MappingNode {
		return top, "want a kustomization, which is one mapping"
	}
	k.doc = docs[0]
	if _, err := manifest.Value(k.doc); err != nil {
		return k.Place(), err.Error()
	}
	for _, name := range names {
		if _, ok := t.File(path.Join(k.Dir, name)); ok && path.Join(k.Dir, name) != k.Path {
			return top, fmt.Sprintf("%s stands in the same directory, and kustomize takes one", name)
		}
	}
	if err := k.Unmarshal(data); err != nil {
		return k.mistake(err)
	}
	return top, ""
}

// check says what kustomize refuses in what it could decode.
func (k *File) check() (at manifest.Place, wrong string) {
	top := manifest.Top(k.Path)
	if err := k.CheckEmpty(); err != nil {
		return top, "the kustomization is empty"
	}
	fixed := k.Kustomization
	fixed.FixKustomization()
	for _, wrong := range fixed.EnforceFields() {
		return k.Place("apiVersion"), wrong
	}
	return top, ""
}

// mistake tells an error of decoding a kustomization, and where.
func (k File) mistake(err error) (manifest.Place, string) {
	if m := unknownField.FindStringSubmatch(err.Error()); m != nil {
		return fieldPlace(k, m[1]), fmt.Sprintf("kustomize knows no field %q here", m[1])
	}
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return k.Place(), strings.TrimPrefix(strings.Join(strings.Fields(err.Error()), " "), "invalid Kustomization: ")
	}
	var at []any
	for _, step := range strings.Split(wrong.Field, ".") {
		at = append(at, step)
	}
	want := map[reflect.Kind]string{
		reflect.Slice: "a list", reflect.Map: "a mapping", reflect.Struct: "a mapping", reflect.String: "a string", reflect.Bool: "true or false",
	}[wrong.Type.Kind()]
	return k.Place(at...), fmt.Sprintf("%s: got %s, want %s", wrong.Field, wrong.Value, cmp.Or(want, "a number"))
}

// fieldPlace finds a key by its name alone, which is all that the JSON decoder tells.
func fieldPlace(k File, name string) manifest.Place {
	n := search(k.doc, func(n *yaml.Node) bool { return manifest.Field(n, name) != nil })
	if n == nil {
		return k.Place()
	}
	key := manifest.FindKey(n, name)
	return manifest.Place{File: k.Path, Line: key.Line, Column: key.Column}
}

// search gives the first node for which is holds, from the top; nil where there is none.
func search(n *yaml.Node, is func(*yaml.Node) bool) *yaml.Node {
	if is(n) {
		return n
	}
	for _, child := range n.Content {
		if found := search(child, is); found != nil {
			return found
		}
	}
	return nil
}

// Mentioned finds the longest value of the kustomization that a text mentions.
func (k File) Mentioned(text string) (at manifest.Place, ok bool) {
	longest := 0
	mentioned := func(n *yaml.Node) bool {
		if n.Kind == yaml.ScalarNode && len(n.Value) > longest && strings.Contains(text, n.Value) {
			longest = len(n.Value)
			at = manifest.Place{File: k.Path, Line: n.Line, Column: n.Column}
		}
		return false
	}
	for i := 1; i < len(k.doc.Content); i += 2 {
		search(k.doc.Content[i], mentioned)
	}
	return at, longest > 0
}

// Unsupported says what a kustomization uses that is not rendered here.
func (k File) Unsupported() string {
	switch {
	case len(k.OpenAPI) > 0:
		return k.Path + " brings an OpenAPI schema, which this version does not apply"
	case len(k.HelmChartInflationGenerator) > 0:
		return k.Path + " uses helmChartInflationGenerator, which this version does not render: use helmCharts"
	}
	return ""
}
