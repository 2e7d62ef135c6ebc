package helm

import (
	"context"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	chart "helm.sh/helm/v4/pkg/chart/v2"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Evidence tells which value of a chart sets a field of what it renders to: it changes values and renders again. Make one
// with Investigate.
type Evidence struct {
	prepared
	// objects are those that the chart renders to, with the template that each comes from.
	objects map[subject]witness
}

// subject names an object of a chart.
type subject struct{ kind, name string }

type witness struct {
	template string
	object   map[string]any
}

// maxProbes is how often a chart is rendered again for one field.
const maxProbes = 48

// sentinel is what values are set to that were not there.
const sentinel = "gitopsgen"

// Investigate renders a chart to know which template each object comes from.
func Investigate(ctx context.Context, files []tree.File, r Release) (*Evidence, error) {
	p, err := prepare(files, r)
	if err != nil {
		return nil, err
	}
	texts, err := p.render(ctx, p.chart, valuesMap(p.values))
	if err != nil {
		return nil, err
	}
	e := &Evidence{prepared: p, objects: map[subject]witness{}}
	for template, text := range texts {
		for s, object := range objectsIn(text) {
			e.objects[s] = witness{template, object}
		}
	}
	return e, nil
}

func valuesMap(v any) map[string]any {
	values, _ := clone(v).(map[string]any)
	return values
}

func objectsIn(text string) map[subject]map[string]any {
	objects := map[subject]map[string]any{}
	resources, _ := manifest.Parse("", []byte(text))
	for _, res := range resources {
		objects[subject{res.ID.Kind, res.ID.Name}] = res.Object
	}
	return objects
}

// Value gives the value that sets the field at of an object, which may since have been changed: then it is not the chart
// that sets the field. The path may lead to where a value is not yet; it is empty where none was found. probes is how often
// the chart was rendered for it.
func (e *Evidence) Value(ctx context.Context, object map[string]any, at manifest.Path) (value manifest.Path, probes int) {
	id := manifest.NewID(object)
	s := subject{id.Kind, id.Name}
	w, known := e.objects[s]
	if !known {
		return nil, 0
	}
	is := manifest.Dig(object, at...)
	at = follow(object, w.object, at)
	was := manifest.Dig(w.object, at...)
	if fmt.Sprint(is) != fmt.Sprint(was) {
		return nil, 0
	}
	c := blanked(e.chart, w.template)
	if again, err := e.probe(ctx, c, w.template, s, e.values); err != nil || fmt.Sprint(manifest.Dig(again, at...)) != fmt.Sprint(was) {
		c = e.chart // other templates have a say in this one
	}
	probes = 1
	for _, candidate := range e.candidates(w.object, at, was) {
		if ctx.Err() != nil {
			return nil, probes
		}
		probes++
		changed := valuesMap(e.values)
		candidate.set(changed)
		after, err := e.probe(ctx, c, w.template, s, changed)
		if err == nil && after != nil && !reflect.DeepEqual(manifest.Dig(after, at...), was) {
			for _, key := range candidate.path {
				value = append(value, key)
			}
			return value, probes
		}
	}
	return nil, probes
}

// probe renders one template with other values and gives the object; nil where it is not there any more.
func (e *Evidence) probe(ctx context.Context, c *chart.Chart, template string, s subject, values map[string]any) (object map[string]any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it makes Helm panic: %v", p)
		}
	}()
	texts, err := e.render(ctx, c, values)
	if err != nil {
		return nil, err
	}
	return objectsIn(texts[template])[s], nil
}

// blanked is a chart whose templates are empty, but for one and those that others include.
func blanked(c *chart.Chart, keep string) *chart.Chart {
	blank := *c
	blank.Templates = nil
	for _, t := range c.Templates {
		one := *t
		if path.Join(c.ChartFullPath(), t.Name) != keep && !strings.HasPrefix(path.Base(t.Name), "_") {
			one.Data = nil
		}
		blank.Templates = append(blank.Templates, &one)
	}
	var dependencies []*chart.Chart
	for _, sub := range c.Dependencies() {
		dependencies = append(dependencies, blanked(sub, keep))
	}
	blank.SetDependencies(dependencies...)
	return &blank
}

// follow gives the path in base of the field that is at the path at in object: items of lists are known by their name.
func follow(object, base any, at manifest.Path) manifest.Path {
	steps := slices.Clone(at)
	for i, step := range at {
		switch step := step.(type) {
		case string:
			from, _ := object.(map[string]any)
			to, _ := base.(map[string]any)
			object, base = from[step], to[step]
		case int:
			from, _ := object.([]any)
			to, _ := base.([]any)
			if step >= len(from) {
				return steps
			}
			if name, _ := manifest.Dig(from[step], "name").(string); name != "" {
				if j := slices.IndexFunc(to, func(item any) bool { return manifest.Dig(item, "name") == name }); j >= 0 {
					steps[i] = j
				}
			}
			object = from[step]
			if base = nil; steps[i].(int) < len(to) {
				base = to[steps[i].(int)]
			}
		}
	}
	return steps
}
