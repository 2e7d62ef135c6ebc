package listing

import (
	"fmt"
	"io"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter/policy"
)

// PolicyTests are the formats of what became of the tests of policies.
var PolicyTests = map[string]func(io.Writer, []policy.Tested) error{
	"json": policyTestsJSON,
	"text": policyTestsText,
}

// policyTestJSON is a test in JSON; the form is versioned by the field schema.
type policyTestJSON struct {
	Name    string `json:"name"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Result  string `json:"result"`
	Fault   string `json:"fault,omitempty"`
	Printed string `json:"printed,omitempty"`
}

func policyTestsJSON(w io.Writer, tested []policy.Tested) error {
	all := []policyTestJSON{}
	for _, t := range tested {
		all = append(all, policyTestJSON{t.Name, t.File, t.Line, result(t), t.Fault, t.Printed})
	}
	return escape.JSON(w, map[string]any{"schema": 1, "tests": all})
}

func result(t policy.Tested) string {
	switch {
	case t.Fault != "":
		return "failed"
	case t.Skipped:
		return "skipped"
	default:
		return "passed"
	}
}

func policyTestsText(w io.Writer, tested []policy.Tested) error {
	count := map[string]int{}
	for _, t := range tested {
		count[result(t)]++
		if t.Fault == "" && t.Printed == "" {
			continue
		}
		escape.Fprintf(w, "%s:%d: %s: %s", t.File, t.Line, result(t), t.Name)
		if t.Fault != "" {
			escape.Fprintf(w, ": %s", t.Fault)
		}
		fmt.Fprintln(w)
		for line := range strings.SplitSeq(t.Printed, "\n") {
			if line != "" {
				escape.Fprintf(w, "    %s\n", line)
			}
		}
	}
	_, err := fmt.Fprintf(w, "%s: %d passed, %d failed, %d skipped\n", wording.Count(len(tested), "test"), count["passed"], count["failed"], count["skipped"])
	return err
}
