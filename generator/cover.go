package generator

import (
	"path"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/coverage"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

// covered says what the files in the focus of a repository are; nil is that not all was rendered.
func covered(r Rendered, o CheckOptions) []coverage.File {
	if o.Since != nil {
		return nil
	}
	var readers []coverage.Reader
	add := func(name string, m render.Made) {
		for _, read := range m.Read {
			readers = append(readers, coverage.Reader{Name: name, Kind: read.Kind, Files: read.Files})
		}
		readers = append(readers, coverage.Reader{Name: name, Dirs: m.Dirs})
	}
	for _, app := range r.Applications {
		add(app.Label(), app.Made)
	}
	for _, alone := range r.Alone {
		name := ""
		if kustomization.IsFile(alone.File) {
			name = "kustomization " + path.Dir(alone.File)
		}
		add(name, alone.Made)
	}
	files := coverage.Of(r.Result.Repository, readers, blueprint.SpecFile, usersWaivers)
	return slices.DeleteFunc(files, func(f coverage.File) bool { return !r.Focus.Has(f.Path) })
}
