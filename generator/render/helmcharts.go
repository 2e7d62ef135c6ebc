package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"gopkg.in/yaml.v3"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/kio"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	yamlv1 "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// helmGeneratedAnnotation is kustomize's mark on what a chart wrote: such objects keep their namespace.
const helmGeneratedAnnotation = "internal.config.kubernetes.io/helm-generated"

// charts inflates the helmCharts of one kustomization into files beside it.
func (k *kustomizer) charts(ctx context.Context, p *prepared, doc *yaml.Node, dir, file string) {
	list := manifest.Field(doc, "helmCharts")
	if list == nil || failed(p.problems) {
		return
	}
	home := "charts"
	if n := manifest.Field(doc, "helmGlobals", "chartHome"); n != nil {
		home = n.Value
	}
	for i, n := range list.Content {
		place := manifest.Place{File: file, Line: n.Line, Column: n.Column}
		entry, err := readEntry(n)
		if err != nil {
			p.problems = append(p.problems, Problem{Place: place, Message: err.Error()})
			continue
		}
		ref := ChartRef{Repo: entry.Repo, Name: entry.Name, Version: entry.Version}
		files, err := k.find(ctx, ref, path.Join(dir, home))
		if errors.Is(err, ErrNoChart) {
			p.notRendered = fmt.Sprintf("chart %s of %s is not at hand", ref, ref.Repo)
			continue
		}
		text, err := k.inflate(ctx, files, err, entry, dir)
		if err != nil {
			p.problems = append(p.problems, Problem{Place: place, Message: chartMessage(ref, err)})
			continue
		}
		out := path.Join(dir, fmt.Sprintf("helm-chart-%d.%s.yaml", i, entry.Name))
		_ = k.fs.WriteFile(root+"/"+out, text)
		p.charts[out] = inflated{chart: ref.String(), place: place}
	}
}

// readEntry reads one entry of helmCharts as strictly as kustomize does.
func readEntry(n *yaml.Node) (types.HelmChart, error) {
	var entry types.HelmChart
	text, err := yaml.Marshal(n)
	if err != nil {
		return entry, err
	}
	if err := yamlv1.UnmarshalStrict(text, &entry); err != nil {
		return entry, fmt.Errorf("helmCharts: %s", strings.Join(strings.Fields(err.Error()), " "))
	}
	if entry.Name == "" {
		return entry, errors.New("helmCharts: an entry needs a name")
	}
	return entry, nil
}

// find asks the repository and then everything else that has charts.
func (k *kustomizer) find(ctx context.Context, ref ChartRef, home string) ([]tree.File, error) {
	places := append([]Charts{vendored{k.r.tree, home}, vendored{k.r.tree, "charts"}}, k.r.options.Charts...)
	for _, charts := range places {
		files, err := charts.Chart(ctx, ref)
		if !errors.Is(err, ErrNoChart) {
			return files, err
		}
	}
	return nil, ErrNoChart
}

// inflate renders a chart with the values that its entry names; found is the error of finding it.
func (k *kustomizer) inflate(ctx context.Context, files []tree.File, found error, entry types.HelmChart, dir string) ([]byte, error) {
	if found != nil {
		return nil, found
	}
	values, err := k.values(entry, dir)
	if err != nil {
		return nil, err
	}
	name := entry.ReleaseName
	if name == "" {
		name = "release-name"
	}
	text, err := inflate(ctx, files, release{
		ref:  ChartRef{Repo: entry.Repo, Name: entry.Name, Version: entry.Version},
		name: name, namespace: entry.Namespace, values: values,
		kubeVersion: entry.KubeVersion, apiVersions: entry.ApiVersions,
		includeCRDs: entry.IncludeCRDs, skipHooks: entry.SkipHooks, skipTests: entry.SkipTests,
	})
	if err != nil {
		return nil, err
	}
	if !k.moves {
		return text, nil // reading and writing it again would only cost time
	}
	return mark(text)
}

// values merges the values of an entry as kustomize and Helm do: the file (unless valuesInline replaces it), the
// additional files, one over the other.
func (k *kustomizer) values(entry types.HelmChart, dir string) (map[string]any, error) {
	values := map[string]any{}
	if entry.ValuesFile != "" {
		read, err := k.valuesFile(path.Join(dir, entry.ValuesFile))
		if err != nil {
			return nil, err
		}
		values = read
	}
	if inline := entry.ValuesInline; len(inline) > 0 {
		switch entry.ValuesMerge {
		case "", "override":
			values = manifest.Merge(values, inline)
		case "merge":
			values = manifest.Merge(inline, values)
		case "replace":
			values = inline
		default:
			return nil, fmt.Errorf("valuesMerge %q: want override, merge or replace", entry.ValuesMerge)
		}
	}
	for _, file := range entry.AdditionalValuesFiles {
		read, err := k.valuesFile(path.Join(dir, file))
		if err != nil {
			return nil, err
		}
		values = manifest.Merge(values, read)
	}
	return values, nil
}

func (k *kustomizer) valuesFile(file string) (map[string]any, error) {
	f, ok := k.r.tree.File(file)
	if !ok {
		return nil, fmt.Errorf("values file %q: there is no such file", file)
	}
	k.r.read[file] = true
	docs, problems := manifest.Documents(file, f.Data)
	for _, p := range problems {
		return nil, fmt.Errorf("values file %s:%d: %s", file, p.Place.Line, p.Message)
	}
	if len(docs) == 0 {
		return map[string]any{}, nil
	}
	value, err := manifest.Value(docs[0])
	if err != nil {
		return nil, fmt.Errorf("values file %s: %w", file, err)
	}
	values, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("values file %s: want a mapping", file)
	}
	return values, nil
}

// mark puts kustomize's mark on every object of a chart's output.
func mark(text []byte) ([]byte, error) {
	reader := kio.ByteReader{Reader: bytes.NewReader(text), OmitReaderAnnotations: true}
	nodes, err := reader.Read()
	if err != nil {
		return nil, err
	}
	var marked bytes.Buffer
	for _, n := range nodes {
		if err := n.PipeE(kyaml.SetAnnotation(helmGeneratedAnnotation, "true")); err != nil {
			return nil, err
		}
		one, err := n.String()
		if err != nil {
			return nil, err
		}
		marked.WriteString("---\n" + one)
	}
	return marked.Bytes(), nil
}

// chartMessage is the cause of an error of Helm, on one line.
func chartMessage(ref ChartRef, err error) string {
	return fmt.Sprintf("chart %s: %s", ref, strings.Join(strings.Fields(err.Error()), " "))
}
