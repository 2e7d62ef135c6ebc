package blueprint

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Check judges what a spec asks for against what its blueprint can do. The error is SpecErrors.
func (d *Document) Check(can Description) error {
	r := reader{doc: d}
	for _, name := range slices.Sorted(maps.Keys(d.Spec.Capabilities)) {
		r.capability(name, can)
	}
	for _, name := range slices.Sorted(maps.Keys(d.Spec.Components)) {
		r.component(name, can)
	}
	for i, c := range d.Spec.Clusters {
		for _, name := range slices.Sorted(maps.Keys(c.Components)) {
			r.params([]any{"clusters", i, "components", name}, c.Components[name].Params, can)
		}
	}
	const tenancy = "tenancy"
	if _, ok := can.Capabilities[tenancy]; ok && len(d.Spec.Teams) > 0 && r.inForce(tenancy, can) == None {
		r.failKey([]any{"teams"}, "set capabilities.tenancy: "+list(can.Capabilities[tenancy].Options), "there are teams, but nothing serves the capability %q", tenancy)
	}
	if len(r.errs) > 0 {
		return r.sorted()
	}
	return nil
}

func (r *reader) capability(name string, can Description) {
	at := []any{"capabilities", name}
	capability, ok := can.Capabilities[name]
	if !ok {
		failUnknown(r, at, "unknown capability %q%s", can.Capabilities)
		return
	}
	wish := r.doc.Spec.Capabilities[name]
	if wish.External != nil {
		r.facts(name, wish.External.Facts, capability.Facts)
		return
	}
	if wish.Option == None {
		if capability.Level == "mandatory" && len(capability.Options) > 0 {
			r.fail(at, "if something else serves it, write "+name+": {external: {by: ..., reason: ...}}", "capability %q is mandatory for this tier and cannot be dropped", name)
		}
		return
	}
	if _, ok := capability.Options[wish.Option]; ok {
		return
	}
	if len(capability.Options) == 0 {
		r.fail(at, "leave it out, or write {external: {by: ..., reason: ...}}", "capability %q has no option in the catalogue yet, so not %q", name, wish.Option)
		return
	}
	options := slices.Sorted(maps.Keys(capability.Options))
	r.fail(at, "options are "+strings.Join(options, ", ")+", none, or {external: {by: ..., reason: ...}}",
		"capability %q has no option %q%s", name, wish.Option, wording.DidYouMean(wish.Option, options))
}

// facts judges what the spec says of something outside that serves a capability. Nothing is known where the blueprint does not
// say.
func (r *reader) facts(capability string, facts map[string]any, known map[string]FactDescription) {
	if known == nil {
		return
	}
	given := maps.Clone(known)
	maps.DeleteFunc(given, func(_ string, f FactDescription) bool { return f.Function })
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		at := []any{"capabilities", capability, "external", "facts", name}
		switch fact, ok := known[name]; {
		case !ok && len(given) == 0:
			r.failKey(at, "leave it out: components ask for none", "capability %q has no facts, so not %q", capability, name)
		case !ok:
			failUnknown(r, at, "capability \""+capability+"\" has no fact %q%s", given)
		case fact.Function:
			r.failKey(at, "", "fact %q of the capability %q is a function, which nothing outside of the repository can give", name, capability)
		}
	}
}

func (r *reader) component(name string, can Description) {
	at := []any{"components", name}
	settings := r.doc.Spec.Components[name]
	if !r.params(at, settings.Params, can) {
		return
	}
	capability, option := r.leads(name, can)
	if settings.Enabled == nil || capability == "" {
		return
	}
	chosen := r.inForce(capability, can)
	with, _ := can.Components[can.Capabilities[capability].Options[chosen]].About["with"].([]any)
	serves := chosen == option || slices.Contains(with, any(name))
	switch {
	case !*settings.Enabled && serves:
		r.fail(append(at, "enabled"), "choose another under capabilities."+capability, "component %q serves the capability %q and cannot be disabled", name, capability)
	case *settings.Enabled && (chosen == "" || chosen == None):
		r.fail(append(at, "enabled"), "set capabilities."+capability+": "+option+" to have it", "component %q serves %q, but capabilities.%s is %s", name, capability, capability, cmp.Or(chosen, "external"))
	case *settings.Enabled && !serves:
		r.fail(append(at, "enabled"), "set capabilities."+capability+": "+option+" to have it instead", "component %q and the chosen option %q exclude each other: both serve %q", name, chosen, capability)
	}
}

// params judges the name of a component, the last step of at, and of its parameters. It reports whether there is such a
// component.
func (r *reader) params(at []any, params map[string]any, can Description) bool {
	name := at[len(at)-1].(string)
	component, ok := can.Components[name]
	if !ok {
		failUnknown(r, at, "unknown component %q%s", can.Components)
		return false
	}
	for _, param := range slices.Sorted(maps.Keys(params)) {
		if gone, _ := component.About["gone"].(map[string]any); gone[param] != nil {
			r.failKey(append(slices.Clone(at), "params", param), fmt.Sprint(gone[param]), "component %q has no parameter %q any more", name, param)
		} else if _, ok := component.Defaults[param]; !ok {
			failUnknown(r, append(slices.Clone(at), "params", param), "component \""+name+"\" has no parameter %q%s", component.Defaults)
		}
	}
	return true
}

// inForce gives the option of a capability that the blueprint takes; empty where something else serves it: from outside, or what
// brings it besides its own.
func (r *reader) inForce(name string, can Description) string {
	wish, asked := r.doc.Spec.Capabilities[name]
	if asked {
		return wish.Option
	}
	if r.brought(name, can) {
		return ""
	}
	c := can.Capabilities[name]
	if _, there := c.Options[c.Default]; there || c.Default == None || len(c.Options) == 0 {
		return c.Default
	}
	return slices.Sorted(maps.Keys(c.Options))[0] // as lib/platform.libsonnet does where the catalogue lacks the tier's own
}

// brought reports whether a component that is chosen for another capability brings what serves this one.
func (r *reader) brought(name string, can Description) bool {
	for component, c := range can.Components {
		brings, _ := c.About["brings"].(map[string]any)
		param, ok := brings[name].(string)
		if !ok || r.doc.Spec.Components[component].Params[param] == false {
			continue
		}
		if capability, option := r.leads(component, can); capability != "" && r.inForce(capability, can) == option {
			return true
		}
	}
	return false
}

// leads gives the capability that a component serves, and as which option; empty where it serves none.
func (r *reader) leads(name string, can Description) (capability, option string) {
	for _, c := range slices.Sorted(maps.Keys(can.Capabilities)) {
		for o, component := range can.Capabilities[c].Options {
			if component == name {
				return c, o
			}
		}
	}
	return "", ""
}

// failUnknown tells of the last step of path, a name that is not among the known ones; the message takes it and what it
// may have meant.
func failUnknown[V any](r *reader, path []any, message string, known map[string]V) {
	name := path[len(path)-1].(string)
	r.failKey(path, "known are "+list(known), message, name, wording.DidYouMean(name, slices.Sorted(maps.Keys(known))))
}

// failKey is fail at the key itself, not at its value.
func (r *reader) failKey(path []any, hint, message string, args ...any) {
	if strings.HasSuffix(message, "%s") && args[len(args)-1] != "" {
		hint = ""
	}
	r.failAt(manifest.FindKey(r.doc.root, path...), path, hint, message, args...)
}

func list[V any](m map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(m)), ", ")
}
