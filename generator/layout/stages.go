package layout

import (
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// wave is that of a stage of the bootstrap.
func (w *writer) wave(stage string) int {
	s, err := w.in.Blueprint.Stage(stage)
	if err != nil && w.err == nil {
		w.err = err
	}
	return s.Wave
}

// stage is a step of the bootstrap, with the Applications that come in it, without the names of their clusters in front.
type stage struct {
	blueprint.Stage
	Applications []string
}

// stages are those in which an Application comes, in their order. waves are those of the Applications.
func stages(all []blueprint.Stage, waves map[string]int) []stage {
	var steps []stage
	for i, s := range all {
		var names []string
		for _, name := range slices.SortedFunc(maps.Keys(waves), func(a, b string) int {
			if d := waves[a] - waves[b]; d != 0 {
				return d
			}
			return strings.Compare(a, b)
		}) {
			begun, over := i == 0 || waves[name] >= s.Wave, i+1 < len(all) && waves[name] >= all[i+1].Wave
			if begun && !over {
				names = append(names, name)
			}
		}
		if len(names) > 0 {
			steps = append(steps, stage{s, names})
		}
	}
	return steps
}
