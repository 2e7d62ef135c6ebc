package knowledge

import (
	"slices"
	"strings"

	chart "helm.sh/helm/v4/pkg/chart/v2"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Chart is what a chart knows.
type Chart struct{ *valuesTree }

// Of finds out what a chart knows, and its subcharts, be they switched off. Texts are values that it is given: what they say of
// other values, templates may make of them.
func Of(c *chart.Chart, texts ...string) Chart {
	r := &reader{valuesTree: newTree(), templates: map[string][]template{}, done: map[string]bool{}, functions: functions(), left: maxSteps}
	r.add(r.top, c, maxDepth)
	for _, one := range r.bodies {
		r.run(one, value{{kind: context, node: one.chart}})
	}
	for _, text := range append(r.texts, texts...) {
		r.text(text)
	}
	for _, text := range r.files {
		if r.readsFiles {
			r.text(text)
		}
	}
	return Chart{r.valuesTree}
}

// Templates are the texts among values that may be templates and read others.
func Templates(values map[string]any) (texts []string) {
	manifest.MapTexts(values, func(text string) string {
		if mayRead(text) {
			texts = append(texts, text)
		}
		return text
	})
	return texts
}

// mayRead reports whether a text may be a template that reads values.
func mayRead(text string) bool {
	return strings.Contains(text, opening) && strings.Contains(text, "Values")
}

// maxDepth is how many charts may stand in each other.
const maxDepth = 16

// add adds what a chart says of its values at a node, and its templates, which are read when all are there.
func (r *reader) add(n *node, c *chart.Chart, depth int) {
	if depth == 0 {
		n.open = true
		return
	}
	r.chart(n)
	all := subcharts(c)
	for _, name := range sortedKeys(all) {
		at, sub := r.at(n, name), all[name]
		if r.chart(at); len(sub) == 0 {
			at.open = true
		}
		for _, one := range sub {
			r.add(at, one, depth-1)
		}
	}
	r.defaults(n, c.Values)
	r.texts = append(r.texts, Templates(c.Values)...)
	r.schema(n, c.Schema)
	for _, d := range c.Metadata.Dependencies {
		r.dependency(n, c, d)
	}
	for _, t := range c.Templates {
		r.parse(n, t.Name, string(t.Data))
	}
	for _, f := range c.Files {
		if mayRead(string(f.Data)) {
			r.files = append(r.files, string(f.Data))
		}
	}
}

// subcharts are the charts in a chart by the key of their values. There is none of one that is not at hand.
func subcharts(c *chart.Chart) map[string][]*chart.Chart {
	all, named := map[string][]*chart.Chart{}, map[string]bool{}
	for _, d := range c.Metadata.Dependencies {
		key := d.Name
		if d.Alias != "" {
			key = d.Alias
		}
		all[key] = append(all[key], called(c, d.Name)...)
		named[d.Name] = true
	}
	for _, sub := range c.Dependencies() {
		if !named[sub.Name()] {
			all[sub.Name()] = append(all[sub.Name()], sub)
		}
	}
	return all
}

func called(c *chart.Chart, name string) []*chart.Chart {
	return slices.DeleteFunc(slices.Clone(c.Dependencies()), func(sub *chart.Chart) bool { return sub.Name() != name })
}

// dependency adds what switches a subchart, and what it hands to the chart.
func (r *reader) dependency(n *node, c *chart.Chart, d *chart.Dependency) {
	for _, condition := range strings.Split(d.Condition, ",") {
		if condition = strings.TrimSpace(condition); condition != "" {
			r.at(n, strings.Split(condition, ".")...)
		}
	}
	for _, tag := range d.Tags {
		r.at(r.top, "tags", tag)
	}
	for _, imported := range d.ImportValues {
		from, to := []any{}, []string{}
		switch imported := imported.(type) {
		case string:
			from = append(from, "exports", imported)
		case map[string]any:
			child, _ := imported["child"].(string)
			parent, _ := imported["parent"].(string)
			for _, key := range strings.Split(child, ".") {
				from = append(from, key)
			}
			if parent != "." {
				to = strings.Split(parent, ".")
			}
		}
		for _, sub := range called(c, d.Name) {
			values, _ := manifest.Dig(sub.Values, from...).(map[string]any)
			r.defaults(r.at(n, to...), values)
		}
	}
}

// defaults adds a chart's own values. What is empty there is for its user to fill in.
func (r *reader) defaults(n *node, own map[string]any) {
	for key, v := range own {
		at := r.at(n, key)
		switch v := v.(type) {
		case map[string]any:
			at.open = at.open || len(v) == 0 && at.global == nil
			r.defaults(at, v)
		case []any, nil:
			at.open = at.open || at.global == nil
		}
	}
}
