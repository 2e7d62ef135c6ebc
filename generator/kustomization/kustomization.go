// Package kustomization reads kustomizations as strictly as kustomize does, and knows where each of their fields stands.
//
// It reads one file at a time and tells what that names. It knows nothing of what stands there.
package kustomization

import (
	"path"
	"slices"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// names are what kustomize calls its files.
var names = [...]string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

// IsFile reports whether a path is that of a kustomization.
func IsFile(p string) bool { return slices.Contains(names[:], path.Base(p)) }

// In gives the path of the kustomization in a directory of t; empty where there is none.
func In(t tree.Tree, dir string) string {
	for _, name := range names {
		if f, ok := t.File(path.Join(dir, name)); ok {
			return f.Path
		}
	}
	return ""
}

// Includes gives the paths of what a kustomization includes, and whether it is a component, which others include. It tells
// of no mistakes.
func Includes(f tree.File) (paths []string, component bool) {
	var k types.Kustomization
	_ = k.Unmarshal(f.Data)
	k.FixKustomization()
	for _, name := range slices.Concat(k.Resources, k.Components, k.Generators, k.Transformers) {
		paths = append(paths, path.Join(path.Dir(f.Path), name))
	}
	return paths, k.Kind == types.ComponentKind
}
