package helm

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	chart "helm.sh/helm/v4/pkg/chart/v2"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Evidence tells which value of a chart sets a field of what it renders to: it changes values and renders again. Make one
// with Investigate. It remembers what it rendered, so no two goroutines may ask it at once.
type Evidence struct {
	prepared
	// objects are those that the chart renders to, with the template that each comes from.
	objects map[subject]witness
	// extracts are of the templates that were asked about, by their names.
	extracts map[string]*extract
	// probes are what charts rendered to, and parsed what texts hold: most are those of before.
	probes map[probe]outcome
	parsed map[string]map[subject]map[string]any
}

// subject names an object of a chart.
type subject struct{ kind, name string }

type witness struct {
	template string
	object   map[string]any
}

// probe names a rendering of one template: of the whole chart or of its extract, with one value changed. No change is none.
type probe struct {
	template string
	whole    bool
	change   string
}

// outcome is what a probe rendered to, by which chart of an extract.
type outcome struct {
	objects map[subject]map[string]any
	chart   int
	err     error
}

// maxProbes is how often a chart is rendered again for one field.
const maxProbes = 48

// sentinel is what values are set to that were not there.
const sentinel = "gitopsgen"

// Investigate renders a chart to know which template each object comes from.
func Investigate(ctx context.Context, files []tree.File, r Release) (*Evidence, error) {
	p, err := prepare(ctx, files, r)
	if err != nil {
		return nil, err
	}
	texts, err := p.render(ctx, p.chart, valuesMap(p.values))
	if err != nil {
		return nil, err
	}
	e := &Evidence{
		prepared: p, objects: map[subject]witness{}, extracts: map[string]*extract{}, probes: map[probe]outcome{},
		parsed: map[string]map[subject]map[string]any{},
	}
	for template, text := range texts {
		for s, object := range e.objectsIn(text) {
			e.objects[s] = witness{template, object}
		}
	}
	return e, nil
}

func valuesMap(v any) map[string]any {
	values, _ := clone(v).(map[string]any)
	return values
}

func (e *Evidence) objectsIn(text string) map[subject]map[string]any {
	if known, ok := e.parsed[text]; ok {
		return known
	}
	objects := map[subject]map[string]any{}
	resources, _ := manifest.Parse("", []byte(text))
	for _, res := range resources {
		objects[subject{res.ID.Kind, res.ID.Name}] = res.Object
	}
	e.parsed[text] = objects
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
	again, err := e.ask(ctx, s, candidate{}, false)
	// Where it is not the same, other templates have a say in this one.
	whole := err != nil || fmt.Sprint(manifest.Dig(again, at...)) != fmt.Sprint(was)
	probes = 1
	x, by := e.extracts[w.template], e.probes[probe{template: w.template}].chart
	matters := func(value []string) bool { return whole || x.sees(by, value) }
	for _, candidate := range e.candidates(w.object, at, was, matters) {
		if ctx.Err() != nil {
			return nil, probes
		}
		probes++
		after, err := e.ask(ctx, s, candidate, whole)
		if err == nil && after != nil && !reflect.DeepEqual(manifest.Dig(after, at...), was) {
			for _, key := range candidate.path {
				value = append(value, key)
			}
			return value, probes
		}
	}
	return nil, probes
}

// ask gives an object as it is after a change; nil where it is not there any more.
func (e *Evidence) ask(ctx context.Context, s subject, change candidate, whole bool) (map[string]any, error) {
	w := e.objects[s]
	x := e.extracts[w.template]
	if x == nil {
		x = newExtract(e.chart, w.template, e.values)
		e.extracts[w.template] = x
	}
	p := probe{template: w.template, whole: whole}
	if len(change.path) > 0 {
		p.change = fmt.Sprintf("%q %#v", change.path, change.to)
	}
	known, ok := e.probes[p]
	if !ok {
		charts := []*chart.Chart{e.chart}
		if !whole {
			charts = x.charts
		}
		known = e.try(ctx, w.template, charts, change)
		e.probes[p] = known
	}
	return known.objects[s], known.err
}

// try renders with a change the first of the charts that can be rendered with it.
func (e *Evidence) try(ctx context.Context, template string, charts []*chart.Chart, change candidate) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o = outcome{err: fmt.Errorf("it makes Helm panic: %v", p)}
		}
	}()
	for i, c := range charts {
		values := valuesMap(e.values)
		if len(change.path) > 0 {
			change.set(values)
		}
		var texts map[string]string
		if texts, o.err = e.render(ctx, c, values); o.err == nil {
			o.objects, o.chart = e.objectsIn(texts[template]), i
			return o
		}
	}
	return o
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
