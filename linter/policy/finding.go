package policy

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// finding turns what a policy yields about r into a finding without a place. Errors continue the words "deny yields".
func (p policy) finding(r *manifest.Resource, value any) (linter.Finding, error) {
	fields, ok := value.(map[string]any)
	if text, isText := value.(string); isText && p.bare {
		fields, ok = map[string]any{"msg": text}, true
	}
	if !ok {
		return linter.Finding{}, fmt.Errorf("%s: want {\"msg\": …, \"at\": […]}", shown(value))
	}
	if err := p.checkFields(fields); err != nil {
		return linter.Finding{}, err
	}
	message, ok := fields["msg"].(string)
	if message = oneLine(message); !ok || message == "" {
		return linter.Finding{}, fmt.Errorf("the msg %s: want a text", shown(fields["msg"]))
	}
	at, err := steps(fields["at"])
	if err != nil {
		return linter.Finding{}, err
	}
	fix := p.rule.Description
	if given, ok := fields["fix"]; ok && !p.bare {
		if fix, ok = given.(string); !ok {
			return linter.Finding{}, fmt.Errorf("the fix %s: want a text", shown(given))
		}
	}
	return linter.Finding{
		Rule:    p.rule.ID,
		Message: cut(message),
		At:      at,
		Detail:  p.container(r, at),
		Fix:     cut(oneLine(fix)),
	}, nil
}

// checkFields refuses a finding without msg and, but for conftest's, what we do not know.
func (p policy) checkFields(fields map[string]any) error {
	if _, ok := fields["msg"]; !ok {
		return errors.New("a finding without msg")
	}
	for name := range fields {
		if !p.bare && name != "msg" && name != "at" && name != "fix" {
			return fmt.Errorf("a finding with %q: want msg, at, fix", name)
		}
	}
	return nil
}

// steps reads a path of field names and indices; a missing one is the object as a whole.
func steps(value any) (manifest.Path, error) {
	list, ok := value.([]any)
	if value != nil && !ok {
		return nil, fmt.Errorf("the at %s: want a list", shown(value))
	}
	path := make(manifest.Path, len(list))
	for i, step := range list {
		switch step := step.(type) {
		case string:
			path[i] = step
			continue
		case json.Number:
			if n, err := step.Int64(); err == nil && n >= 0 {
				path[i] = int(n)
				continue
			}
		}
		return nil, fmt.Errorf("the at %s: want field names and indices", shown(value))
	}
	return path, nil
}

var containerLists = []string{"containers", "ephemeralContainers", "initContainers"}

// container names the container that a path runs through: "container lamp". It is empty where there is none.
func (p policy) container(r *manifest.Resource, path manifest.Path) string {
	if name := listed(r.Object, path); name != "" {
		return "container " + name
	}
	if name := holder(p.pieces[cmp.Or(r.ID.Group, "core")+"/"+r.ID.Kind], r.Object, path); name != "" {
		return "container " + name
	}
	return ""
}

// listed is the name of the container that a path runs through in a list of a pod's.
func listed(at any, path manifest.Path) string {
	var list string
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := at.(map[string]any)
			at, list = object[step], step
		case int:
			items, _ := at.([]any)
			if step >= len(items) {
				return ""
			}
			at = items[step]
			object, _ := at.(map[string]any)
			if name, _ := object["name"].(string); name != "" && slices.Contains(containerLists, list) {
				return name
			}
		}
	}
	return ""
}

// maxMessage is how long a text of a policy is in a finding, in bytes, whatever it quotes.
const maxMessage = 1000

func cut(text string) string {
	if len(text) <= maxMessage {
		return text
	}
	return strings.ToValidUTF8(text[:maxMessage], "") + "…"
}

// shown is a value in an error, cut where it is long.
func shown(value any) string {
	data, err := escape.Value(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	text := []rune(strings.ToValidUTF8(data, "?"))
	if len(text) > 80 {
		return string(text[:80]) + "…"
	}
	return string(text)
}
