package blueprint

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Reason says why a value of a component is what it is.
type Reason struct {
	// At leads from the component to the value: names of fields as the blueprint has them, and indexes of lists as int.
	At   []any
	Text string
}

// Reasons stand in the order of what they are about, keys of an object sorted.
type Reasons []Reason

// Below are the reasons for what stands at a place, and for what is in there, as seen from there.
func (r Reasons) Below(at ...any) Reasons {
	var below Reasons
	for _, reason := range r {
		if len(reason.At) >= len(at) && slices.Equal(reason.At[:len(at)], at) {
			below = append(below, Reason{reason.At[len(at):], reason.Text})
		}
	}
	return below
}

// Under are the same reasons as seen from where all that they are about stands at a place.
func (r Reasons) Under(at ...any) Reasons {
	var under Reasons
	for _, reason := range r {
		under = append(under, Reason{slices.Concat(at, reason.At), reason.Text})
	}
	return under
}

// What lib/why.libsonnet makes of a value and the reason for it: an object gets one more field, anything else becomes an
// object of these two.
const (
	reasonKey = "gitopsgen:why"
	valueKey  = "gitopsgen:value"
)

// reasoned takes the reasons out of what a blueprint evaluates to.
type reasoned struct {
	root    any
	reasons Reasons
	err     error // the first
}

// takeReasons gives a JSON-shaped value, which is changed, without the reasons in it, and these.
func takeReasons(v any) (any, Reasons, error) {
	r := reasoned{root: v}
	v = r.take(v, nil)
	return v, r.reasons, r.err
}

func (r *reasoned) take(v any, at []any) any {
	switch v := v.(type) {
	case map[string]any:
		return r.object(v, at)
	case []any:
		for i := range v {
			v[i] = r.take(v[i], append(slices.Clone(at), i))
		}
	case string:
		r.text(v, at)
	}
	return v
}

// object takes the reason for an object, or for the value that it stands for.
func (r *reasoned) object(v map[string]any, at []any) any {
	reason, explained := v[reasonKey]
	value, wrapped := v[valueKey]
	delete(v, reasonKey)
	delete(v, valueKey)
	if explained {
		r.add(reason, at)
	}
	if wrapped && (!explained || len(v) > 0) {
		r.fail(at, "something was added to a value with a reason that is no object: what is added to must be inside of why(...)")
	}
	if wrapped {
		return r.take(value, at)
	}
	for _, key := range slices.Sorted(maps.Keys(v)) {
		r.text(key, at)
		v[key] = r.take(v[key], append(slices.Clone(at), key))
	}
	return v
}

func (r *reasoned) add(reason any, at []any) {
	text, ok := reason.(string)
	switch {
	case !ok || strings.TrimSpace(text) == "":
		r.fail(at, "the reason is %v: want a text", reason)
	case len(r.reasons) > 0 && slices.Equal(r.reasons[len(r.reasons)-1].At, at): // a reason around another one counts
	default:
		r.reasons = append(r.reasons, Reason{at, text})
	}
}

// text refuses a text into which a reason was written.
func (r *reasoned) text(text string, at []any) {
	if strings.Contains(text, reasonKey) || strings.Contains(text, valueKey) {
		r.fail(at, "a reason stands inside of a text: the whole text must be inside of why(...)")
	}
}

func (r *reasoned) fail(at []any, format string, args ...any) {
	if r.err != nil {
		return
	}
	of := ""
	platform, ok := r.root.(map[string]any)
	if clusters, many := platform["clusters"].([]any); many && len(at) > 2 && at[0] == "clusters" {
		platform, ok = clusters[at[1].(int)].(map[string]any)
		at = at[2:]
	}
	if ok && len(at) > 2 && at[0] == "components" {
		c, _ := platform["components"].([]any)[at[1].(int)].(map[string]any)
		of, at = fmt.Sprintf("component %q: ", c["name"]), at[2:]
	}
	r.err = fmt.Errorf("%s%s: %s", of, pathText(at), fmt.Sprintf(format, args...))
}

// explained are the parts of a component whose reasons are written into files, and how far a place must lead at least.
var explained = map[string]int{
	"charts": 1, "extras": 2, "extrasStage": 1, "extrasWave": 1, "ignoreDifferences": 1, "images": 1, "namespaces": 2, "objects": 2, "patches": 1,
	"stage": 1, "syncOptions": 1, "wave": 1,
}

// setReasons gives the components of a platform the reasons in it.
func (p *Platform) setReasons(reasons Reasons) error {
	for _, reason := range reasons {
		if len(reason.At) < 3 || reason.At[0] != "components" {
			return fmt.Errorf("cluster %q: %s: there is no place for a reason", p.Name, pathText(reason.At))
		}
		c := &p.Components[reason.At[1].(int)]
		at := reason.At[2:]
		of := at
		if at[0] == "tenants" && len(at) > 2 && at[2] == "objects" {
			of = at[2:]
		}
		if least, ok := explained[of[0].(string)]; !ok || len(of) < least {
			return fmt.Errorf("component %q of cluster %q: %s: there is no place for a reason", c.Name, p.Name, pathText(at))
		}
		c.Reasons = append(c.Reasons, Reason{at, reason.Text})
	}
	return nil
}

// outdated reports whether a reason is about an item of a list of values in whose place the user has another list.
func (r Reason) outdated(ours, merged map[string]any) bool {
	var a, b any = ours, merged
	for _, step := range r.At {
		if _, inList := step.(int); inList {
			return !reflect.DeepEqual(a, b)
		}
		x, _ := a.(map[string]any)
		y, _ := b.(map[string]any)
		a, b = x[step.(string)], y[step.(string)]
	}
	return false
}
