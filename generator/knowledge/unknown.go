package knowledge

import (
	"strings"

	"gopkg.in/yaml.v3"
	"helm.sh/helm/v4/pkg/strvals"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/values"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Value is one that a chart does not know.
type Value struct {
	manifest.Place
	Path manifest.Path
	// Layer is the index of the layer that has it.
	Layer int
	// Meant asks whether another one is meant; empty where none is near.
	Meant string
}

// Unknown finds the values in some layers that the chart does not know, each where its key stands. Of what stands in no file that a
// person edits there is none.
func (c Chart) Unknown(layers []values.Layer) (all []Value) {
	if c.valuesTree == nil {
		return nil
	}
	for i, l := range layers {
		f := finder{layer: l, index: i}
		switch {
		case l.Key != "":
			one := map[string]any{}
			if strvals.ParseIntoString(l.Key+"=", one) == nil {
				f.set(c.top, one, nil)
			}
		case len(l.Docs) > 0:
			for _, doc := range l.Docs {
				f.mapping(c.top, doc.Node(), nil)
			}
		case l.Name == "" && !l.Own && l.Inline == nil:
			docs, _ := manifest.Documents("", l.Text)
			for _, doc := range docs {
				f.mapping(c.top, doc, nil)
			}
		}
		all = append(all, f.found...)
	}
	return all
}

// finder looks through one layer.
type finder struct {
	layer values.Layer
	index int
	found []Value
}

// mapping looks through a mapping. What is there for others to refer to, or by such a reference, is meant for more than one place.
func (f *finder) mapping(n *node, is *yaml.Node, path manifest.Path) {
	if is.Kind != yaml.MappingNode || n.free() { // an alias is no mapping
		return
	}
	for i := 0; i+1 < len(is.Content); i += 2 {
		key, v := is.Content[i], is.Content[i+1]
		name, err := manifest.Key(key)
		if err != nil || manifest.IsMerge(key) || key.Kind == yaml.AliasNode {
			continue
		}
		below := n.get(name)
		if below == nil {
			below = n.get(key.Value) // y and on are keys to some, and true to others
		}
		switch {
		case below != nil:
			f.mapping(below, v, path.With(name))
		case !anchored(key) && !anchored(v) && !isOthers(name, path):
			f.tell(n, key, path.With(name))
		}
	}
}

// set looks through what a parameter sets.
func (f *finder) set(n *node, one map[string]any, path manifest.Path) {
	for name, v := range one {
		below := n.get(name)
		of, _ := v.(map[string]any)
		switch {
		case n.free():
		case below != nil:
			f.set(below, of, path.With(name))
		case !isOthers(name, path):
			f.tell(n, nil, path.With(name))
		}
	}
}

func (f *finder) tell(n *node, key *yaml.Node, path manifest.Path) {
	v := Value{Place: f.layer.At, Path: path, Layer: f.index, Meant: wording.DidYouMean(path[len(path)-1].(string), n.names())}
	if key != nil && len(f.layer.Docs) > 0 {
		v.Place = manifest.Place{File: f.layer.File, Line: key.Line, Column: key.Column}
	}
	f.found = append(f.found, v)
}

// isOthers reports whether a key is none of the chart's business: what sops keeps beside what it encrypted, and one that is to be
// filled in.
func isOthers(name string, path manifest.Path) bool {
	return name == "sops" && len(path) == 0 || strings.Contains(name, opening)
}

// anchored reports whether others may refer to something in a node.
func anchored(n *yaml.Node) bool {
	if n.Anchor != "" {
		return true
	}
	for _, below := range n.Content {
		if anchored(below) {
			return true
		}
	}
	return false
}
