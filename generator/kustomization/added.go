package kustomization

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// patches appends patches. Argo CD does this itself, and takes no null for a list.
func (e *editor) patches() {
	if len(e.Edits.Patches) == 0 {
		return
	}
	before := e.Edits
	before.Patches, before.Components = nil, nil
	if n := manifest.Field(e.doc, "patches"); n != nil && n.Kind == yaml.ScalarNode && before.None() {
		e.fail("the kustomization's %s is no list, to which Argo CD could append", "patches", "patches")
		return
	}
	for i, patch := range e.Edits.Patches {
		e.lay([]any{"patches", len(e.File.Patches)}, "patches", i)
		e.File.Patches = append(e.File.Patches, patch)
	}
}

// components appends components.
func (e *editor) components(t tree.Tree) {
	for i, name := range e.Edits.Components {
		if e.isFlag(name, "components", i) || e.IgnoreMissing && !exists(t, path.Join(e.Dir, name)) {
			continue
		}
		for _, found := range e.directories(t, name) {
			if !slices.Contains(e.File.Components, found) {
				e.lay([]any{"components", len(e.File.Components)}, "components", i)
				e.File.Components = append(e.File.Components, found)
			}
		}
	}
}

// exists reports whether a path is one of the tree, be it that it was not read.
func exists(t tree.Tree, p string) bool {
	_, isFile := t.File(p)
	return isFile || len(t.Under(p)) > 0 || t.WhyUnread(p) != ""
}

// directories gives what a name leads to that may be a pattern, in lexical order: the name itself where it is none, or nothing is
// called so.
func (e *editor) directories(t tree.Tree, name string) []string {
	if !strings.ContainsAny(name, `*?[\`) {
		return []string{name}
	}
	pattern := path.Join(e.Dir, name)
	found := map[string]bool{}
	for _, f := range t.Under(t.Root(e.Dir)) {
		for p := f.Path; p != "."; p = path.Dir(p) {
			if ok, err := path.Match(pattern, p); ok && err == nil {
				found[p] = true
			}
		}
	}
	if len(found) == 0 {
		return []string{name}
	}
	var names []string
	for p := range found {
		relative, _ := filepath.Rel(e.Dir, p) // both are paths of the tree
		names = append(names, filepath.ToSlash(relative))
	}
	slices.Sort(names)
	return names
}
