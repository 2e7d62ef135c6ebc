package source

import (
	"fmt"
	"path"

	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Overrides are the files of a directory that Argo CD merges into the source of an Application, in this order.
func Overrides(t tree.Tree, dir, application string) []tree.File {
	var files []tree.File
	for _, name := range []string{".argocd-source.yaml", ".argocd-source-" + application + ".yaml"} {
		if f, ok := t.File(path.Join(dir, name)); ok {
			files = append(files, f)
		}
	}
	return files
}

// Merged gives an Application with files merged into the source that stands at a path of it, as Argo CD merges them: where the
// source comes from stays. Values that such a file brings have the place of the source.
func Merged(app argocd.Application, s argocd.Source, files []tree.File) (argocd.Source, error) {
	if len(files) == 0 {
		return s, nil
	}
	object, _ := manifest.Dig(app.Object, s.At...).(map[string]any)
	for _, f := range files {
		var patch map[string]any
		if err := sigs.Unmarshal(f.Data, &patch); err != nil {
			return s, fmt.Errorf("%s: %w", f.Path, err)
		}
		object = patched(object, patch)
	}
	res := app.Resource
	res.Object = map[string]any{"spec": map[string]any{"source": object}}
	merged, problems := argocd.ReadApplication(res)
	if len(problems) > 0 {
		return s, fmt.Errorf("%s: %s", files[len(files)-1].Path, problems[0].Message)
	}
	if merged.Spec.Source == nil {
		return s, nil
	}
	is := *merged.Spec.Source
	is.At, is.Chart, is.Path, is.RepoURL, is.TargetRevision = s.At, s.Chart, s.Path, s.RepoURL, s.TargetRevision
	return is, nil
}

// patched lays a merge patch over an object: a null takes away, and mappings are laid over each other.
func patched(object, patch map[string]any) map[string]any {
	out := map[string]any{}
	for key, value := range object {
		out[key] = value
	}
	for key, value := range patch {
		over, isMap := value.(map[string]any)
		below, _ := out[key].(map[string]any)
		switch {
		case value == nil:
			delete(out, key)
		case isMap:
			out[key] = patched(below, over)
		default:
			out[key] = value
		}
	}
	return out
}
