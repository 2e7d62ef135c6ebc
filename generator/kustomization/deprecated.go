package kustomization

import (
	"regexp"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Deprecated is a field that kustomize takes, and will not take for ever.
type Deprecated struct {
	// Name is the field's, Instead that of the one to use.
	Name, Instead string
	Place         manifest.Place
}

var deprecated = regexp.MustCompile(`'(\w+)' is deprecated\. Please use '(\w+)' instead`)

// Deprecated lists the fields of a kustomization that kustomize warns of.
func (k File) Deprecated() (all []Deprecated) {
	for _, warning := range *k.CheckDeprecatedFields() {
		if m := deprecated.FindStringSubmatch(warning); m != nil && k.Readable() {
			n := manifest.FindKey(k.doc, m[1])
			all = append(all, Deprecated{m[1], m[2], manifest.Place{File: k.Path, Line: n.Line, Column: n.Column}})
		}
	}
	return all
}
