package verdict

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// explain turns an answer of kubeconform into faults, one for each cause.
func explain(entries []*entry, object map[string]any, schema shape) []fault {
	var faults []fault
	for _, e := range entries {
		faults = append(faults, explainEntry(e, object, schema)...)
	}
	return withoutEffects(faults)
}

// withoutEffects drops the faults that come of another: a field missing because its name is misspelt.
func withoutEffects(faults []fault) []fault {
	misspelt := map[string]bool{}
	for _, f := range faults {
		if f.meant != "" {
			misspelt[fault{path: f.path, field: f.meant}.detail()] = true
		}
	}
	return slices.DeleteFunc(faults, func(f fault) bool { return f.meant == "" && misspelt[f.detail()] })
}

func explainEntry(e *entry, object map[string]any, schema shape) []fault {
	v := locate(e.pointer, object)
	switch {
	case e.text == "validation failed" || e.text == "'allOf' failed":
		var faults []fault
		for _, cause := range e.causes {
			faults = append(faults, explainEntry(cause, object, schema)...)
		}
		return faults
	case len(e.causes) > 0:
		return []fault{{path: v.path, text: alternatives(e, object, schema)}}
	}
	v.schema = schema.at(v.path)
	for _, s := range sentences {
		if m := s.pattern.FindStringSubmatch(e.text); m != nil {
			return s.faults(v, m)
		}
	}
	return []fault{{path: v.path, text: e.text}}
}

func (v value) fault(format string, args ...any) []fault {
	return []fault{{path: v.path, text: fmt.Sprintf(format, args...)}}
}

// sentences are what jsonschema says of a fault without further causes, and what we make of it.
var sentences = []struct {
	pattern *regexp.Regexp
	faults  func(v value, m []string) []fault
}{
	{regexp.MustCompile(`^additional properties (.+) not allowed$`), unknownFields},
	{regexp.MustCompile(`^missing propert(?:y|ies) (.+)$`), missingFields},
	{regexp.MustCompile(`^got \S+, want (.+)$`), wrongType},
	{regexp.MustCompile(`^value must be (?:one of )?(.+)$`), wrongValue},
	{regexp.MustCompile(`^'.*' does not match pattern ('.*')$`), wrongPattern},
	{regexp.MustCompile(`^.+ is not valid (\S+): (.+)$`), wrongFormat},
	{regexp.MustCompile(`^(\w+): got (\S+), want (\S+)$`), outOfBounds},
	{regexp.MustCompile(`^items at ([\d,]+) and ([\d,]+) are equal$`), equalItems},
	{regexp.MustCompile(`^'not' failed$`), forbidden},
	{regexp.MustCompile(`^'oneOf' failed, subschemas `), ambiguous},
}

func unknownFields(v value, m []string) []fault {
	var faults []fault
	for _, name := range quoted(m[1]) {
		f := fault{path: v.path, field: name, text: fmt.Sprintf("unknown field %q", name)}
		if f.meant = nearest(name, fields(v.schema)); f.meant != "" {
			f.text += fmt.Sprintf(" (did you mean %q?)", f.meant)
			f.fix = fmt.Sprintf("rename the field to %q", f.meant)
		}
		faults = append(faults, f)
	}
	return faults
}

func missingFields(v value, m []string) []fault {
	var faults []fault
	for _, name := range quoted(m[1]) {
		faults = append(faults, fault{path: v.path, field: name, missing: true, text: fmt.Sprintf("missing field %q", name)})
	}
	return faults
}

func wrongType(v value, m []string) []fault {
	got := typeOf(v.value)
	want := slices.DeleteFunc(strings.Split(m[1], " or "), func(t string) bool { return t == "null" })
	scalar := got == "boolean" || got == "integer" || got == "number"
	shown := got
	if (scalar || got == "string") && !v.secret {
		shown += " " + v.show()
	}
	faults := v.fault("got %s, want %s", shown, strings.Join(want, " or "))
	if scalar && slices.Equal(want, []string{"string"}) {
		faults[0].fix = "put the value in quotes"
	}
	return faults
}

// typeOf names the type of a value as JSON schema does.
func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case int64:
		return "integer"
	case float64:
		return "number"
	case []any:
		return "array"
	default:
		return "object"
	}
}

