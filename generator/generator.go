// Package generator is gitopsgen without its command line: it generates repositories, checks them, and keeps their charts.
//
// It knows the order of the stages, and leaves each to a package of its own. Effects stand at both ends: what is read is read
// first, what is written is written last.
package generator

import (
	"io/fs"
	"path/filepath"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/linter/schema"
)

// Library is what the program brings along. What users have of their own is read by the same means.
type Library struct {
	// Version is written into trees.
	Version string
	// Blueprints hold <tier>.jsonnet, Records <component>/*.yaml, Policies <category>/<name>/<name>.rego, Templates
	// gitopsgen.yaml.tmpl and files/<path>.tmpl.
	Blueprints, Records, Policies, Templates fs.FS
	Schemas                                  schema.Source
	// Namespaced says by the schemas whether objects of a kind stand in a namespace.
	Namespaced func(group, kind string) (namespaced, known bool)
	// ListKeys gives by the schemas the fields by which the items of a list are told apart, as merge.Options has it.
	ListKeys func(apiVersion, kind string, at []any) (keys []string, known bool)
}

// Generator does the work of one run.
type Generator struct {
	Library
	// Places are where charts come from that a repository does not hold.
	Places supply.Places
	// Cache is the folder for what later runs need not work out again; empty keeps nothing.
	Cache string
	// Kept is what earlier runs worked out; nil keeps nothing.
	Kept *cache.Store
	// Compiled are the policies that this run has compiled; nil keeps none.
	Compiled *Compiled
	// Note is told what a person should know besides what was asked; nil where nobody is to.
	Note func(text string)
	// Progress is told what takes time, and an empty text at the end; nil where nobody is to know.
	Progress func(text string)
}

func (g Generator) tell(text string) {
	if g.Progress != nil {
		g.Progress(text)
	}
}

// cache is a folder in the cache; empty where there is none.
func (g Generator) cache(name string) string {
	if g.Cache == "" {
		return ""
	}
	return filepath.Join(g.Cache, name)
}
