// Package catalog lists what platforms can do, and the options for it.
package catalog

import (
	"context"
	"io/fs"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
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
	Name     string                 `json:"name"`
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
				entries[name].Options[i].setDefaults(tier, can)
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
		one := Option{Option: option, Component: name, Purpose: purpose, Charts: []Chart{}, Parameters: []Parameter{}}
		for _, param := range slices.Sorted(maps.Keys(component.Defaults)) {
			one.Parameters = append(one.Parameters, Parameter{param, map[blueprint.Tier]any{}, component.Derived[param]})
		}
		for _, chart := range component.Charts {
			one.Charts = append(one.Charts, Chart{chart.Repo, chart.Name, chart.Version})
		}
		options = append(options, one)
	}
	return options
}

// setDefaults notes what the parameters are in a tier.
func (o *Option) setDefaults(tier blueprint.Tier, can blueprint.Description) {
	for _, p := range o.Parameters {
		if p.Derived == "" {
			p.Defaults[tier] = can.Components[o.Component].Defaults[p.Name]
		}
	}
}
