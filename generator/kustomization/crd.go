package kustomization

import (
	"regexp"

	"gopkg.in/yaml.v3"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// SparesCRDs reports whether a kustomization leaves CustomResourceDefinitions as they are, but for their metadata.
func (k File) SparesCRDs() bool {
	rest := k.Kustomization
	rest.MetaData = nil
	rest.Resources, rest.HelmCharts, rest.HelmGlobals, rest.Patches = nil, nil, nil, nil
	rest.ConfigMapGenerator, rest.SecretGenerator, rest.GeneratorOptions = nil, nil, nil
	rest.CommonAnnotations = nil
	for _, p := range k.Patches {
		if !patchSparesCRDs(p) {
			return false
		}
	}
	return rest.CheckEmpty() != nil
}

var word = regexp.MustCompile(`^[A-Za-z]+$`)

// patchSparesCRDs reports whether a patch changes no more of a CustomResourceDefinition than its metadata.
func patchSparesCRDs(p types.Patch) bool {
	if p.Target != nil && word.MatchString(p.Target.Kind) && p.Target.Kind != "CustomResourceDefinition" {
		return true
	}
	docs, problems := manifest.Documents("", []byte(p.Patch))
	if p.Path != "" || p.Options != nil || len(docs) != 1 || len(problems) > 0 || docs[0].Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i < len(docs[0].Content); i += 2 {
		switch docs[0].Content[i].Value {
		case "apiVersion", "kind", "metadata":
		default:
			return false
		}
	}
	return true
}
