package structural

import "math"

// Fill gives an object as the API server has it before it is judged: with the defaults of fields that are not set, and without the
// nulls that stand for such. Values of a wrong type are left as they are. The object itself stays as it is.
func (s *Schema) Fill(object map[string]any) map[string]any { return s.root.filledObject(object) }

func (n *node) filled(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return n.filledObject(v)
	case []any:
		if n.items == nil {
			return v
		}
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = n.items.filled(item)
		}
		return out
	}
	return v
}

func (n *node) filledObject(object map[string]any) map[string]any {
	out := make(map[string]any, len(object))
	for name, v := range object {
		switch p := n.property(name); {
		case p == nil:
			out[name] = v
		case v != nil || p.nullable || n.required[name] && !p.hasDefault:
			out[name] = p.filled(v)
		}
	}
	for name := range n.properties {
		if p := n.property(name); p.hasDefault {
			if _, set := out[name]; !set {
				out[name] = p.filled(p.standard)
			}
		}
	}
	return out
}

// exact gives a value of JSON with whole numbers as integers.
func exact(v any) any {
	switch v := v.(type) {
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v)
		}
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = exact(item)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, item := range v {
			out[name] = exact(item)
		}
		return out
	}
	return v
}
