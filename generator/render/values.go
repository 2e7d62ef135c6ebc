package render

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/kustomize/kyaml/yaml/merge2"
	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// valuesDoc is one values file.
type valuesDoc struct {
	file string
	doc  *yaml.Node
}

// values merges the values of an entry as kustomize does, and reads the outcome as Helm does: its numbers are float64.
func (c *chartEntry) values(ctx context.Context, chart []tree.File) (map[string]any, bool) {
	text, ok := c.baseValues(ctx, chart)
	if ok && len(c.ValuesInline) > 0 {
		merged, err := c.withInline(text)
		if err != nil {
			c.fail(oneLine(err.Error()), "valuesInline")
			return nil, false
		}
		text = merged
	}
	values := map[string]any{}
	if err := sigs.Unmarshal(text, &values); err != nil {
		c.fail(oneLine(err.Error()), "valuesFile")
		return nil, false
	}
	for i, name := range c.AdditionalValuesFiles {
		text, read := c.valuesFile(ctx, name, "additionalValuesFiles", i)
		more := map[string]any{}
		if err := sigs.Unmarshal(text, &more); err != nil {
			c.fail(oneLine(err.Error()), "additionalValuesFiles", i)
			return nil, false
		}
		values, ok = loader.MergeMaps(values, more), ok && read
	}
	return values, ok
}

// baseValues gives the values file of the entry, else the chart's own.
func (c *chartEntry) baseValues(ctx context.Context, chart []tree.File) ([]byte, bool) {
	if c.ValuesFile != "" {
		return c.valuesFile(ctx, c.ValuesFile, "valuesFile")
	}
	if c.ValuesMerge == "replace" && len(c.ValuesInline) > 0 {
		return nil, true
	}
	if !c.builder.repo.mayRead(c.kustomization.dir, c.home()) {
		c.fail("it names no valuesFile, and kustomize does not read the chart's outside of the kustomization's directory")
		return nil, false
	}
	for _, f := range chart {
		if f.Path == "values.yaml" {
			return f.Data, true
		}
	}
	c.fail("it names no valuesFile, and the chart has no values.yaml")
	return nil, false
}

// valuesFile reads a values file that the entry names.
func (c *chartEntry) valuesFile(ctx context.Context, name string, at ...any) ([]byte, bool) {
	p := path.Join(c.kustomization.dir, name)
	f, ok := c.builder.repo.tree.File(p)
	switch {
	case remote.MatchString(name) && !ok:
		data, had := c.builder.fetch(ctx, c.place(at...), name)
		c.builder.blocked = c.builder.blocked || !had
		return data, had
	case !c.builder.repo.mayRead(c.kustomization.dir, p):
		c.fail(fmt.Sprintf("values file %q: kustomize reads no file outside of the kustomization's directory", name), at...)
		return nil, false
	case c.builder.repo.tree.WhyUnread(p) != "":
		c.fail(fmt.Sprintf("values file %q was not read: %s", name, c.builder.repo.tree.WhyUnread(p)), at...)
		return nil, false
	case !ok:
		c.fail(fmt.Sprintf("values file %q: there is no such file", name), at...)
		return nil, false
	}
	c.builder.fs.read[p] = true
	docs, found := manifest.Documents(p, f.Data)
	problems := convert(found)
	c.builder.problems = append(c.builder.problems, problems...)
	if hasFailed(problems) {
		return nil, false
	}
	for _, doc := range docs {
		if _, err := manifest.Value(doc); err != nil || doc.Kind != yaml.MappingNode {
			c.failAt(manifest.Place{File: p, Line: doc.Line, Column: doc.Column}, "want values, which are one mapping")
			return nil, false
		}
		c.docs = append(c.docs, valuesDoc{p, doc})
	}
	return f.Data, true
}

// withInline merges valuesInline with the values in text as kustomize does, by its own means.
func (c *chartEntry) withInline(text []byte) ([]byte, error) {
	if c.ValuesMerge == "replace" {
		return sigs.Marshal(c.ValuesInline)
	}
	below, err := kyaml.Parse(string(text))
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the values file is empty, and kustomize cannot merge that with valuesInline")
	}
	if err != nil {
		return nil, err
	}
	inline, err := kyaml.FromMap(c.ValuesInline)
	if err != nil {
		return nil, err
	}
	if c.ValuesMerge == "merge" {
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

// schemaPath is how the schema's library names the value at fault.
var schemaPath = regexp.MustCompile(`at '(/[^']*)'`)

// blame tells an error of Helm, at the value that a schema refuses, or at the entry. Where the schema refers to what the
// network does not give, nobody here is to blame: the chart is not rendered.
func (c *chartEntry) blame(err error) {
	var reference *helm.ReferenceError
	schema, ok := err.(helm.SchemaError)
	switch {
	case errors.As(err, &reference) && byHTTP.MatchString(reference.URL):
		c.builder.blocked = true
		c.builder.skip(hintFiles, "chart %s: its values.schema.json refers to %s: %v", chart.Ref{Name: c.Name, Version: c.Version}, shown(reference.URL), reference.Err)
		return
	case !ok:
		c.fail(helmMessage(err))
		return
	}
	at := c.place()
	if m := schemaPath.FindStringSubmatch(err.Error()); m != nil {
		at = c.valuePlace(m[1])
	}
	lines := strings.Split(strings.TrimSpace(schema.Error()), "\n")
	c.failAt(at, "values do not fit its schema: "+oneLine(strings.TrimPrefix(lines[len(lines)-1], "- ")))
}

// valuePlace finds the value at a JSON pointer, in valuesInline or the values files; else it is the entry's.
func (c *chartEntry) valuePlace(pointer string) manifest.Place {
	var steps []any
	for _, step := range strings.Split(pointer[1:], "/") {
		if i, err := strconv.Atoi(step); err == nil {
			steps = append(steps, i)
		} else {
			steps = append(steps, strings.NewReplacer("~1", "/", "~0", "~").Replace(step))
		}
	}
	if at, ok := c.stands(steps); ok {
		return at
	}
	return c.place()
}
