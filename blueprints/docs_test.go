package blueprints_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/catalog"
	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/record"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
)

// page is docs/components.md, which tells of the library what the library says of itself.
type page struct {
	strings.Builder
	can map[blueprint.Tier]blueprint.Description
}

var tiers = []blueprint.Tier{blueprint.Small, blueprint.Medium, blueprint.Enterprise}

// TestComponentsPage keeps docs/components.md.
func TestComponentsPage(t *testing.T) {
	p := page{can: map[blueprint.Tier]blueprint.Description{}}
	for _, tier := range tiers {
		can, err := blueprint.Describe(t.Context(), librarySource, blueprint.Spec{Tier: tier}.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		p.can[tier] = can
	}
	p.WriteString("# Components and capabilities\n\nWritten by `make golden` from `blueprints/`. [blueprints.md](blueprints.md) says how to make some of one's own.\n")
	p.parts("What a component says of itself", "The first argument of `component`.", "field", p.can[tiers[0]].About)
	p.parts("Parts of a component", "What the function that builds a component gives; what it leaves out is nothing.", "part", p.can[tiers[0]].Parts)
	p.stages(t)
	p.capabilities()
	p.options(t)
	p.components(t)
	goldentest.Compare(t, []byte(p.String()), "docs/components.md")
}

func (p *page) parts(heading, text, what string, parts map[string]string) {
	fmt.Fprintf(p, "\n## %s\n\n%s\n\n| %s | meaning |\n| --- | --- |\n", heading, text, what)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		fmt.Fprintf(p, "| `%s` | %s |\n", name, parts[name])
	}
}

func (p *page) stages(t *testing.T) {
	b, _, err := blueprint.Evaluate(t.Context(), librarySource, blueprint.Spec{Tier: blueprint.Small}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	p.WriteString("\n## Stages\n\nThe steps of the bootstrap, in their order: `stage: stages.<name>` of `blueprints/stages.libsonnet`.\n\n| stage | wave | what comes |\n| --- | --- | --- |\n")
	for i, s := range b.Stages {
		if i > 0 && s.Wave <= b.Stages[i-1].Wave {
			t.Errorf("stage %s: another one has its wave", s.Name)
		}
		fmt.Fprintf(p, "| `%s` | %d | %s |\n", s.Name, s.Wave, s.Says)
	}
}

func (p *page) capabilities() {
	p.WriteString("\n## Capabilities\n\nWhat a platform can do, what each tier takes for it, and what `platform.<capability>` tells components of whatever serves it.\n")
	first := p.can[tiers[0]].Capabilities
	for _, name := range slices.Sorted(maps.Keys(first)) {
		c := first[name]
		var taken []string
		for _, tier := range tiers {
			of := p.can[tier].Capabilities[name]
			taken = append(taken, strings.TrimSuffix(of.Level+" "+of.Default, " none"))
		}
		whose := "Small, medium and enterprise"
		if len(slices.Compact(slices.Clone(taken))) == 1 {
			whose, taken = "All tiers", taken[:1]
		}
		fmt.Fprintf(p, "\n### %s\n\n%s. %s: %s.\n", name, sentence(c.Purpose), whose, strings.Join(taken, ", "))
		if c.Vital != "" {
			fmt.Fprintf(p, "\nIts pods go before others: without them %s.\n", c.Vital)
		}
		if len(c.Facts) == 0 {
			continue
		}
		p.WriteString("\n| fact | what it is | where nothing serves it |\n| --- | --- | --- |\n")
		for _, fact := range slices.Sorted(maps.Keys(c.Facts)) {
			f := c.Facts[fact]
			answer := listing.Value(f.Absent)
			if outside := listing.Value(f.Outside); outside != answer {
				answer += "; outside of the repository " + outside
			}
			fmt.Fprintf(p, "| `%s` | %s | %s |\n", fact, f.Says, answer)
		}
	}
}

// options tells of each option what it was proven on: level 2 where the charts of its components
// were rendered and what they render to passes.
func (p *page) options(t *testing.T) {
	set, err := record.ReadSet(os.DirFS("records"))
	if err != nil {
		t.Fatal(err)
	}
	p.WriteString("\n## Options\n\nWhat may serve each capability, by itself and by what comes along. Level 1: it is written, and what it writes passes the check. Level 2: so does what its\n" +
		"charts render to, at these versions, as it was found on that day.\n\n| capability | option | level | charts | proven |\n| --- | --- | --- | --- | --- |\n")
	can := p.can[tiers[0]]
	for _, capability := range slices.Sorted(maps.Keys(can.Capabilities)) {
		options := can.Capabilities[capability].Options
		for _, option := range slices.Sorted(maps.Keys(options)) {
			charts, proven := proof(can, set, options[option])
			level := "2"
			if proven == "" {
				level, proven = "1", "–"
			}
			fmt.Fprintf(p, "| %s | %s | %s | %s | %s |\n", capability, option, level, cmp.Or(strings.Join(charts, ", "), "–"), proven)
		}
	}
}

// proof gives the charts of a component and of what comes along, and the day on which the last of them was recorded; none where
// any of them was not.
func proof(can blueprint.Description, set record.Set, leader string) (charts []string, proven string) {
	with, _ := can.Components[leader].About["with"].([]any)
	for _, of := range append([]any{leader}, with...) {
		name := of.(string)
		there := false
		for file, r := range set {
			if path.Dir(file) != name {
				continue
			}
			there, proven = true, max(proven, r.Recorded)
			for _, c := range r.Charts {
				charts = append(charts, c.Name+" "+c.Version)
			}
		}
		if !there && len(can.Components[name].Charts) > 0 {
			return nil, ""
		}
	}
	slices.Sort(charts)
	return slices.Compact(charts), proven
}

func (p *page) components(t *testing.T) {
	p.WriteString("\n## Components\n\nParameters with their defaults for small, medium and enterprise: `components.<name>.params` sets them.\n")
	first := p.can[tiers[0]].Components
	for _, name := range slices.Sorted(maps.Keys(first)) {
		c := first[name]
		about := func(field string) string { text, _ := c.About[field].(string); return text }
		fmt.Fprintf(p, "\n### %s\n\n%s.", name, sentence(about("purpose")))
		if about("capability") != "" {
			fmt.Fprintf(p, " The option `%s` of `%s`.", about("option"), about("capability"))
		}
		p.WriteString("\n\n")
		parameters := catalog.Parameters(p.can, name)
		for _, param := range parameters {
			if param.Meaning == "" {
				t.Errorf("%s: about.params does not say what %s is", name, param.Name)
			}
		}
		if err := listing.Parameters["markdown"](p, parameters, tiers); err != nil {
			t.Fatal(err)
		}
	}
}

func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
