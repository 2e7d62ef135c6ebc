package intent

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Change is what one spec says otherwise than another: a field, or as a whole what has a name. What is nil is not there.
type Change struct {
	// Path leads to it; clusters, teams and workloads are named in it.
	Path    manifest.Path
	Was, Is any
}

// Between gives what a spec says otherwise than one before, the weightiest first. It is in no order that the files have.
func Between(was, is blueprint.Spec) ([]Change, error) {
	var states [2]map[string]any
	for i, spec := range []blueprint.Spec{was, is} {
		text, err := json.Marshal(spec)
		if err == nil {
			err = json.Unmarshal(text, &states[i])
		}
		if err != nil {
			return nil, fmt.Errorf("comparing specs: %w", err)
		}
		for _, named := range []string{"clusters", "teams", "workloads"} {
			states[i][named] = byName(states[i][named])
		}
	}
	changes := walk(nil, states[0], states[1])
	slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(a.weight(), b.weight()) })
	return changes, nil
}

// byName makes a mapping of a list of what has names.
func byName(v any) any {
	named := map[string]any{}
	list, _ := v.([]any)
	for _, item := range list {
		fields := item.(map[string]any)
		named[fields["name"].(string)] = fields
	}
	return named
}

// walk compares two values field by field, as far as both have fields; a capability, and what has a name and stands in one of them
// alone, is a change as a whole.
func walk(at manifest.Path, was, is any) []Change {
	before, isMapping := was.(map[string]any)
	after, areBoth := is.(map[string]any)
	switch {
	case reflect.DeepEqual(was, is):
		return nil
	case !isMapping && was != nil, !areBoth && is != nil, wholes[len(at)] != nil && wholes[len(at)](at, was, is):
		return []Change{{at, was, is}}
	}
	var changes []Change
	names := maps.Clone(after)
	if names == nil {
		names = map[string]any{}
	}
	maps.Copy(names, before)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		changes = append(changes, walk(at.With(name), before[name], after[name])...)
	}
	return changes
}

// wholes say of which mappings, by the length of their paths, no field is looked at.
var wholes = map[int]func(at manifest.Path, was, is any) bool{
	2: func(at manifest.Path, was, is any) bool {
		return at[0] == "capabilities" || nouns[at[0].(string)] != "" && (was == nil || is == nil)
	},
}

// nouns are what things with names are called.
var nouns = map[string]string{"clusters": "cluster", "teams": "team", "workloads": "workload"}

// order is that of what changes, by the first step of the way to it; all else comes behind.
var order = []any{"tier", "capabilities", "components", "clusters", "workloads", "teams", "domain"}

func (c Change) weight() int {
	if i := slices.Index(order, c.Path[0]); i >= 0 {
		return i
	}
	return len(order)
}

// String says what was changed, as the subject of a commit does: "Serve ingress by contour instead of traefik".
func (c Change) String() string {
	switch first, _ := c.Path[0].(string); {
	case first == "capabilities" && len(c.Path) == 2:
		return c.capability()
	case nouns[first] != "" && len(c.Path) == 2 && c.Was == nil:
		return fmt.Sprintf("Add the %s %s", nouns[first], name(c.Path[1]))
	case nouns[first] != "" && len(c.Path) == 2 && c.Is == nil:
		return fmt.Sprintf("Remove the %s %s", nouns[first], name(c.Path[1]))
	case first == "components" && len(c.Path) == 3 && c.Path[2] == "enabled" && c.Is == true:
		return "Add " + name(c.Path[1])
	case first == "components" && len(c.Path) == 3 && c.Path[2] == "enabled" && c.Is == false:
		return "Remove " + name(c.Path[1])
	case c.Is == nil:
		return "Unset " + c.path()
	case first == "domain":
		return "Change the domain to " + brief(c.Is)
	}
	if isSecret(c.Path) {
		return "Set " + c.path()
	}
	return fmt.Sprintf("Set %s to %s", c.path(), brief(c.Is))
}

func (c Change) capability() string {
	capability, was, is := name(c.Path[1]), server(c.Was), server(c.Is)
	none := func(s string) bool { return s == "" || s == blueprint.None }
	switch {
	case is == "":
		return "Leave what serves " + capability + " to the tier"
	case none(is) && none(was):
		return "Serve " + capability + " by nothing"
	case none(is):
		return fmt.Sprintf("Serve %s no more, which %s did", capability, was)
	case none(was):
		return fmt.Sprintf("Serve %s by %s", capability, is)
	case is == was:
		return fmt.Sprintf("Say more of %s, which serves %s", is, capability)
	}
	return fmt.Sprintf("Serve %s by %s instead of %s", capability, is, was)
}

// server is what serves a capability; empty where a spec does not say.
func server(v any) string {
	if fields, ok := v.(map[string]any); ok {
		return name(manifest.Dig(fields, "external", "by"))
	}
	if v == nil {
		return ""
	}
	return name(v)
}

// path is the way to a field, as gitopsgen set takes it but for what is named in it.
func (c Change) path() string { return shortened(escape.Text(c.Path.String()), maxPath) }

func name(v any) string { return shortened(escape.Text(fmt.Sprint(v)), maxName) }

// How much is told of a name, of a path and of a value, and how long a subject may be.
const (
	maxName, maxPath, maxValue = 40, 60, 30
	maxSubject                 = 72
)

// brief is a value in a few words; a list or a mapping is not told.
func brief(v any) string {
	switch v := v.(type) {
	case []any:
		return wording.Count(len(v), "item")
	case map[string]any:
		return wording.Count(len(v), "field")
	case nil:
		return "nothing"
	}
	return shortened(escape.Text(fmt.Sprint(v)), maxValue)
}

func shortened(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// secret matches names of fields whose values are nobody else's to know, be they in a file that all can read.
var secret = regexp.MustCompile(`(?i)pass|secret|token|credential|private|(^|[^a-z])key|key$`)

func isSecret(path manifest.Path) bool { return secret.MatchString(path.String()) }

// Subject is a line for all changes; empty where there are none.
func Subject(changes []Change) string {
	if len(changes) == 0 {
		return ""
	}
	subject := changes[0].String()
	if len(changes) == 2 {
		second := changes[1].String()
		subject += ", and " + strings.ToLower(second[:1]) + second[1:]
	}
	if len(changes) > 2 || len([]rune(subject)) > maxSubject {
		return fmt.Sprintf("Change %s of %s", wording.Count(len(changes), "setting"), blueprint.SpecFile)
	}
	return subject
}
