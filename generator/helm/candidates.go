package helm

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"helm.sh/helm/v4/pkg/chart/common"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// candidate is a value that may set a field, with what it is changed to.
type candidate struct {
	path  []string
	to    any
	score int
}

// candidates are the values that may set the field at, which was set to was, of those that matter, the likeliest first.
func (e *Evidence) candidates(object map[string]any, at manifest.Path, was any, matters func(value []string) bool) []candidate {
	about := words(manifest.NewID(object).Name)
	for i, step := range at {
		if _, ok := step.(int); ok {
			name, _ := manifest.Dig(object, at[:i+1].With("name")...).(string)
			about = append(about, words(name)...)
		}
	}
	var all []candidate
	visitValues(nil, e.values, func(at0 []string, v any) {
		if c, ok := judge(at0, v, at, was); ok && matters(c.path) {
			for _, word := range words(strings.Join(at0, " ")) {
				if slices.Contains(about, word) {
					c.score++
				}
			}
			all = append(all, c)
		}
	})
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(len(a.path), len(b.path)), slices.Compare(a.path, b.path))
	})
	return all[:min(len(all), maxProbes)]
}

// visitValues calls f for each value, mappings among them. What is global stands in each subchart again: it is visited
// once.
func visitValues(at []string, values map[string]any, f func(at []string, v any)) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if key == common.GlobalKey && len(at) > 0 {
			continue
		}
		here := append(slices.Clone(at), key)
		f(here, values[key])
		if below, ok := values[key].(map[string]any); ok {
			visitValues(here, below, f)
		}
	}
}

// judge says whether the value v at a path may set the field at, how likely that is, and what to change the value to.
func judge(path []string, v any, at manifest.Path, was any) (candidate, bool) {
	key := path[len(path)-1]
	c := candidate{path: path}
	last, _ := at[len(at)-1].(string)
	switch v := v.(type) {
	case map[string]any, nil:
		return judgeMapping(c, v, at)
	case bool:
		c.to = !v
	case string:
		c.to = v + sentinel
		if text := fmt.Sprint(was); len(v) > 1 && was != nil && strings.Contains(text, v) {
			c.score = 4 + min(len(v), 40)/4
			if text == v {
				c.score += 6
			}
		}
	case float64:
		c.to = v + 1
	case int64:
		c.to = v + 1
	default:
		return c, false
	}
	if named(key, last) {
		c.score += 8
	}
	if c.score > 0 && fmt.Sprint(v) == fmt.Sprint(was) {
		c.score += 4
	}
	return c, c.score > 0
}

// judgeMapping judges a mapping, or nothing. One with the name of a step is copied into the object as a whole, as resources and
// securityContext are.
func judgeMapping(c candidate, v any, at manifest.Path) (candidate, bool) {
	for i := len(at) - 1; i >= 0; i-- {
		step, isName := at[i].(string)
		if !isName {
			break
		}
		if !named(c.path[len(c.path)-1], step) {
			continue
		}
		c.score, c.to = 10+i, v
		rest := []string{}
		for _, step := range at[i+1:] {
			rest = append(rest, step.(string))
		}
		if values, ok := v.(map[string]any); ok && len(rest) > 0 && manifest.Dig(values, at[i+1:]...) != nil {
			return c, false // its own values are candidates
		}
		c.path, c.to = append(slices.Clone(c.path), rest...), any(sentinel)
		return c, true
	}
	return c, false
}

// named reports whether a value's key is called as a field, or as something's field: podSecurityContext.
func named(key, field string) bool {
	return field != "" && strings.HasSuffix(strings.ToLower(key), strings.ToLower(field))
}

// set changes values.
func (c candidate) set(values map[string]any) {
	put(values, c.path, c.to)
	if c.path[0] == common.GlobalKey {
		for _, v := range values {
			if below, ok := v.(map[string]any); ok && below[common.GlobalKey] != nil {
				c.set(below)
			}
		}
	}
}

func put(values map[string]any, path []string, v any) {
	for _, key := range path[:len(path)-1] {
		below, ok := values[key].(map[string]any)
		if !ok {
			below = map[string]any{}
			values[key] = below
		}
		values = below
	}
	values[path[len(path)-1]] = v
}

// words splits a name at dashes, dots and capitals: prometheusOperator is prometheus, operator.
func words(name string) []string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteRune(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
