// Package values lays the values of a chart over each other, as kustomize and Helm do, and knows where each of them stands.
//
// It knows YAML and places, and nothing of charts or of who names the files.
package values

import (
	"errors"
	"io"
	"slices"

	"gopkg.in/yaml.v3"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/strvals"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/kustomize/kyaml/yaml/merge2"
	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Layer is one layer of values. The first of several is the lowest. What is not a part of its JSON has no say in the values.
type Layer struct {
	// Name is that of a file, as it is written where the layer is named; Own are the chart's own values.
	Name string `json:"-"`
	Own  bool   `json:"-"`
	// At is where the layer is named.
	At manifest.Place `json:"-"`
	// Rule says how the layer is laid to those below it.
	Rule Rule
	// Inline are the values where they stand beside the chart's name; else Text are they as YAML, once they are read.
	Inline map[string]any
	Text   []byte
	// Key is what a layer of one value sets.
	Key string
	// File is the file of the repository that holds them, and Docs are its documents; empty where no such file does.
	File string               `json:"-"`
	Docs []*manifest.Document `json:"-"`
}

// Rule is how a layer is laid to those below it.
type Rule int

// The rules. The lowest layer needs none.
const (
	// Over is how kustomize lays values inline over a file's: a list takes the place of one, a null takes away.
	Over Rule = iota
	// Under is the same the other way round: what stands below wins.
	Under
	// Instead drops what stands below.
	Instead
	// OverAsHelm is how Helm lays a file over all others: a null stays there, for the chart to see. No layer of another rule
	// stands above one.
	OverAsHelm
	// Set, SetString and SetFile lay the value called Key as Helm's flags of these names do: it is Text, which the first two
	// read as Helm reads what follows the equals sign.
	Set
	SetString
	SetFile
)

// asHelm reports whether Helm lays the layer, and not kustomize.
func (r Rule) asHelm() bool { return r >= OverAsHelm }

// LayerError says which layer is wrong, by its index.
type LayerError struct {
	Layer int
	error
}

func (e LayerError) Unwrap() error { return e.error }

// Merge gives the values that layers make, as Helm reads them: numbers are float64. The error is a LayerError.
func Merge(layers []Layer) (map[string]any, error) {
	var text []byte
	values := map[string]any{}
	below := slices.IndexFunc(layers, func(l Layer) bool { return l.Rule.asHelm() })
	if below < 0 {
		below = len(layers)
	}
	for i, l := range layers[:below] {
		var err error
		if text, err = l.onto(text); err != nil {
			return nil, LayerError{i, err}
		}
	}
	if err := sigs.Unmarshal(text, &values); err != nil {
		return nil, LayerError{0, err}
	}
	for i, l := range layers[below:] {
		var err error
		if values, err = l.over(values); err != nil {
			return nil, LayerError{below + i, err}
		}
	}
	return values, nil
}

// over lays a layer over values, by Helm's own means.
func (l Layer) over(values map[string]any) (map[string]any, error) {
	switch l.Rule {
	case Set:
		return values, strvals.ParseInto(l.Key+"="+string(l.Text), values)
	case SetString:
		return values, strvals.ParseIntoString(l.Key+"="+string(l.Text), values)
	case SetFile:
		return values, strvals.ParseIntoFile(l.Key+"=file", values, func([]rune) (any, error) { return string(l.Text), nil })
	}
	over := map[string]any{}
	if err := sigs.Unmarshal(l.Text, &over); err != nil {
		return nil, err
	}
	return loader.MergeMaps(values, over), nil
}

// onto lays a layer to the values in text, by kustomize's own means.
func (l Layer) onto(text []byte) ([]byte, error) {
	switch {
	case l.Inline == nil:
		return l.Text, nil
	case l.Rule == Instead:
		return sigs.Marshal(l.Inline)
	}
	below, err := kyaml.Parse(string(text))
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the values file is empty, and kustomize cannot merge that with valuesInline")
	}
	if err != nil {
		return nil, err
	}
	inline, err := kyaml.FromMap(l.Inline)
	if err != nil {
		return nil, err
	}
	if l.Rule == Under {
		below, inline = inline, below
	}
	merged, err := merge2.Merge(inline, below, kyaml.MergeOptions{})
	if err != nil {
		return nil, err
	}
	values, err := merged.Map()
	if err != nil {
		return nil, err
	}
	return sigs.Marshal(values)
}

// Find finds where the value at a path is set: in the last that Helm lays over others, else inline, else in the first file that
// has it.
func Find(layers []Layer, path ...any) (manifest.Place, bool) {
	for _, l := range slices.Backward(layers) {
		if at, ok := l.find(path); ok && l.Rule.asHelm() {
			return at, true
		}
	}
	for _, inline := range []bool{true, false} {
		for _, l := range layers {
			if at, ok := l.find(path); ok && (l.Inline != nil) == inline {
				return at, true
			}
		}
	}
	return manifest.Place{}, false
}

// find finds where the layer sets the value at a path.
func (l Layer) find(path []any) (manifest.Place, bool) {
	if len(path) == 0 {
		return manifest.Place{}, false
	}
	if l.Key != "" {
		one, err := l.over(map[string]any{})
		return l.At, err == nil && manifest.Dig(one, path...) != nil
	}
	for _, doc := range l.Docs {
		if node := doc.Node(); manifest.Field(node, path...) != nil {
			n := manifest.Find(node, path...)
			return manifest.Place{File: l.File, Line: n.Line, Column: n.Column}, true
		}
	}
	return manifest.Place{}, false
}

// Nearest finds the value at a path, else the innermost mapping around it that is set.
func Nearest(layers []Layer, path ...any) (manifest.Place, bool) {
	for ; len(path) > 0; path = path[:len(path)-1] {
		if at, ok := Find(layers, path...); ok {
			return at, true
		}
	}
	return manifest.Place{}, false
}

// Read reads the layer from a file of the repository. Of its problems those of keys that stand twice do not keep the values
// from being read.
func (l *Layer) Read(file string, text []byte) []manifest.Problem {
	var problems []manifest.Problem
	l.File, l.Text = file, text
	l.Docs, problems = manifest.ReadDocuments(file, text)
	return problems
}

// Odd finds the first document of the layer that is no mapping.
func (l *Layer) Odd() (at manifest.Place, odd bool) {
	for _, doc := range l.Docs {
		n := doc.Node()
		if _, err := manifest.Value(n); err != nil || n.Kind != yaml.MappingNode {
			return manifest.Place{File: l.File, Line: n.Line, Column: n.Column}, true
		}
	}
	return manifest.Place{}, false
}
