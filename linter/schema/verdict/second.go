package verdict

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// secondLook judges what kubeconform does not: that the items of a list differ in their keys, and that what should be
// base64 is. It keeps quiet about values of a wrong type.
type secondLook struct {
	schema shape
	// encrypted says that SOPS wrote the object, which leaves no base64.
	encrypted bool
	path      manifest.Path
	faults    []fault
}

// look judges a value, which is at l.path, by a node without references; nil judges nothing.
func (l *secondLook) look(n map[string]any, v any) {
	if n == nil {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for name, field := range v {
			l.step(n, name, field)
		}
	case []any:
		l.lookAtKeys(n, v)
		for i, item := range v {
			l.step(n, i, item)
		}
	case string:
		l.lookAtBytes(n, v)
	}
}

func (l *secondLook) step(n map[string]any, step, v any) {
	l.path = append(l.path, step)
	l.look(l.schema.child(n, step), v)
	l.path = l.path[:len(l.path)-1]
}

// lookAtKeys finds the items that have the keys of another.
func (l *secondLook) lookAtKeys(n map[string]any, list []any) {
	keys, ok := n["x-kubernetes-list-map-keys"].([]any)
	if !ok {
		return
	}
	seen := map[string]int{}
	for i, item := range list {
		id, shown := identity(item, keys)
		if id == "" {
			continue
		}
		if first, ok := seen[id]; ok {
			l.add(l.path.With(i), "repeats %s of item %d", shown, first)
			continue
		}
		seen[id] = i
	}
}

// identity writes the keys that an item sets, in full and as findings show them; both are empty where it sets none.
// Defaults stand for the others, the same ones in every item.
func identity(item any, keys []any) (full, shown string) {
	fields, _ := item.(map[string]any)
	var whole, short []string
	for _, key := range keys {
		name, _ := key.(string)
		switch v := fields[name].(type) {
		case nil, []any, map[string]any:
		default:
			whole = append(whole, fmt.Sprintf("%s %T %q", name, v, fmt.Sprint(v)))
			short = append(short, name+" "+value{value: v}.show())
		}
	}
	return strings.Join(whole, " and "), strings.Join(short, " and ")
}

func (l *secondLook) lookAtBytes(n map[string]any, text string) {
	if n["format"] != "byte" || l.encrypted {
		return
	}
	var corrupt base64.CorruptInputError
	if _, err := base64.StdEncoding.DecodeString(text); errors.As(err, &corrupt) {
		l.add(l.path.With(), "not base64 at character %d", corrupt+1)
	}
}

func (l *secondLook) add(path manifest.Path, format string, args ...any) {
	l.faults = append(l.faults, fault{path: path, text: fmt.Sprintf(format, args...)})
}
