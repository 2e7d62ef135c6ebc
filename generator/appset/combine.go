package appset

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/fill"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// maxDepth is how many generators one may stand in.
const maxDepth = 2

// children gives the generators that one is made of, each with its kind.
func (x *expansion) children(g generator, kind string) (children []generator, kinds []string, err error) {
	list, _ := g.object(kind)["generators"].([]any)
	for i, item := range list {
		fields, _ := item.(map[string]any)
		child := generator{fields: fields, at: g.at.With(kind, "generators", i), depth: g.depth + 1}
		of := child.kinds()
		switch {
		case len(of) != 1:
			return nil, nil, x.wrong(child.at, "a generator in another names just one kind, this one %d", len(of))
		case child.depth == maxDepth && (of[0] == "matrix" || of[0] == "merge"):
			return nil, nil, x.wrong(child.at, "%s stands in two generators already", of[0])
		}
		children, kinds = append(children, child), append(kinds, of[0])
	}
	return children, kinds, nil
}

// matrix gives what two generators give together; the second is filled in by what the first gives.
func (x *expansion) matrix(g generator, yield func(given) error) error {
	children, kinds, err := x.children(g, "matrix")
	if err != nil {
		return err
	}
	if len(children) != 2 {
		return x.wrong(g.at.With("matrix", "generators"), "matrix takes two generators, and has %d", len(children))
	}
	return x.each(children[0], kinds[0], nil, func(a given) error {
		return x.each(children[1], kinds[1], a.params, func(b given) error {
			params, err := x.combine(a.params, b.params)
			if err != nil {
				return x.wrong(g.at.With("matrix"), "%v", err)
			}
			return yield(given{params, slices.Concat(a.of, b.of)})
		})
	})
}

// combine puts the parameters of two generators together: those of the first win, or must be the same.
func (x *expansion) combine(a, b map[string]any) (map[string]any, error) {
	if x.spec.GoTemplate {
		return manifest.Merge(b, a), nil
	}
	both := make(map[string]any, len(a)+len(b))
	for key, value := range a {
		both[key] = fmt.Sprint(value)
	}
	for key, value := range b {
		text := fmt.Sprint(value)
		if first, ok := both[key]; ok && first != text {
			return nil, fmt.Errorf("both generators give %s, and not the same: %q and %q", key, first, text)
		}
		both[key] = text
	}
	return both, nil
}

// merge gives what its first generator gives, with what the others give for the same keys over it.
func (x *expansion) merge(g generator, yield func(given) error) error {
	children, kinds, err := x.children(g, "merge")
	keys, _ := g.object("merge")["mergeKeys"].([]any)
	switch {
	case err != nil:
		return err
	case len(children) < 2:
		return x.wrong(g.at.With("merge", "generators"), "merge takes two generators or more, and has %d", len(children))
	case len(keys) == 0:
		return x.wrong(g.at.With("merge"), "merge has no mergeKeys")
	}
	var order []string
	merged := map[string]given{}
	for i, child := range children {
		err := x.keyed(child, kinds[i], keys, func(key string, one given) {
			base, ok := merged[key]
			switch {
			case i == 0:
				order, merged[key] = append(order, key), one
			case ok:
				merged[key] = given{x.over(base.params, one.params), slices.Concat(base.of, one.of)}
			}
		})
		if err != nil {
			return err
		}
	}
	for _, key := range order {
		if err := yield(merged[key]); err != nil {
			return err
		}
	}
	return nil
}

// keyed has add called for all that a generator gives, each with its key.
func (x *expansion) keyed(g generator, kind string, keys []any, add func(key string, one given)) error {
	known := map[string]bool{}
	return x.each(g, kind, nil, func(one given) error {
		key, err := keyOf(one.params, keys)
		if err != nil || known[key] {
			return x.wrong(g.at, "it gives %s more than once, and mergeKeys must tell all apart", key)
		}
		known[key] = true
		add(key, one)
		return nil
	})
}

// over lays parameters over others.
func (x *expansion) over(base, over map[string]any) map[string]any {
	if x.spec.GoTemplate {
		return manifest.Merge(base, over)
	}
	base = maps.Clone(base)
	maps.Copy(base, over)
	return base
}

// keyOf is what merge tells parameters apart by.
func keyOf(params map[string]any, keys []any) (string, error) {
	of := map[string]any{}
	for _, key := range keys {
		of[fmt.Sprint(key)] = params[fmt.Sprint(key)]
	}
	text, err := json.Marshal(of)
	return string(text), err
}

// interpolate fills in a generator by the parameters of one before it. Its values may have texts for the generator's own
// parameters, too: those stay.
func (x *expansion) interpolate(g generator, params map[string]any) (generator, error) {
	strict := x.engine.Strict()
	fields := map[string]any{}
	for kind, value := range g.fields {
		object, _ := value.(map[string]any)
		values, _ := object["values"].(map[string]any)
		if kind == "selector" || value == nil {
			continue
		}
		rest := value
		if len(values) > 0 && kind != "list" {
			without := maps.Clone(object)
			delete(without, "values")
			rest = without
		}
		filled, err := x.engine.All(rest, params)
		if err != nil {
			return g, err
		}
		if len(values) > 0 && kind != "list" {
			own := map[string]any{}
			for name, value := range values {
				if own[name], err = strict.All(value, params); err != nil {
					if !fill.IsMissing(err) {
						return g, err
					}
					own[name] = value
				}
			}
			filled.(map[string]any)["values"] = own
		}
		fields[kind] = filled
	}
	g.fields = fields
	return g, nil
}
