package build

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// filesOf are the files of a directory that Argo CD looks at.
func (r *Repository) filesOf(u Unit) []tree.File {
	if u.Kind == Jsonnet {
		f, _ := r.Tree.File(u.Dir)
		return []tree.File{f}
	}
	return slices.DeleteFunc(slices.Clone(r.Tree.Under(u.Dir)), func(f tree.File) bool {
		inside := strings.TrimPrefix(f.Path, u.Dir+"/")
		if u.Dir == "." {
			inside = f.Path
		}
		return strings.Contains(inside, "/") && u.Kind != RecursiveDirectory || !u.Manifests.Takes(inside)
	})
}

// directory reads a plain directory as Argo CD does. An error means that ctx has ended or a limit was passed.
func (b *Builder) directory(ctx context.Context, u Unit) (Built, error) {
	var built Built
	var passed []string
	for _, f := range b.Repository.filesOf(u) {
		switch {
		case bytes.Contains(f.Data, []byte("+argocd:skip-file-rendering")):
		case isManifest(f.Path):
			b.manifest(f, &built)
		case isJsonnet(f.Path):
			if err := b.jsonnet(ctx, b.program(u, f.Path), &built); err != nil {
				return built, err
			}
		case isManifest(strings.TrimSuffix(f.Path, path.Ext(f.Path))):
			passed = append(passed, f.Path)
		}
	}
	if len(passed) > 0 {
		built.Notes = append(built.Notes, "by their names no manifests, encrypted ones maybe, which a plugin of Argo CD alone reads; what is in them is not judged: "+wording.Some(passed))
	}
	if hasFailed(built.Problems) {
		built.State = failed
	}
	return built, ctx.Err()
}

// manifest adds what a file holds.
func (b *Builder) manifest(f tree.File, built *Built) {
	built.Read = append(built.Read, f.Path)
	file := b.Repository.Manifest(f.Path)
	built.Resources = append(built.Resources, file.Resources...)
	problems := withStrays(file, file.Strays)
	if !hasFailed(problems) || len(file.Resources)+len(likely(file)) > 0 || looksLikeObject(f.Data) {
		built.Problems = append(built.Problems, problems...)
	}
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
