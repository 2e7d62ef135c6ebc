package knowledge

import (
	"encoding/json"
	"strings"
)

// schema adds what the schema of a chart's values names.
func (r *reader) schema(n *node, text []byte) {
	var whole any
	if json.Unmarshal(text, &whole) == nil { // Helm tells of one that cannot be read
		(&schema{r, whole}).add(n, whole, maxSchemaDepth)
	}
}

// maxSchemaDepth is how deep schemas may stand in each other and refer to each other.
const maxSchemaDepth = 64

type schema struct {
	*reader
	whole any
}

func (s *schema) add(n *node, one any, depth int) {
	of, ok := one.(map[string]any)
	if !ok {
		return
	}
	if s.left--; depth == 0 || s.left < 0 {
		n.open = true
		return
	}
	if ref, ok := of["$ref"].(string); ok {
		if to, ok := s.find(ref); ok {
			s.add(n, to, depth-1)
		} else {
			n.open = true
		}
	}
	properties, _ := of["properties"].(map[string]any)
	for key, below := range properties {
		s.add(s.at(n, key), below, depth-1)
	}
	patterns, _ := of["patternProperties"].(map[string]any)
	if _, named := of["additionalProperties"].(map[string]any); named || len(patterns) > 0 {
		n.open = true
	}
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		parts, _ := of[key].([]any)
		for _, part := range parts {
			s.add(n, part, depth-1)
		}
	}
	for _, key := range []string{"if", "then", "else"} {
		s.add(n, of[key], depth-1)
	}
}

// find gives what a reference within the schema leads to.
func (s *schema) find(ref string) (to any, ok bool) {
	steps, ok := strings.CutPrefix(ref, "#")
	if !ok {
		return nil, false
	}
	to = s.whole
	for _, step := range strings.Split(strings.TrimPrefix(steps, "/"), "/") {
		if step == "" {
			continue
		}
		of, _ := to.(map[string]any)
		if to, ok = of[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]; !ok {
			return nil, false
		}
	}
	return to, true
}
