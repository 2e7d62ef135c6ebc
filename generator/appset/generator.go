package appset

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/fill"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// kinds are the generators there are, in the order in which Argo CD asks those of one entry.
var kinds = []string{"list", "clusters", "git", "scmProvider", "clusterDecisionResource", "pullRequest", "matrix", "merge", "plugin"}

// live are the generators that ask what no repository says, by what they ask.
var live = map[string]string{
	"scmProvider":             "an SCM provider for its repositories",
	"clusterDecisionResource": "a resource of the cluster for a decision",
	"pullRequest":             "a forge for its pull requests",
	"plugin":                  "a plugin for parameters",
}

// Live lists the generators that ask what no repository says.
func Live() []string { return slices.Sorted(maps.Keys(live)) }

// kinds are the generators that an entry names.
func (g generator) kinds() []string {
	return slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return g.fields[kind] == nil })
}

// object gives the fields of a generator's kind.
func (g generator) object(kind string) map[string]any {
	object, _ := g.fields[kind].(map[string]any)
	return object
}

// each has yield called for all that a generator gives and its selector leaves. outer are the parameters of a generator before
// it, by which it is filled in.
func (x *expansion) each(g generator, kind string, outer map[string]any, yield func(given) error) error {
	selects, err := newSelector(g.fields["selector"])
	if err != nil {
		return x.wrong(g.at.With("selector"), "selector: %v", err)
	}
	if len(outer) > 0 {
		if g, err = x.interpolate(g, outer); err != nil {
			return x.wrong(g.at, "%v", err)
		}
	}
	return x.give(g, kind, func(one given) error {
		if x.given++; x.given > maxGiven {
			x.tooMany = fmt.Sprintf("its generators give more than %d sets of parameters", maxGiven)
			return errTooMany
		}
		if !selects.matches(flatten(one.params)) {
			return nil
		}
		return yield(one)
	})
}

// give has yield called for all that a generator gives.
func (x *expansion) give(g generator, kind string, yield func(given) error) error {
	switch kind {
	case "list":
		return x.list(g, yield)
	case "clusters":
		return x.clusters(g, yield)
	case "git":
		return x.git(g, yield)
	case "matrix":
		return x.matrix(g, yield)
	case "merge":
		return x.merge(g, yield)
	}
	return x.fixture(g, kind, yield)
}

// list gives the elements of a list.
func (x *expansion) list(g generator, yield func(given) error) error {
	at := g.at.With("list")
	elements, _ := g.object("list")["elements"].([]any)
	for i, element := range elements {
		place := at.With("elements", i)
		object, ok := element.(map[string]any)
		if !ok && element != nil {
			return x.wrong(place, "an element of a list must be an object")
		}
		params, err := x.element(object)
		if err != nil {
			return x.wrong(place, "%v", err)
		}
		if err := yield(given{params, []manifest.Element{{Place: x.set.Place(place...)}}}); err != nil {
			return err
		}
	}
	text, _ := g.object("list")["elementsYaml"].(string)
	if text == "" {
		return nil
	}
	var more []map[string]any
	if err := fill.Unmarshal(text, &more); err != nil {
		return x.wrong(at.With("elementsYaml"), "elementsYaml is no list of objects: %v", err)
	}
	for _, params := range more {
		if err := yield(given{params, []manifest.Element{{Place: x.set.Place(at.With("elementsYaml")...)}}}); err != nil {
			return err
		}
	}
	return nil
}

// element gives the parameters of an element of a list: without Go templates all of it must be texts.
func (x *expansion) element(object map[string]any) (map[string]any, error) {
	if x.spec.GoTemplate {
		return decoded(object).(map[string]any), nil
	}
	params := map[string]any{}
	for key, value := range object {
		texts := map[string]any{key: value}
		if key == "values" {
			values, ok := value.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("values of an element must be an object")
			}
			texts = map[string]any{}
			for name, value := range values {
				texts["values."+name] = value
			}
		}
		for name, value := range texts {
			if _, ok := value.(string); !ok {
				return nil, fmt.Errorf("%s of an element must be a text: without goTemplate parameters are nothing else", name)
			}
			params[name] = value
		}
	}
	return params, nil
}

// decoded copies a JSON-shaped value as Go decodes JSON, where all numbers are floats: templates write them so.
func decoded(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[key] = decoded(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = decoded(value)
		}
		return out
	case int64:
		return float64(v)
	}
	return v
}

// flatten gives the texts in parameters by their paths, with dots between the steps.
func flatten(params map[string]any) map[string]string {
	flat := map[string]string{}
	var walk func(prefix string, v any)
	walk = func(prefix string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, value := range v {
				walk(join(prefix, key), value)
			}
		case []any:
			for i, value := range v {
				walk(join(prefix, fmt.Sprint(i)), value)
			}
		default:
			flat[prefix] = fmt.Sprint(v)
		}
	}
	walk("", params)
	delete(flat, "")
	return flat
}

func join(prefix, key string) string {
	if prefix == "" {
		return key
	}
	return prefix + "." + key
}

// withValues adds what a generator's values say, filled in by the other parameters.
func (x *expansion) withValues(params map[string]any, values any) error {
	object, _ := values.(map[string]any)
	filled := map[string]any{}
	for name, value := range object {
		text, ok := value.(string)
		if !ok {
			return fmt.Errorf("values: %s must be a text", name)
		}
		text, err := x.engine.Text(text, params)
		if err != nil {
			return fmt.Errorf("values: %s: %w", name, err)
		}
		filled[name] = text
	}
	switch {
	case len(filled) == 0:
	case x.spec.GoTemplate:
		params["values"] = filled
	default:
		for name, text := range filled {
			params["values."+name] = text
		}
	}
	return nil
}
