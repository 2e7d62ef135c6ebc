package listing

import (
	"fmt"
	"io"
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
