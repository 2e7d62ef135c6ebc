package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"

	"gopkg.in/yaml.v3"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Edits are what the source has Argo CD write into a kustomization. An error says what it could not write.
func (r *Request) Edits() (kustomization.Edits, error) {
	k := r.Source.Kustomize
	if k == nil {
		return kustomization.Edits{}, nil
	}
	e := kustomization.Edits{
		NamePrefix: k.NamePrefix, NameSuffix: k.NameSuffix, Namespace: k.Namespace,
		Labels: substituted(r, k.CommonLabels), ForceLabels: k.ForceCommonLabels, WithoutSelector: k.LabelWithoutSelector, IncludeTemplates: k.LabelIncludeTemplates,
		Annotations: k.CommonAnnotations, ForceAnnotations: k.ForceCommonAnnotations,
		Components: k.Components, IgnoreMissing: k.IgnoreMissingComponents, KubeVersion: complete(k.KubeVersion), APIVersions: k.APIVersions,
		At: func(field ...any) manifest.Place { return r.Place(append([]any{"kustomize"}, field...)...) },
	}
	for _, image := range k.Images {
		e.Images = append(e.Images, r.Substitute(image))
	}
	for _, one := range k.Replicas {
		e.Replicas = append(e.Replicas, kustomization.Replicas{Name: one.Name, Count: fmt.Sprint(one.Count)})
	}
	if k.CommonAnnotationsEnvsubst {
		e.Annotations = substituted(r, k.CommonAnnotations)
	}
	for i, p := range k.Patches {
		patch, err := patchOf(p)
		if err != nil {
			return e, fmt.Errorf("patches[%d].options: %w", i, err)
		}
		e.Patches = append(e.Patches, patch)
	}
	e.Patch = func(i int) []*yaml.Node {
		if n := r.node("kustomize", "patches", i, "patch"); n != nil {
			return manifest.Literal(n)
		}
		return nil
	}
	return e, nil
}

// substituted are texts with the build environment in them.
func substituted(r *Request, texts map[string]string) map[string]string {
	out := maps.Clone(texts)
	for name, value := range out {
		out[name] = r.Substitute(value)
	}
	return out
}

// patchOf gives a patch as kustomize has it, which knows fewer options.
func patchOf(p argocd.KustomizePatch) (types.Patch, error) {
	patch := types.Patch{Path: p.Path, Patch: p.Patch}
	if t := p.Target; t != nil {
		patch.Target = &types.Selector{
			ResId:              resid.ResId{Gvk: resid.Gvk{Group: t.Group, Version: t.Version, Kind: t.Kind}, Name: t.Name, Namespace: t.Namespace},
			AnnotationSelector: t.AnnotationSelector, LabelSelector: t.LabelSelector,
		}
	}
	if len(p.Options) == 0 {
		return patch, nil
	}
	text, err := json.Marshal(p.Options)
	if err != nil {
		return patch, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	patch.Options = &types.PatchArgs{}
	return patch, decoder.Decode(patch.Options)
}
