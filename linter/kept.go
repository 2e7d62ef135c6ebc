package linter

import (
	"encoding/json"
	"reflect"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// keptFinding is what of a finding about an object follows from the object.
type keptFinding struct {
	Rule     string
	Severity int           `json:",omitempty"`
	Message  string        `json:",omitempty"`
	At       manifest.Path `json:",omitempty"`
	Named    bool          `json:",omitempty"`
	Detail   string        `json:",omitempty"`
	Fix      string        `json:",omitempty"`
}

func (k keptFinding) finding() Finding {
	return Finding{Rule: k.Rule, Severity: Severity(k.Severity), Message: k.Message, At: k.At, Named: k.Named, Detail: k.Detail, Fix: k.Fix}
}

// writeKept writes what was found in an object; whole is false where something of it does not follow from the object alone.
func writeKept(found []Finding) (data []byte, whole bool) {
	if len(found) == 0 {
		return nil, true
	}
	all := make([]keptFinding, len(found))
	for i, f := range found {
		all[i] = keptFinding{f.Rule, int(f.Severity), f.Message, f.At, f.Named, f.Detail, f.Fix}
		if !reflect.DeepEqual(all[i].finding(), f) {
			return nil, false
		}
	}
	data, err := json.Marshal(all)
	return data, err == nil
}

// readKept reads what writeKept wrote.
func readKept(data []byte) (found []Finding, whole bool) {
	if len(data) == 0 {
		return nil, true
	}
	var all []keptFinding
	if json.Unmarshal(data, &all) != nil {
		return nil, false
	}
	for _, k := range all {
		for i, step := range k.At {
			if n, ok := step.(float64); ok { // JSON has one kind of numbers
				k.At[i] = int(n)
			}
		}
		found = append(found, k.finding())
	}
	return found, true
}
