package build

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Foreign says what a file is that looks like a manifest and is none, where nothing renders it; empty is a manifest, or nothing
// of the kind. What the API server would take is never foreign.
func (r *Repository) Foreign(p string) string {
	f, _ := r.Tree.File(p)
	file := r.Manifest(p)
	all := func(is func(manifest.Resource) bool) bool {
		return len(file.Resources) > 0 && !slices.ContainsFunc(file.Resources, func(res manifest.Resource) bool { return !is(res) })
	}
	switch {
	case all(isBackstage):
		return "Backstage"
	case all(isTemplated), len(file.Resources) == 0 && hasFailed(convert(file.Problems)) && looksLikeObject(f.Data) && bytes.Contains(f.Data, []byte("{{")):
		return "a template"
	case len(file.Resources) == 0 && hasFailed(convert(file.Problems)) && !looksLikeObject(f.Data) && path.Ext(p) != ".json": // JSON is often something else
		return "no YAML"
	}
	return ""
}

// LeftOut reports whether a kustomization stands beside a file that does not name it: what people leave out so is not deployed.
func (r *Repository) LeftOut(p string) bool {
	dir := path.Dir(p)
	if !r.kustomized()[dir] {
		return false
	}
	beside, _ := r.Tree.File(kustomization.In(r.Tree, dir))
	named, _ := r.Kustomizations.Includes(beside)
	return !slices.Contains(named, p)
}

func (r *Repository) findKustomized() map[string]bool {
	dirs := map[string]bool{}
	for _, p := range r.Paths {
		if kustomization.IsFile(p) {
			dirs[path.Dir(p)] = true
		}
	}
	return dirs
}

func isBackstage(res manifest.Resource) bool {
	return res.ID.Group == "backstage.io" || strings.HasSuffix(res.ID.Group, ".backstage.io")
}

// isTemplated reports whether what names an object is yet to be filled in: no name in Kubernetes has a brace.
func isTemplated(res manifest.Resource) bool {
	return strings.Contains(res.ID.APIVersion()+res.ID.Kind+res.ID.Namespace+res.ID.Name, "{{")
}
