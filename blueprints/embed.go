// Package blueprints holds the blueprint library: the tiers, the capabilities and the components, in Jsonnet.
//
// It knows what a platform consists of. Who evaluates it, and what becomes of the result, it does not know.
package blueprints

import "embed"

// FS is the library. Each tier is a file <tier>.jsonnet in its root, and what is new in a version is in notes/<version>.md.
//
//go:embed *.jsonnet *.libsonnet capabilities/*.libsonnet components/*.libsonnet lib/*.libsonnet notes/*.md
var FS embed.FS
