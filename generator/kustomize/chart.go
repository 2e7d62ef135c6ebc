package kustomize

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/memo"
)

// Chart is an entry of helmCharts, where it is included.
type Chart struct {
	kustomization.Chart
	scope scope
}

// Within is the namespace that the kustomizations around it give a chart whose entry names none; may be empty.
func (c Chart) Within() string { return c.scope.chartNamespace }

// Unit names what of a run rendered the chart, by the key of what it rendered to.
func (c Chart) Unit(key string) string { return c.Place().String() + " " + key }

// Reader reads what charts render to as kustomize does, what has the same text once. It may be used by several at the same time. The zero
// Reader has read nothing yet.
type Reader struct {
	parts memo.Table[[sha256.Size]byte, []Object]
}

// Clear lets go of all that was read.
func (r *Reader) Clear() { r.parts.Clear() }

// Objects reads a text in parts, each of whole documents, with lists unfolded. Objects of parts with the same text are shared, be it
// of other charts.
func (r *Reader) Objects(ctx context.Context, parts []string) ([]Object, error) {
	text := []byte(strings.Join(parts, ""))
	if err := manifest.Bounded(text); err != nil {
		return nil, fmt.Errorf("what it renders to is not read: %w", err)
	}
	var all []Object
	for _, p := range parts {
		part := []byte(p)
		found, err := r.parts.Do(ctx, sha256.Sum256(part), func() ([]Object, error) { return objects(part) })
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			return objects(text) // which says where in all of it
		}
		all = append(all, found...)
	}
	return all, nil
}

func objects(text []byte) ([]Object, error) {
	nodes, err := (&kio.ByteReader{Reader: bytes.NewReader(text), OmitReaderAnnotations: true, DisableUnwrapping: true}).Read()
	if err != nil {
		return nil, err
	}
	var all []Object
	for _, n := range nodes {
		node, err := printed(n.YNode()) // what kustomize does not get to see is to be as if it did, and the rest is folded no more
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", n.GetKind(), n.GetName(), err)
		}
		object, err := decode(node)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", n.GetKind(), n.GetName(), err)
		}
		found := unfold([]manifest.Resource{{ID: manifest.NewID(object), Object: object}})
		for _, res := range found {
			if field := oddData(res.Object); field != "" {
				return nil, fmt.Errorf("%s: %s: want a mapping", res.ID, field)
			}
			one := Object{Resource: res}
			if len(found) == 1 && found[0].ID == manifest.NewID(object) {
				one.Blank = blank(nil, n.YNode(), nil)
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// Render gives what the chart at an index of w.Charts renders to, as Objects has it. Charts of the same key have the same
// objects, which are shared.
func (w *Whole) Render(i int, chart, key string, objects []Object) {
	c := w.Charts[i]
	for _, object := range objects {
		res := object.Resource
		res.Origin = manifest.Origin{Chart: chart, Unit: c.Unit(key), Place: c.Place()}
		w.origins.add(res, c.scope)
		if c.scope.config {
			w.config(res)
		}
	}
	out := output{chart, key, objects, c.scope.touchesCRDs}
	if before, ok := w.charts[c.output()]; ok && !before.equals(out) {
		w.block("%s is included more than once, and its charts would render otherwise each time", c.File().Path)
	}
	w.charts[c.output()] = out
}

// chartsDir is where charts' output stands below a kustomization: a component, because kustomize reads components when
// it would inflate charts, behind resources and generators.
const chartsDir = ".gitopsgen"

// output is the path of the file in which kustomize finds what the chart renders to.
func (c Chart) output() string { return path.Join(c.Dir, chartsDir, fmt.Sprintf("%d.yaml", c.Index)) }

// output is what a chart renders to.
type output struct {
	chart, key string
	objects    []Object
	// touched says that a kustomization changes more of CustomResourceDefinitions than their metadata.
	touched bool
}

// equals reports whether kustomize gets to see the same of both.
func (o output) equals(other output) bool {
	if o.key != other.key {
		return false
	}
	return o.touched == other.touched || !slices.ContainsFunc(o.objects, func(object Object) bool { return isCRD(object.Object) })
}

// text is what kustomize gets to see: each object with the mark by which it knows what a chart wrote, and does not move it to
// another namespace. Where no kustomization touches more of a CustomResourceDefinition than its metadata, that is all of it
// there: kustomize is slow on large objects.
func (o output) text() ([]byte, error) {
	out := []byte("# written by " + o.chart + "\n")
	for _, res := range o.objects {
		object := res.Object
		for _, at := range res.Blank {
			object, _ = blanked(object, at).(map[string]any)
		}
		if isCRD(object) && !o.touched {
			object = metadataOf(object)
		}
		text, err := yaml.Marshal(marked(object)) // yaml.v3 would lose the empty line that a text begins with
		if err != nil {
			return nil, err
		}
		out = append(append(out, "---\n"...), text...)
	}
	return out, nil
}

// marked gives an object with the mark.
func marked(object map[string]any) map[string]any {
	metadata, ok := object["metadata"].(map[string]any)
	if !ok {
		return object
	}
	annotations, _ := metadata["annotations"].(map[string]any)
	object, metadata, annotations = maps.Clone(object), maps.Clone(metadata), maps.Clone(annotations)
	if annotations == nil {
		annotations = map[string]any{}
	}
	annotations[konfig.HelmGeneratedAnnotation] = "true"
	object["metadata"], metadata["annotations"] = metadata, annotations
	return object
}