func wrongValue(v value, m []string) []fault {
	values := listIn(v.schema, "enum")
	for _, n := range listIn(v.schema, "allOf") {
		if values == nil {
			values = listIn(n, "enum")
		}
	}
	if values == nil {
		return v.fault("got %s, want %s", v.show(), strings.ReplaceAll(m[1], "<nil>", "null"))
	}
	var want, names []string
	for _, x := range values {
		if x == nil {
			continue
		}
		want = append(want, value{value: x}.show())
		if name, ok := x.(string); ok {
			names = append(names, name)
		}
	}
	const most = 50
	if rest := len(want) - most; rest > 0 {
		want = append(want[:most:most], fmt.Sprintf("or one of %d more", rest))
	}
	faults := v.fault("got %s, want %s", v.show(), strings.Join(want, ", "))
	if got, ok := v.value.(string); ok && !v.secret {
		if meant := nearest(got, names); meant != "" {
			faults[0].fix = fmt.Sprintf("write %q", meant)
		}
	}
	return faults
}

func wrongPattern(v value, m []string) []fault {
	pattern := quoted(m[1])[0]
	if looksLikeQuantity(pattern) {
		return v.fault(`got %s, want a quantity such as "500m" or "2Gi"`, v.show())
	}
	return v.fault("got %s, want it to match %s", v.show(), pattern)
}

// looksLikeQuantity says whether a pattern is one of those by which schemas describe quantities.
func looksLikeQuantity(pattern string) bool {
	return strings.Contains(pattern, "[KMGTPE]i") && strings.Contains(pattern, "[numkMGTPE]")
}

// formats say what a value of a format looks like.
var formats = map[string]string{
	"date-time": `a time such as "2006-01-02T15:04:05Z"`,
	"duration":  `a duration such as "1h30m"`,
}

func wrongFormat(v value, m []string) []fault {
	if example, ok := formats[m[1]]; ok {
		return v.fault("got %s, want %s", v.show(), example)
	}
	return v.fault("got %s, want format %s: %s", v.show(), m[1], m[2])
}

// bounds say what jsonschema's keywords ask for: counted is what there are too many or too few of, nothing for the
// value itself; %s in want is the limit, which stands in the schema under the name of limit.
var bounds = map[string]struct{ counted, want, limit string }{
	"minimum":          {"", "at least %s", "minimum"},
	"maximum":          {"", "at most %s", "maximum"},
	"exclusiveMinimum": {"", "more than %s", "minimum"},
	"exclusiveMaximum": {"", "less than %s", "maximum"},
	"multipleOf":       {"", "a multiple of %s", "multipleOf"},
	"minLength":        {"character", "at least %s", "minLength"},
	"maxLength":        {"character", "at most %s", "maxLength"},
	"minItems":         {"item", "at least %s", "minItems"},
	"maxItems":         {"item", "at most %s", "maxItems"},
	"minProperties":    {"field", "at least %s", "minProperties"},
	"maxProperties":    {"field", "at most %s", "maxProperties"},
}

func plural(count, noun string) string {
	if count == "1" {
		return "1 " + noun
	}
	return count + " " + noun + "s"
}

// outOfBounds takes the limit from the schema: jsonschema writes large numbers as 2.1×10⁰⁹.
func outOfBounds(v value, m []string) []fault {
	b, ok := bounds[m[1]]
	if !ok {
		return v.fault("%s: got %s, want %s", m[1], m[2], m[3])
	}
	got, want := v.show(), m[3]
	if b.counted != "" {
		got = plural(m[2], b.counted)
	}
	if limit, ok := v.schema[b.limit].(float64); ok {
		want = strconv.FormatFloat(limit, 'f', -1, 64)
	}
	return v.fault("got %s, want %s", got, fmt.Sprintf(b.want, want))
}

func equalItems(v value, m []string) []fault {
	first, firstErr := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	second, secondErr := strconv.Atoi(strings.ReplaceAll(m[2], ",", ""))
	list, ok := v.value.([]any)
	if firstErr != nil || secondErr != nil || !ok || max(first, second) >= len(list) {
		return v.fault("two items are the same")
	}
	first, second = min(first, second), max(first, second)
	item := value{path: v.path.With(second), value: list[second], secret: v.secret}
	return item.fault("repeats %s of item %d", item.show(), first)
}
