package listing

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/catalog"
	"github.com/gitopsgen/gitopsgen/generator/escape"
)

// Catalog are the formats of what platforms can do, for the tiers that it was read for.
var Catalog = map[string]func(io.Writer, []catalog.Entry, []blueprint.Tier) error{
	"json":     catalogJSON,
	"markdown": catalogMarkdown,
	"table":    catalogTable,
}

// tierText says what a tier takes, and how much it asks for it.
func tierText(t catalog.Tier) string {
	switch {
	case t.Default == blueprint.None:
		return t.Level
	case !t.Available:
		return t.Default + " (" + t.Level + ", not yet)"
	default:
		return t.Default + " (" + t.Level + ")"
	}
}

// optionsText lists the options with their charts.
func optionsText(e catalog.Entry) string {
	var options []string
	for _, o := range e.Options {
		var charts []string
		for _, c := range o.Charts {
			charts = append(charts, c.Name+" "+c.Version)
		}
		text := o.Option
		if len(charts) > 0 {
			text += " (" + strings.Join(charts, ", ") + ")"
		}
		options = append(options, text)
	}
	if len(options) == 0 {
		return "not yet"
	}
	return strings.Join(options, ", ")
}

func catalogJSON(w io.Writer, entries []catalog.Entry, _ []blueprint.Tier) error {
	return escape.JSON(w, map[string]any{"schema": 1, "capabilities": entries})
}

// Parameters are the formats of what can be set of a component, for the tiers that it was read for.
var Parameters = map[string]func(io.Writer, []catalog.Parameter, []blueprint.Tier) error{
	"json":     parametersJSON,
	"markdown": parametersMarkdown,
	"table":    parametersTable,
}

func parametersJSON(w io.Writer, all []catalog.Parameter, _ []blueprint.Tier) error {
	return escape.JSON(w, map[string]any{"schema": 1, "parameters": all})
}

func parametersTable(w io.Writer, all []catalog.Parameter, tiers []blueprint.Tier) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	escape.Fprintf(t, "parameter\ttype\tdefault\tmeaning\n")
	for _, p := range all {
		escape.Fprintf(t, "%s\t%s\t%s\t%s\n", p.Name, p.Type, strings.ReplaceAll(defaultText(p, tiers), "`", ""), strings.ReplaceAll(p.Meaning, "`", ""))
	}
	return t.Flush()
}

func parametersMarkdown(w io.Writer, all []catalog.Parameter, tiers []blueprint.Tier) error {
	if _, err := fmt.Fprint(w, "| parameter | type | default | meaning |\n| --- | --- | --- | --- |\n"); err != nil {
		return err
	}
	for _, p := range all {
		if _, err := fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", p.Name, p.Type, defaultText(p, tiers), p.Meaning); err != nil {
			return err
		}
	}
	return nil
}

// defaultText tells the default of a parameter, or those of all tiers where they differ.
func defaultText(p catalog.Parameter, tiers []blueprint.Tier) string {
	if p.Derived != "" {
		return p.Derived
	}
	var all []string
	for _, tier := range tiers {
		all = append(all, Value(p.Defaults[tier]))
	}
	if len(slices.Compact(slices.Clone(all))) == 1 {
		return all[0]
	}
	return strings.Join(all, ", ")
}

// Value writes a value for Markdown as it would stand in a spec; null is a dash.
func Value(v any) string {
	if v == nil {
		return "–"
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was read from JSON
	}
	return "`" + strings.Trim(string(text), `"`) + "`"
}

func catalogTable(w io.Writer, entries []catalog.Entry, tiers []blueprint.Tier) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	writeCatalog(t, entries, tiers, "", "\t", "")
	return t.Flush()
}

func catalogMarkdown(w io.Writer, entries []catalog.Entry, tiers []blueprint.Tier) error {
	var b strings.Builder
	writeCatalog(&b, entries, tiers, "| ", " | ", " |")
	head, rows, _ := strings.Cut(b.String(), "\n")
	_, err := fmt.Fprintf(w, "%s\n|%s\n%s", head, strings.Repeat(" --- |", len(tiers)+3), rows)
	return err
}

// writeCatalog writes a heading and a row for each capability.
func writeCatalog(w io.Writer, entries []catalog.Entry, tiers []blueprint.Tier, left, between, right string) {
	row := func(cells []string) { fmt.Fprintln(w, left+strings.Join(cells, between)+right) }
	heading := []string{"capability"}
	for _, tier := range tiers {
		heading = append(heading, string(tier))
	}
	row(append(heading, "options", "purpose"))
	for _, e := range entries {
		cells := []string{e.Capability}
		for _, t := range e.Tiers {
			cells = append(cells, tierText(t))
		}
		row(append(cells, optionsText(e), e.Purpose))
	}
}
