package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/escape"
)

// catalogFormats are the formats of catalog.
var catalogFormats = map[string]func(io.Writer, []catalogEntry, []blueprint.Tier) error{
	"json":     catalogJSON,
	"markdown": catalogMarkdown,
	"table":    catalogTable,
}

func (p *program) catalog() *cli.Command {
	return &cli.Command{
		Name:      "catalog",
		Usage:     "list what a platform can do, and the options for it",
		UsageText: "gitopsgen catalog [FLAGS]",
		Description: `Each capability has what every tier takes for it and how much the tier asks for it, and all options that there are, with
their charts. "not yet" marks what the catalogue lacks so far.

examples:
   gitopsgen catalog
   gitopsgen catalog --tier=small --format=markdown`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "tier", Usage: "only this tier: small, medium or enterprise"},
			formatFlag("table", catalogFormats),
		},
		Action: func(c *cli.Context) error {
			if err := noArgs(c); err != nil {
				return err
			}
			write, err := format(c, catalogFormats)
			if err != nil {
				return err
			}
			tiers := []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise}
			if c.IsSet("tier") {
				tier, err := blueprint.ParseTier(c.String("tier"))
				if err != nil {
					return usageError{fmt.Errorf("--%w", err)}
				}
				tiers = []blueprint.Tier{tier}
			}
			entries, err := readCatalog(c.Context, tiers)
			if err != nil {
				return err
			}
			return write(p.stdout, entries, tiers)
		},
	}
}

// catalogEntry is one capability.
type catalogEntry struct {
	Capability string          `json:"capability"`
	Purpose    string          `json:"purpose"`
	Tiers      []catalogTier   `json:"tiers"`
	Options    []catalogOption `json:"options"`
}

// catalogTier is what a tier takes for a capability; Available says whether the catalogue has that option.
type catalogTier struct {
	Tier      blueprint.Tier `json:"tier"`
	Level     string         `json:"level"`
	Default   string         `json:"default"`
	Available bool           `json:"available"`
}

type catalogOption struct {
	Option    string         `json:"option"`
	Component string         `json:"component"`
	Purpose   string         `json:"purpose"`
	Charts    []catalogChart `json:"charts"`
}

type catalogChart struct {
	Repository string `json:"repository"`
	Name       string `json:"name"`
	Version    string `json:"version"`
}

// readCatalog asks the blueprints of the tiers what they can do, and sorts it by capability.
func readCatalog(ctx context.Context, tiers []blueprint.Tier) ([]catalogEntry, error) {
	entries := map[string]*catalogEntry{}
	for _, tier := range tiers {
		can, err := blueprint.Describe(ctx, blueprint.Source{Library: blueprints.FS}, blueprint.Spec{Tier: tier}.WithDefaults())
		if err != nil {
			return nil, err
		}
		for name, capability := range can.Capabilities {
			if entries[name] == nil {
				entries[name] = &catalogEntry{Capability: name, Purpose: capability.Purpose, Options: catalogOptions(capability, can)}
			}
			_, available := capability.Options[capability.Default]
			entries[name].Tiers = append(entries[name].Tiers, catalogTier{
				Tier: tier, Level: capability.Level, Default: capability.Default, Available: available,
			})
		}
	}
	var sorted []catalogEntry
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		sorted = append(sorted, *entries[name])
	}
	return sorted, nil
}

func catalogOptions(capability blueprint.CapabilityDescription, can blueprint.Description) []catalogOption {
	options := []catalogOption{}
	for _, option := range slices.Sorted(maps.Keys(capability.Options)) {
		name := capability.Options[option]
		component := can.Components[name]
		purpose, _ := component.About["purpose"].(string)
		one := catalogOption{Option: option, Component: name, Purpose: purpose, Charts: []catalogChart{}}
		for _, chart := range component.Charts {
			one.Charts = append(one.Charts, catalogChart{chart.Repo, chart.Name, chart.Version})
		}
		options = append(options, one)
	}
	return options
}

// text says what a tier takes, and how much it asks for it.
func (t catalogTier) text() string {
	switch {
	case t.Default == blueprint.None:
		return t.Level
	case !t.Available:
		return t.Default + " (" + t.Level + ", not yet)"
	default:
		return t.Default + " (" + t.Level + ")"
	}
}

// text lists the options with their charts.
func (e catalogEntry) text() string {
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

func catalogJSON(w io.Writer, entries []catalogEntry, _ []blueprint.Tier) error {
	return escape.JSON(w, map[string]any{"schema": 1, "capabilities": entries})
}

func catalogTable(w io.Writer, entries []catalogEntry, tiers []blueprint.Tier) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	writeCatalog(t, entries, tiers, "", "\t", "")
	return t.Flush()
}

func catalogMarkdown(w io.Writer, entries []catalogEntry, tiers []blueprint.Tier) error {
	var b strings.Builder
	writeCatalog(&b, entries, tiers, "| ", " | ", " |")
	head, rows, _ := strings.Cut(b.String(), "\n")
	_, err := fmt.Fprintf(w, "%s\n|%s\n%s", head, strings.Repeat(" --- |", len(tiers)+3), rows)
	return err
}

// writeCatalog writes a heading and a row for each capability.
func writeCatalog(w io.Writer, entries []catalogEntry, tiers []blueprint.Tier, left, between, right string) {
	row := func(cells []string) { fmt.Fprintln(w, left+strings.Join(cells, between)+right) }
	heading := []string{"capability"}
	for _, tier := range tiers {
		heading = append(heading, string(tier))
	}
	row(append(heading, "options", "purpose"))
	for _, e := range entries {
		cells := []string{e.Capability}
		for _, t := range e.Tiers {
			cells = append(cells, t.text())
		}
		row(append(cells, e.text(), e.Purpose))
	}
}
