package helm

import (
	"fmt"
	"maps"

	"helm.sh/helm/v4/pkg/chart/common"
	chart "helm.sh/helm/v4/pkg/chart/v2"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// coalesce lays the values that a chart is given over its own, and those of it and its subcharts over the subcharts'.
//
// Helm 4 does it otherwise than Helm 3: it drops the nulls among a chart's own values, which show in templates.
func coalesce(c *chart.Chart, given map[string]any) (map[string]any, error) {
	values, _ := clone(given).(map[string]any)
	if values == nil {
		values = map[string]any{}
	}
	return values, coalesceInto(values, c)
}

func coalesceInto(values map[string]any, c *chart.Chart) error {
	subcharts := map[string]bool{}
	for _, sub := range c.Dependencies() {
		subcharts[sub.Name()] = true
	}
	for key, own := range c.Values {
		value, ok := values[key]
		over, isMap := value.(map[string]any)
		below, both := own.(map[string]any)
		switch {
		case !ok:
			values[key] = clone(own)
		case value == nil:
			delete(values, key)
		case isMap && both:
			fill(over, below, subcharts[key])
		}
	}
	for _, sub := range c.Dependencies() {
		if _, ok := values[sub.Name()]; !ok {
			values[sub.Name()] = map[string]any{}
		}
		below, ok := values[sub.Name()].(map[string]any)
		if !ok {
			return fmt.Errorf("value %q: want a mapping, because a subchart is called so", sub.Name())
		}
		passGlobals(below, values)
		if err := coalesceInto(below, sub); err != nil {
			return err
		}
	}
	return nil
}

// fill adds to values what only below has. A null takes away what is below, unless a subchart is still to see it.
func fill(values, below map[string]any, keepNulls bool) {
	for key, own := range below {
		value, ok := values[key]
		over, isMap := value.(map[string]any)
		under, both := own.(map[string]any)
		switch {
		case !ok:
			values[key] = clone(own)
		case value == nil && !keepNulls:
			delete(values, key)
		case isMap && both:
			fill(over, under, keepNulls)
		}
	}
}

// passGlobals lays the global values of a chart over those of its subchart.
func passGlobals(sub, values map[string]any) {
	to, ok := globals(sub)
	from, both := globals(values)
	if !ok || !both {
		return
	}
	for key, value := range from {
		over, isMap := value.(map[string]any)
		under, both := to[key].(map[string]any)
		_, known := to[key]
		switch {
		case isMap && both:
			over = maps.Clone(over)
			fill(over, under, true)
			to[key] = over
		case isMap && !known:
			to[key] = maps.Clone(over)
		case !isMap && !both:
			to[key] = value
		}
	}
	sub[common.GlobalKey] = to
}

// globals gives the global values; ok is false where they are no mapping.
func globals(values map[string]any) (globals map[string]any, ok bool) {
	v, known := values[common.GlobalKey]
	if !known {
		return map[string]any{}, true
	}
	globals, ok = v.(map[string]any)
	return globals, ok
}

// clone copies values, because charts' own are shared and templates may change what they are given.
func clone(v any) any {
	return manifest.MapTexts(v, func(text string) string { return text })
}
