package render

import (
	"context"
	"maps"
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/knowledge"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/values"
)

// Unknown is a value that no chart knows which it is given to, of which Chart is one.
type Unknown struct {
	knowledge.Value
	Chart string
}

// layer is what a layer of values is known by: a file, which several charts may be given, or where it stands beside their names.
type layer struct{ file, at string }

func layerOf(l values.Layer) layer {
	if l.Name != "" && l.Key == "" {
		return layer{file: l.File}
	}
	return layer{at: l.At.String() + " " + l.Key}
}

// Unknown finds the values that charts are given and do not know. Values that several charts are given one of them knows; where
// that is not rendered, or what it is given is not known, nobody can tell. An error means that ctx has ended or a limit was passed.
func (r Result) Unknown(ctx context.Context) (all []Unknown, err error) {
	type one struct {
		layer
		place, path string
	}
	first, told, given := map[one]Unknown{}, map[one]int{}, map[layer]int{}
	for _, unit := range slices.Sorted(maps.Keys(r.charts)) {
		chart := r.charts[unit]
		found, err := r.builder.Unknown(ctx, chart)
		if err != nil {
			return nil, err
		}
		layers := chart.Layers()
		for _, l := range layers {
			given[layerOf(l)]++
		}
		for _, v := range found {
			key := one{layerOf(layers[v.Layer]), v.Place.String(), v.Path.String()}
			if told[key]++; told[key] == 1 {
				first[key] = Unknown{v, chart.Name()}
			}
		}
	}
	for key, v := range first {
		if told[key] == given[key.layer] && !r.mayBeGiven(key.file) {
			all = append(all, v)
		}
	}
	return all, nil
}

// mayBeGiven reports whether a values file may be one of a chart that was not rendered.
func (r Result) mayBeGiven(file string) bool {
	reads := func(m Made) bool {
		return slices.ContainsFunc(m.Read, func(read Read) bool { return slices.Contains(read.Files, file) })
	}
	unreadIn := func(dir string) bool { return tree.Within(file, dir) }
	return file != "" && (slices.ContainsFunc(r.Alone, func(a Alone) bool { return a.Unchanged && reads(a.Made) }) ||
		slices.ContainsFunc(r.Applications, func(app Application) bool {
			return app.State.Kind != build.Rendered && (reads(app.Made) || slices.ContainsFunc(app.Dirs, unreadIn) || app.names(path.Base(file)))
		}))
}

// names reports whether an Application names a values file that is called so.
func (a Application) names(file string) bool {
	if !argocd.IsApplication(a.Object.ID) {
		return false
	}
	app, _ := argocd.ReadApplication(a.Object) // a rule tells of fields of another type
	for _, s := range app.Spec.Sources() {
		if s.Helm == nil {
			continue
		}
		if slices.ContainsFunc(s.Helm.ValueFiles, func(name string) bool {
			fits, err := path.Match(path.Base(name), file)
			return fits || err != nil
		}) {
			return true
		}
	}
	return false
}
