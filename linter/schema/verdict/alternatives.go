package verdict

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// alternatives says why none of several alternatives fits; each is a cause of e.
func alternatives(e *entry, object map[string]any, schema shape) string {
	const most = 3
	depth := len(locate(e.pointer, object).path)
	var whys, missing []string
	for _, cause := range e.causes {
		faults := explainEntry(cause, object, schema)
		if len(faults) == 1 && faults[0].missing && len(faults[0].path) == depth {
			missing = append(missing, strconv.Quote(faults[0].field))
		}
		if all := reasons(faults, depth); len(all) > 0 {
			whys = append(whys, all[0])
		}
	}
	if len(missing) == len(e.causes) {
		slices.Sort(missing)
		if missing = slices.Compact(missing); len(missing) == 1 {
			return "missing field " + missing[0]
		}
		return "missing one of the fields " + strings.Join(missing, ", ")
	}
	slices.Sort(whys)
	whys = slices.Compact(whys)
	if len(whys) == 0 || len(whys) > most {
		return fmt.Sprintf("fits none of %d alternatives", len(e.causes))
	}
	return "fits no alternative: " + strings.Join(whys, ", or ")
}

// reasons lists faults as text, sorted, with the path of those that are deeper than depth.
func reasons(faults []fault, depth int) []string {
	all := make([]string, len(faults))
	for i, f := range faults {
		all[i] = f.text
		if len(f.path) > depth {
			all[i] = f.path.String() + ": " + f.text
		}
	}
	slices.Sort(all)
	return all
}

// ambiguous names the fields of which there is to be one.
func ambiguous(v value, _ []string) []fault {
	var faults []fault
	for _, n := range append([]any{v.schema}, listIn(v.schema, "allOf")...) {
		var has []string
		for _, alternative := range listIn(n, "oneOf") {
			has = append(has, v.having(alternative)...)
		}
		if slices.Sort(has); len(slices.Compact(has)) > 1 {
			faults = append(faults, v.fault("has %s, want only one of them", wording.All(slices.Compact(has)))...)
		}
	}
	if len(faults) == 0 {
		return v.fault("fits more than one alternative, want exactly one")
	}
	return faults
}

// forbidden names the fields that must not be there together.
func forbidden(v value, _ []string) []fault {
	if has := v.having(v.schema["not"]); len(has) > 1 {
		return v.fault("has %s, which must not be there together", wording.All(has))
	}
	return v.fault("has fields or values that must not be there together")
}

// having lists the fields that a schema requires, in quotes; nil where v has not all of them.
func (v value) having(schema any) (names []string) {
	object, _ := v.value.(map[string]any)
	for _, field := range listIn(schema, "required") {
		name, _ := field.(string)
		if _, ok := object[name]; !ok {
			return nil
		}
		names = append(names, strconv.Quote(name))
	}
	return names
}

// listIn gives the list that a schema has under a keyword.
func listIn(schema any, keyword string) []any {
	n, _ := schema.(map[string]any)
	list, _ := n[keyword].([]any)
	return list
}
