// Package policies holds the rules that objects are judged by, written in Rego, and the libraries they share.
//
// It knows files, and nothing of how they are evaluated.
package policies

import "embed"

// FS holds every policy at <category>/<name>/<name>.rego, its tests beside it, and the libraries at lib/<name>/.
//
//go:embed */*/*.rego
var FS embed.FS
