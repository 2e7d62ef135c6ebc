// Package intent turns what somebody wants of a platform into settings of its gitopsgen.yaml, and says of two specs what somebody
// wanted otherwise.
//
// It knows specs and what blueprints can do, and nothing of what comes of them.
package intent

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/edit"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Platform is what there is so far.
type Platform struct {
	// Spec has no defaults filled in.
	Spec blueprint.Spec
	// Can is what the blueprint can do, Choices what serves each capability, Components are the names of all that there are.
	Can        blueprint.Description
	Choices    map[string]blueprint.Choice
	Components []string
	Tree       tree.Tree
}

// Intent gives the settings by which a platform becomes what somebody wants; none where it is that. A wish that makes no sense is
// a mistake of the command line.
type Intent func(Platform) ([]edit.Setting, error)

// Add wants a component: as what serves its capability, or by itself where it serves none.
func Add(name string) Intent {
	return func(p Platform) ([]edit.Setting, error) {
		component, serves, err := p.find(name)
		switch {
		case err != nil:
			return nil, err
		case serves.capability != "":
			return []edit.Setting{text(serves.option, "capabilities", serves.capability)}, nil
		case slices.Contains(p.Components, component):
			return nil, nil
		}
		return []edit.Setting{{Path: manifest.Path{"components", component, "enabled"}, Value: "true"}}, nil
	}
}

// Remove wants a component to go: its capability is served by nothing then, where the tier lets it be.
func Remove(name string) Intent {
	return func(p Platform) ([]edit.Setting, error) {
		component, serves, err := p.find(name)
		switch {
		case err != nil:
			return nil, err
		case serves.capability != "" && p.Choices[serves.capability].Option == serves.option:
			return []edit.Setting{text(blueprint.None, "capabilities", serves.capability)}, nil
		case serves.capability != "" || !slices.Contains(p.Components, component):
			return nil, nil
		}
		return []edit.Setting{{Path: manifest.Path{"components", component, "enabled"}, Value: "false"}}, nil
	}
}

// text sets a text, whatever it would be in YAML.
func text(value string, path ...any) edit.Setting {
	return edit.Setting{Path: path, Value: escape.Scalar(value)}
}

// service is what a component does: an option of a capability; empty is none.
type service struct{ capability, option string }

// find gives the component of a name, which may be that of an option instead, and what it serves.
func (p Platform) find(name string) (component string, serves service, err error) {
	byOption := map[string][]service{}
	for _, capability := range slices.Sorted(maps.Keys(p.Can.Capabilities)) {
		for option, leader := range p.Can.Capabilities[capability].Options {
			if leader == name {
				return name, service{capability, option}, nil
			}
			byOption[option] = append(byOption[option], service{capability, option})
		}
	}
	if _, ok := p.Can.Components[name]; ok {
		return name, service{}, nil
	}
	if found := byOption[name]; len(found) == 1 {
		return p.Can.Capabilities[found[0].capability].Options[name], found[0], nil
	}
	if c, ok := p.Can.Capabilities[name]; ok {
		return "", serves, fault.Misuse(fault.Hint(fmt.Errorf("%q is a capability, and no component", name), "what serves it is one of "+wording.Either(slices.Sorted(maps.Keys(c.Options)))))
	}
	near := wording.DidYouMean(name, slices.Sorted(maps.Keys(p.Can.Components)))
	return "", serves, fault.Misuse(fault.Hint(fmt.Errorf("unknown component %q%s", name, near), "gitopsgen catalog lists all"))
}
