// Package templates holds the files of a new repository that are no Kubernetes objects, as Go templates.
package templates

import "embed"

// FS holds files/<path>.tmpl for every such file, and the first gitopsgen.yaml.
//
//go:embed gitopsgen.yaml.tmpl all:files
var FS embed.FS
