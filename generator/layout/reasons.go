package layout

import (
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// applicationReasons are the reasons for what stands in a component's Application, or in that of its extras, whose stage and wave
// have other names.
func applicationReasons(c blueprint.Component, stage, wave string) blueprint.Reasons {
	var all blueprint.Reasons
	for _, place := range []struct {
		part string
		at   []any
	}{
		{stage, []any{0, "metadata", "annotations", waveAnnotation}},
		{wave, []any{0, "metadata", "annotations", waveAnnotation}},
		{"syncOptions", []any{0, "spec", "syncPolicy", "syncOptions"}},
		{"ignoreDifferences", []any{0, "spec", "ignoreDifferences"}},
	} {
		all = append(all, c.Reasons.Below(place.part).Under(place.at...)...)
	}
	return all
}

// extrasReasons are the reasons of the component that the extras of a component are.
func extrasReasons(c blueprint.Component) blueprint.Reasons {
	return append(c.Reasons.Below("extras").Under("objects"), c.Reasons.Below("extrasPatches").Under("patches")...)
}

// kustomizationReasons are the reasons for what stands in a component's kustomization, but for those inside of patches that
// are no texts yet: these get them as comments of their own.
func kustomizationReasons(c blueprint.Component) blueprint.Reasons {
	var all blueprint.Reasons
	for _, r := range c.Reasons {
		one := blueprint.Reasons{r}
		switch part := r.At[0]; {
		case part == "charts" && !inside(r, "values"):
			all = append(all, one.Below(part).Under(0, "helmCharts")...)
		case part == "images", part == "patches" && (!inside(r, "patch") || isText(c.Patches, r.At[1].(int))):
			all = append(all, one.Under(0)...)
		}
	}
	return all
}

// inside reports whether a reason is about a field of an item of a part, or about something in there.
func inside(r blueprint.Reason, field string) bool { return len(r.At) > 2 && r.At[2] == field }

// isText reports whether a patch is text already.
func isText(patches list, i int) bool {
	patch, _ := patches[i].(object)
	_, text := patch["patch"].(string)
	return text
}
