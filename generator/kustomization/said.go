package kustomization

import (
	"cmp"
	"fmt"
	"path"

	"gopkg.in/yaml.v3"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Settings are those of what the kustomization itself says of objects, in the order in which kustomize applies them.
func (k File) Settings(t tree.Tree) []Setting {
	var all []Setting
	if k.Readable() {
		e := k.said(t)
		all = e.Settings(t, k.Dir)
		for i, l := range k.Labels {
			e.At = func(field ...any) manifest.Place {
				return k.Place(append([]any{"labels", i, "pairs"}, field[1:]...)...)
			}
			mappings := []string{"labels", "matchLabels", "selector"}
			if !l.IncludeSelectors {
				mappings = mappings[:1]
			}
			all = append(all, paired(e, "labels", l.Pairs, mappings...)...)
		}
	}
	return all
}

// said writes what the kustomization says as edits, but for labels that are not common ones.
func (k File) said(t tree.Tree) Edits {
	e := Edits{
		NamePrefix: k.NamePrefix, NameSuffix: k.NameSuffix, Namespace: k.Namespace,
		Labels: k.CommonLabels, Annotations: k.CommonAnnotations, //lint:ignore SA1019 it is old, and in use
	}
	for _, image := range k.Images {
		e.Images = append(e.Images, written(image))
	}
	for _, r := range k.Replicas {
		e.Replicas = append(e.Replicas, Replicas{Name: r.Name, Count: fmt.Sprint(r.Count)})
	}
	patches, fields := k.allPatches(t)
	e.Patches = patches
	e.At = func(field ...any) manifest.Place {
		switch field[0] {
		case "patches":
			return k.Place(fields[field[1].(int)]...)
		case "images":
			return k.Place("images", field[1], decisive(k.Images[field[1].(int)]))
		}
		return k.Place(field...)
	}
	e.Patch = func(i int) []*yaml.Node {
		if n := manifest.Field(k.doc, fields[i]...); n != nil {
			return manifest.Literal(n)
		}
		return nil
	}
	return e
}

// allPatches are the patches of all fields that have some, each with the path of its text.
func (k File) allPatches(t tree.Tree) (patches []types.Patch, fields [][]any) {
	//lint:ignore SA1019 it is old, and in use
	for i, text := range k.PatchesStrategicMerge {
		p := types.Patch{Patch: string(text)}
		if _, isFile := t.File(path.Join(k.Dir, string(text))); isFile {
			p = types.Patch{Path: string(text)}
		}
		patches, fields = append(patches, p), append(fields, []any{"patchesStrategicMerge", i})
	}
	for i, p := range k.Patches {
		patches, fields = append(patches, p), append(fields, []any{"patches", i, "patch"})
	}
	//lint:ignore SA1019 it is old, and in use
	for i, p := range k.PatchesJson6902 {
		patches, fields = append(patches, p), append(fields, []any{"patchesJson6902", i, "patch"})
	}
	return patches, fields
}

// written is an image as `kustomize edit set image` takes it.
func written(image types.Image) string {
	text := cmp.Or(image.NewName, image.Name)
	if image.NewTag != "" {
		text += ":" + image.NewTag
	}
	if image.Digest != "" {
		text += "@" + image.Digest
	}
	return image.Name + "=" + text
}

// decisive is the field of an image that people change.
func decisive(image types.Image) string {
	switch {
	case image.Digest != "":
		return "digest"
	case image.NewTag != "":
		return "newTag"
	}
	return "newName"
}
