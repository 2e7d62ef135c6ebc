package listing

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Lock are the formats of what became of a lock.
var Lock = map[string]func(io.Writer, supply.LockReport) error{
	"json": lockJSON,
	"text": lockText,
}

func lockJSON(w io.Writer, r supply.LockReport) error {
	return escape.JSON(w, r)
}

func lockText(w io.Writer, r supply.LockReport) error {
	var b strings.Builder
	count := map[string]int{}
	var order []string
	for _, l := range r.Charts {
		if count[l.Action]++; count[l.Action] == 1 {
			order = append(order, l.Action)
		}
		version := l.Version
		if l.Was != "" {
			version = l.Was + " -> " + l.Version
		}
		if l.Range != "" {
			version += " (" + l.Range + ")"
		}
		escape.Fprintf(&b, "%-9s %s %s of %s", l.Action, l.Name, version, l.Repository)
		if l.Reason != "" {
			escape.Fprintf(&b, ": %s", l.Reason)
		}
		b.WriteString("\n")
	}
	for _, n := range r.Notes {
		escape.Fprintf(&b, "note: %s\n", n)
	}
	slices.Sort(order)
	for i, action := range order {
		order[i] = fmt.Sprintf("%d %s", count[action], action)
	}
	state := "as it was"
	if r.Written {
		state = "written"
	}
	fmt.Fprintf(&b, "%s, %s; %s is %s\n", wording.Count(len(r.Charts), "chart"), strings.Join(order, ", "), lock.Path, state)
	_, err := io.WriteString(w, b.String())
	return err
}

// Recorded tells of which components the repository keeps records, and what is better not rendered as it was recorded.
func Recorded(w io.Writer, components, faults []string) error {
	var b strings.Builder
	for _, fault := range faults {
		escape.Fprintf(&b, "note: %s\n", fault)
	}
	fmt.Fprintf(&b, "%s of the repository's own recorded", wording.Count(len(components), "component"))
	if len(components) > 0 {
		escape.Fprintf(&b, ": %s", strings.Join(components, ", "))
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}
