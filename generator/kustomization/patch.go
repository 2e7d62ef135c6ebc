package kustomization

import (
	"errors"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// patched is the patch of an index, be it in a file: each of its documents is an edit.
func (e Edits) patched(i int, t tree.Tree, dir string) []Setting {
	p, at, docs := e.Patches[i], e.At("patches", i, "patch"), e.Patch(i)
	stands, indent := len(docs) > 0, 0
	if stands {
		indent = indentOf(t, at.File, docs[0])
	}
	if f, ok := t.File(path.Join(dir, p.Path)); ok && p.Path != "" {
		at, stands = manifest.Place{File: f.Path}, true
		docs, _ = manifest.Documents(f.Path, f.Data)
	} else if !stands {
		docs, _ = manifest.Documents("", []byte(p.Patch))
	}
	var all []Setting
	isTarget := e.targets(p.Target)
	for _, doc := range docs {
		all = append(all, func(res manifest.Resource, before manifest.ID) []manifest.FieldOrigin {
			if !isTarget(doc, res, before) {
				return nil
			}
			part := part{at: at, stands: stands, indent: indent}
			part.document(doc, res.Object)
			return part.fields
		})
	}
	return all
}

// targets gives what reports whether a patch, one of whose documents is doc, changes an object.
func (e Edits) targets(target *types.Selector) func(doc *yaml.Node, res manifest.Resource, before manifest.ID) bool {
	if target == nil {
		return func(doc *yaml.Node, res manifest.Resource, before manifest.ID) bool {
			kind, name := manifest.Field(doc, "kind"), manifest.Field(doc, "metadata", "name")
			return kind != nil && name != nil && kind.Value == res.ID.Kind && slices.Contains(e.names(res.ID, before), name.Value)
		}
	}
	s, wrong := types.NewSelectorRegex(target)
	labelled, wrongLabels := labels.Parse(target.LabelSelector)
	annotated, wrongAnnotations := labels.Parse(target.AnnotationSelector)
	if errors.Join(wrong, wrongLabels, wrongAnnotations) != nil {
		return func(*yaml.Node, manifest.Resource, manifest.ID) bool { return false }
	}
	return func(_ *yaml.Node, res manifest.Resource, before manifest.ID) bool {
		return s.MatchGvk(resid.Gvk{Group: res.ID.Group, Version: res.ID.Version, Kind: res.ID.Kind}) &&
			slices.ContainsFunc(e.names(res.ID, before), s.MatchName) && slices.ContainsFunc([]string{before.Namespace, res.ID.Namespace}, s.MatchNamespace) &&
			labelled.Matches(texts(res, "labels")) && annotated.Matches(texts(res, "annotations"))
	}
}

// texts are the labels of an object, or its annotations.
func texts(res manifest.Resource, field string) labels.Set {
	set := labels.Set{}
	all, _ := manifest.Dig(res.Object, "metadata", field).(map[string]any)
	for key, v := range all {
		set[key], _ = v.(string)
	}
	return set
}

// indentOf is how far to the right of its columns a document of a block stands in a file.
func indentOf(t tree.Tree, file string, doc *yaml.Node) int {
	f, _ := t.File(file)
	lines := strings.Split(string(f.Data), "\n")
	if doc.Line > len(lines) {
		return 0
	}
	line := lines[doc.Line-1]
	return max(0, len(line)-len(strings.TrimLeft(line, " "))-(doc.Column-1))
}

// part gathers the fields of an object that a patch sets. stands says that the nodes of the patch have the lines of the file of at,
// which is indented there.
type part struct {
	at     manifest.Place
	stands bool
	indent int
	fields []manifest.FieldOrigin
}

// document takes a patch that is a list for a JSON patch, and another for a part of the object.
func (l *part) document(doc *yaml.Node, object map[string]any) {
	if doc.Kind != yaml.SequenceNode {
		l.lay(doc, object, nil)
		return
	}
	for _, op := range doc.Content {
		pointer, value := manifest.Field(op, "path"), manifest.Field(op, "value")
		if pointer == nil || value == nil {
			continue
		}
		at := manifest.PointerPath(strings.TrimSuffix(pointer.Value, "/-"), object)
		if list, _ := manifest.Dig(object, at...).([]any); strings.HasSuffix(pointer.Value, "/-") {
			at = at.With(len(list) - 1)
		}
		l.lay(value, manifest.Dig(object, at...), at)
	}
}

// lay notes what a part of a patch sets at a path. Of a list it sets parts of the items that are its own.
func (l *part) lay(n *yaml.Node, v any, at manifest.Path) {
	switch v := v.(type) {
	case map[string]any:
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if key := n.Content[i].Value; v[key] != nil && !isIdentity(at.With(key)) {
				l.lay(n.Content[i+1], v[key], at.With(key))
			}
		}
	case []any:
		for i, item := range v {
			for _, own := range n.Content {
				if n.Kind == yaml.SequenceNode && isPart(own, item) {
					l.lay(own, item, at.With(i))
				}
			}
		}
	default:
		if is, err := manifest.Value(n); n.Kind == yaml.ScalarNode && err == nil && is == v && len(at) > 0 {
			place := l.at
			if l.stands {
				place.Line, place.Column = n.Line, n.Column+l.indent
			}
			l.fields = append(l.fields, manifest.FieldOrigin{At: at, Place: place})
		}
	}
}

// isPart reports whether an item of a list may be what an item of a patch changed: it has the name of that one, or else all of its
// scalars.
func isPart(n *yaml.Node, v any) bool {
	object, isObject := v.(map[string]any)
	if !isObject || n.Kind != yaml.MappingNode {
		return n.Kind == yaml.ScalarNode && !isObject
	}
	if name := manifest.Field(n, "name"); name != nil {
		return name.Value == object["name"]
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		is, err := manifest.Value(n.Content[i+1])
		if n.Content[i+1].Kind == yaml.ScalarNode && (err != nil || object[n.Content[i].Value] != is) {
			return false
		}
	}
	return true
}

// isIdentity reports whether a field of a patch says which object, or item of a list, it changes.
func isIdentity(at manifest.Path) bool {
	if _, isItem := at[max(0, len(at)-2)].(int); isItem && at[len(at)-1] == "name" {
		return true
	}
	switch at.String() {
	case "apiVersion", "kind", "metadata.name", "metadata.namespace":
		return true
	}
	return false
}
