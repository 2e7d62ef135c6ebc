// Package catalog lists what platforms can do, and the options for it.
package catalog

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Entry is one capability.
type Entry struct {
	Capability string   `json:"capability"`
	Purpose    string   `json:"purpose"`
	Tiers      []Tier   `json:"tiers"`
	Options    []Option `json:"options"`
}

// Tier is what a tier takes for a capability; Available says whether the catalogue has that option.
type Tier struct {
	Tier      blueprint.Tier `json:"tier"`
	Level     string         `json:"level"`
	Default   string         `json:"default"`
	Available bool           `json:"available"`
}

// Option is one that a capability has, with the component that leads it.
type Option struct {
	Option    string  `json:"option"`
	Component string  `json:"component"`
	Purpose   string  `json:"purpose"`
	Charts    []Chart `json:"charts"`
	// Parameters are sorted by name.
	Parameters []Parameter `json:"parameters"`
}

// Parameter is one of a component, with what it is where nobody sets it.
type Parameter struct {
	Name string `json:"name"`
	// Type is that of JSON: array, boolean, number, object or string.
	Type     string                 `json:"type"`
	Meaning  string                 `json:"meaning"`
	Defaults map[blueprint.Tier]any `json:"defaults"`
	// Derived says from what a default follows that is no value.
	Derived string `json:"derived,omitempty"`
}

// Chart is one of a component.
type Chart struct {
	Repository string `json:"repository"`
	Name       string `json:"name"`
	Version    string `json:"version"`
}

// Read asks the blueprints of the tiers what they can do, and sorts it by capability.
func Read(ctx context.Context, library fs.FS, tiers []blueprint.Tier) ([]Entry, error) {
	entries := map[string]*Entry{}
	for _, tier := range tiers {
		can, err := blueprint.Describe(ctx, blueprint.Source{Library: library}, blueprint.Spec{Tier: tier}.WithDefaults())
		if err != nil {
			return nil, err
		}
		for name, capability := range can.Capabilities {
			if entries[name] == nil {
				entries[name] = &Entry{Capability: name, Purpose: capability.Purpose, Options: options(capability, can)}
			}
			for i := range entries[name].Options {
				o := entries[name].Options[i]
				setDefaults(o.Parameters, tier, can.Components[o.Component])
			}
			_, available := capability.Options[capability.Default]
			entries[name].Tiers = append(entries[name].Tiers, Tier{
				Tier: tier, Level: capability.Level, Default: capability.Default, Available: available,
			})
		}
	}
	var sorted []Entry
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		sorted = append(sorted, *entries[name])
	}
	return sorted, nil
}

func options(capability blueprint.CapabilityDescription, can blueprint.Description) []Option {
	options := []Option{}
	for _, option := range slices.Sorted(maps.Keys(capability.Options)) {
		name := capability.Options[option]
		component := can.Components[name]
		purpose, _ := component.About["purpose"].(string)
		one := Option{Option: option, Component: name, Purpose: purpose, Charts: []Chart{}, Parameters: parameters(component)}
		for _, chart := range component.Charts {
			one.Charts = append(one.Charts, Chart{chart.Repo, chart.Name, chart.Version})
		}
		options = append(options, one)
	}
	return options
}

// ReadParameters asks the blueprints of the tiers for the parameters of one component.
func ReadParameters(ctx context.Context, library fs.FS, tiers []blueprint.Tier, component string) ([]Parameter, error) {
	can := map[blueprint.Tier]blueprint.Description{}
	for _, tier := range tiers {
		var err error
		if can[tier], err = blueprint.Describe(ctx, blueprint.Source{Library: library}, blueprint.Spec{Tier: tier}.WithDefaults()); err != nil {
			return nil, err
		}
		if _, ok := can[tier].Components[component]; !ok {
			return nil, unknown(component, can[tier])
		}
	}
	return Parameters(can, component), nil
}

// Parameters are those of a component that every tier has.
func Parameters(can map[blueprint.Tier]blueprint.Description, component string) (all []Parameter) {
	for tier, of := range can {
		if all == nil {
			all = parameters(of.Components[component])
		}
		setDefaults(all, tier, of.Components[component])
	}
	return all
}

// unknown says that there is no such component. Who names an option most likely means what leads it.
func unknown(name string, can blueprint.Description) error {
	for _, capability := range slices.Sorted(maps.Keys(can.Capabilities)) {
		if leader, ok := can.Capabilities[capability].Options[name]; ok {
			return fault.Misuse(fmt.Errorf("--params %q: that is an option of %s; its component is %s", name, capability, leader))
		}
	}
	there := slices.Sorted(maps.Keys(can.Components))
	return fault.Misuse(fmt.Errorf("--params %q: no such component%s; there are %s", name, wording.DidYouMean(name, there), strings.Join(there, ", ")))
}

// parameters are those of a component without their defaults, but for what these follow from.
func parameters(component blueprint.ComponentDescription) []Parameter {
	all := []Parameter{}
	for _, name := range slices.Sorted(maps.Keys(component.Defaults)) {
		p := component.Params[name]
		all = append(all, Parameter{name, p.Type, p.Says, map[blueprint.Tier]any{}, component.Derived[name]})
	}
	return all
}

// setDefaults notes what parameters are in a tier.
func setDefaults(all []Parameter, tier blueprint.Tier, component blueprint.ComponentDescription) {
	for _, p := range all {
		if p.Derived == "" {
			p.Defaults[tier] = component.Defaults[p.Name]
		}
	}
}
