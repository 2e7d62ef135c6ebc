package blueprints_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
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
	p.components()
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
		if len(c.Facts) == 0 {
			continue
		}
		p.WriteString("\n| fact | what it is | where nothing serves it |\n| --- | --- | --- |\n")
		for _, fact := range slices.Sorted(maps.Keys(c.Facts)) {
			f := c.Facts[fact]
			answer := code(f.Absent)
			if outside := code(f.Outside); outside != answer {
				answer += "; outside of the repository " + outside
			}
			fmt.Fprintf(p, "| `%s` | %s | %s |\n", fact, f.Says, answer)
		}
	}
}

func (p *page) components() {
	p.WriteString("\n## Components\n\nParameters with their defaults for small, medium and enterprise: `components.<name>.params` sets them.\n")
	first := p.can[tiers[0]].Components
	for _, name := range slices.Sorted(maps.Keys(first)) {
		c := first[name]
		about := func(field string) string { text, _ := c.About[field].(string); return text }
		fmt.Fprintf(p, "\n### %s\n\n%s.", name, sentence(about("purpose")))
		if about("capability") != "" {
			fmt.Fprintf(p, " The option `%s` of `%s`.", about("option"), about("capability"))
		}
		p.WriteString("\n\n| parameter | default |\n| --- | --- |\n")
		for _, param := range slices.Sorted(maps.Keys(c.Defaults)) {
			fmt.Fprintf(p, "| `%s` | %s |\n", param, p.byDefault(name, param))
		}
	}
}

// byDefault tells the default of a parameter, or those of all tiers where they differ.
func (p *page) byDefault(component, param string) string {
	if says, ok := p.can[tiers[0]].Components[component].Derived[param]; ok {
		return says
	}
	var all []string
	for _, tier := range tiers {
		all = append(all, code(p.can[tier].Components[component].Defaults[param]))
	}
	if len(slices.Compact(slices.Clone(all))) == 1 {
		return all[0]
	}
	return strings.Join(all, ", ")
}

// code writes a value as it would stand in a spec; null is a dash.
func code(v any) string {
	if v == nil {
		return "–"
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was read from JSON
	}
	return "`" + strings.Trim(string(text), `"`) + "`"
}

func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
