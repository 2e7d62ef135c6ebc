// Package source works out what a source of an Application asks for, as Argo CD does before it renders it: what is merged into
// it, what its names lead to, and which values its chart is given.
//
// It knows Argo CD's fields and the files of a repository. It renders nothing, fetches nothing, and knows nothing of what other
// Applications do.
package source

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/values"
)

// Request is one source of an Application, with what is known of its surroundings.
type Request struct {
	Application argocd.Application
	Source      argocd.Source
	// Refs are the roots of repositories in the tree by the names of sources, by which values files are found there, without the dollar
	// sign.
	Refs map[string]string
	// Unknown are variables whose values nobody knows here, and which something asked for. Substitute notes them.
	unknown map[string]bool
	// over are the files that are merged into the source.
	over []override
}

// override is a file that is merged into a source, and the mapping that it holds.
type override struct {
	path string
	doc  *yaml.Node
}

// New makes a request of a source that files are merged into already.
func New(app argocd.Application, s argocd.Source, over []tree.File) *Request {
	r := &Request{Application: app, Source: s, unknown: map[string]bool{}}
	for _, f := range over {
		if docs, _ := manifest.Documents(f.Path, f.Data); len(docs) > 0 {
			r.over = append(r.over, override{f.Path, docs[0]})
		}
	}
	return r
}

// defaultNamespace is what Helm takes where nothing says otherwise.
const defaultNamespace = "default"

// Release is what `helm template` is told but for values. The version of Kubernetes is empty where the source names none.
func (r *Request) Release() helm.Release {
	h := cmp.Or(r.Source.Helm, &argocd.Helm{})
	return helm.Release{
		Name:        cmp.Or(h.ReleaseName, r.Application.ID.Name),
		Namespace:   cmp.Or(h.Namespace, r.Application.Spec.Destination.Namespace, defaultNamespace),
		KubeVersion: complete(h.KubeVersion), APIVersions: h.APIVersions,
		IncludeCRDs: !h.SkipCRDs, SkipTests: h.SkipTests, SkipSchema: h.SkipSchemaValidation,
	}
}

// complete gives a version of Kubernetes as Argo CD hands it to Helm, with all three numbers.
func complete(version string) string {
	bare := strings.TrimPrefix(version, "v")
	if numbers, rest, _ := strings.Cut(bare, "-"); rest == "" && strings.Count(numbers, ".") == 1 {
		return numbers + ".0"
	}
	return bare
}

// Layers are the values that the chart is given, the lowest first. Those of files are not read yet: Name is a path from the
// directory of the chart, one from the root of what it stands in, a URL, or a Ref.
func (r *Request) Layers() ([]values.Layer, error) {
	h := cmp.Or(r.Source.Helm, &argocd.Helm{})
	var layers []values.Layer
	for i, name := range h.ValueFiles {
		layers = append(layers, values.Layer{Name: r.fileName(name), Rule: values.OverAsHelm, At: r.place("valueFiles", i)})
	}
	inline, err := r.inline(h)
	if err != nil {
		return nil, err
	}
	layers = append(layers, inline...)
	for _, forced := range []bool{false, true} {
		for i, p := range h.Parameters {
			if p.ForceString != forced || slices.ContainsFunc(h.Parameters[i+1:], func(o argocd.HelmParameter) bool { return o.Name == p.Name && o.ForceString == forced }) {
				continue
			}
			rule := values.Set
			if forced {
				rule = values.SetString
			}
			layers = append(layers, values.Layer{Key: p.Name, Rule: rule, Text: []byte(escaped(r.Substitute(p.Value))), At: r.place("parameters", i)})
		}
	}
	for i, p := range h.FileParameters {
		layers = append(layers, values.Layer{Key: p.Name, Name: r.fileName(p.Path), Rule: values.SetFile, At: r.place("fileParameters", i)})
	}
	return layers, nil
}

// inline are the values that stand in the Application itself, if there are any.
func (r *Request) inline(h *argocd.Helm) ([]values.Layer, error) {
	field, text := "values", []byte(h.Values)
	if h.ValuesObject != nil {
		var err error
		if text, err = sigs.Marshal(h.ValuesObject); err != nil {
			return nil, fmt.Errorf("valuesObject: %w", err)
		}
		field = "valuesObject"
	}
	if len(text) == 0 {
		return nil, nil
	}
	l := values.Layer{Rule: values.OverAsHelm, Text: text, At: r.place(field)}
	if n := r.node("helm", field); n != nil {
		l.File = l.At.File
		docs := manifest.Literal(n)
		if field == "valuesObject" {
			docs = []*yaml.Node{n}
		}
		for _, doc := range docs {
			l.Docs = append(l.Docs, manifest.Held(doc))
		}
	}
	return []values.Layer{l}, nil
}

// place is where a field of helm stands.
func (r *Request) place(steps ...any) manifest.Place {
	return r.Place(append([]any{"helm"}, steps...)...)
}

// Place is where a field of the source stands: in the last of the files that are merged into it and have the field, else in the
// Application.
func (r *Request) Place(field ...any) manifest.Place {
	for _, f := range slices.Backward(r.over) {
		if manifest.Field(f.doc, field...) != nil {
			n := manifest.Find(f.doc, field...)
			return manifest.Place{File: f.path, Line: n.Line, Column: n.Column}
		}
	}
	return r.Application.Place(r.Source.At.With(field...)...)
}

// node is what stands there; nil where nothing does.
func (r *Request) node(field ...any) *yaml.Node {
	for _, f := range slices.Backward(r.over) {
		if n := manifest.Field(f.doc, field...); n != nil {
			return n
		}
	}
	if d := r.Application.Origin.Document; d != nil && len(r.Source.At) > 0 {
		return manifest.Field(d.Node(), r.Source.At.With(field...)...)
	}
	return nil
}

// fileName puts the environment into the name of a file. Argo CD looks for names of sources first.
func (r *Request) fileName(name string) string {
	ref, rest, _ := strings.Cut(name, "/")
	if bare, ok := strings.CutPrefix(ref, "$"); ok && r.Refs[bare] != "" {
		return Ref(r.Refs[bare], r.Substitute(rest))
	}
	name = r.Substitute(name)
	if name == "" {
		return "."
	}
	return name
}

// escaped keeps commas in what Helm would take for several values, unless it is written as a list.
func escaped(value string) string {
	if strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}") {
		return value
	}
	var b strings.Builder
	var before rune
	for _, c := range value {
		if c == ',' && before != '\\' {
			b.WriteRune('\\')
		}
		b.WriteRune(c)
		before = c
	}
	return b.String()
}
