package build

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// filesOf are the files of a directory that Argo CD looks at.
func (r *Repository) filesOf(u Unit) []tree.File {
	return slices.DeleteFunc(slices.Clone(r.Tree.Under(u.Dir)), func(f tree.File) bool {
		inside := strings.TrimPrefix(f.Path, u.Dir+"/")
		if u.Dir == "." {
			inside = f.Path
		}
		return strings.Contains(inside, "/") && u.Kind != RecursiveDirectory || !u.Manifests.Takes(inside)
	})
}

// directory reads the manifests of a plain directory as Argo CD does.
func (r *Repository) directory(u Unit) Built {
	var b Built
	for _, f := range r.filesOf(u) {
		if path.Ext(f.Path) == ".jsonnet" {
			b.State = State{Kind: NotRendered, Reason: f.Path + " is Jsonnet, which this version does not render", Hint: hintUnknown}
		}
		if !isManifest(f.Path) || bytes.Contains(f.Data, []byte("+argocd:skip-file-rendering")) {
			continue
		}
		b.Read = append(b.Read, f.Path)
		file := r.Manifest(f.Path)
		b.Resources = append(b.Resources, file.Resources...)
		problems := withStrays(file, file.Strays)
		if !hasFailed(problems) || len(file.Resources)+len(likely(file)) > 0 || looksLikeObject(f.Data) {
			b.Problems = append(b.Problems, problems...)
		}
	}
	if hasFailed(b.Problems) {
		b.State = failed
	}
	return b
}

// Alone gives what a manifest holds that no unit has. ok is false where that is nothing to Argo CD: other files than manifests
// are anywhere.
func (r *Repository) Alone(p string) (b Built, ok bool) {
	f, _ := r.Tree.File(p)
	file := r.Manifest(p)
	meant := likely(file)
	if len(file.Resources)+len(meant) == 0 && !(hasFailed(convert(file.Problems)) && looksLikeObject(f.Data)) {
		return Built{}, false
	}
	return Built{Resources: file.Resources, Problems: withStrays(file, meant)}, true
}

// looksLikeObject reports whether a file means to hold Kubernetes objects: Argo CD asks this of a file that does not
// parse, and leaves it out where it does not.
func looksLikeObject(data []byte) bool {
	for _, word := range []string{"apiVersion:", "kind:", "metadata:"} {
		if !bytes.Contains(data, []byte(word)) {
			return false
		}
	}
	return true
}

// withStrays are the problems of a file, with those of some of its strays among them.
func withStrays(f manifest.File, strays []manifest.Stray) []Problem {
	all := convert(f.Problems)
	for _, s := range strays {
		all = append(all, convert([]manifest.Problem{s.Problem})...)
	}
	return all
}

// likely are the strays that seem to be meant as objects.
func likely(f manifest.File) []manifest.Stray {
	return slices.DeleteFunc(slices.Clone(f.Strays), func(s manifest.Stray) bool { return !s.Likely })
}
