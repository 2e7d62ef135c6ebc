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
	"github.com/gitopsgen/gitopsgen/generator/values"
)

// Request is one source of an Application, with what is known of its surroundings.
type Request struct {
	Application argocd.Application
	Source      argocd.Source
	// Refs are the names of sources of this repository, by which values files are found in it, without the dollar sign.
	Refs []string
	// Unknown are variables whose values nobody knows here, and which something asked for. Substitute notes them.
	unknown map[string]bool
}

// New makes a request.
func New(app argocd.Application, s argocd.Source, refs []string) *Request {
	return &Request{Application: app, Source: s, Refs: refs, unknown: map[string]bool{}}
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
// directory of the chart, one from the root of what it stands in, a URL, or, behind $ and a slash, a path from the root of
// this repository.
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
	if n := r.Application.Origin.Node; n != nil && len(r.Source.At) > 0 {
		l.File = r.Application.Origin.Place.File
		if n := manifest.Field(n, r.Source.At.With("helm", field)...); n != nil && field == "valuesObject" {
			l.Docs = []*yaml.Node{n}
		} else if n != nil && n.Kind == yaml.ScalarNode && n.Style&yaml.LiteralStyle != 0 {
			l.Docs = literal(n)
		}
	}
	return []values.Layer{l}, nil
}

// literal reads the text of a block as the document that it is, with the lines that it has in its file.
func literal(n *yaml.Node) []*yaml.Node {
	docs, _ := manifest.Documents("", []byte(n.Value))
	for _, doc := range docs {
		shift(doc, n.Line)
	}
	return docs
}

func shift(n *yaml.Node, lines int) {
	n.Line += lines
	for _, below := range n.Content {
		shift(below, lines)
	}
}

// place is where a field of helm stands.
func (r *Request) place(steps ...any) manifest.Place {
	return r.Application.Place(append(r.Source.At.With("helm"), steps...)...)
}

// fileName puts the environment into the name of a file. Argo CD looks for names of sources first.
func (r *Request) fileName(name string) string {
	ref, rest, _ := strings.Cut(name, "/")
	if bare, ok := strings.CutPrefix(ref, "$"); ok && slices.Contains(r.Refs, bare) {
		return "$" + r.Substitute("/"+rest)
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
