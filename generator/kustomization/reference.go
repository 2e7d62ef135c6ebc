package kustomization

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Reference is something that a kustomization names.
type Reference struct {
	Name string
	Use  Use
	// At is where in the file it is named.
	At []any
}

// Use is what kustomize does with what a kustomization names.
type Use int

// The uses.
const (
	AsResource  Use = iota // a file of objects, or a directory
	AsComponent            // a directory
	AsConfig               // a file or directory that configures a generator, transformer or validator
	AsYAML                 // a file that it reads as YAML
	AsData                 // a file that it takes as it is
	AsInline               // YAML itself
)

// inlines are the lists of names in which YAML itself may stand.
var inlines = map[string]bool{"generators": true, "transformers": true, "validators": true, "patchesStrategicMerge": true}

// isInline reports whether an entry of such a list is YAML, and no name. kustomize takes for a name what it cannot read as
// objects, asks Git for it if it is of no file, and so is asked itself.
func isInline(text string) (is bool) {
	docs, problems := manifest.Documents("", []byte(text))
	if len(docs) == 0 || len(problems) > 0 || slices.ContainsFunc(docs, func(n *yaml.Node) bool { return n.Kind != yaml.MappingNode }) {
		return false
	}
	defer func() {
		if recover() != nil {
			is = false
		}
	}()
	_, err := resmap.NewFactory(provider.NewDefaultDepProvider().GetResourceFactory()).NewResMapFromBytes([]byte(text))
	return err == nil
}

// References lists what a kustomization names, in the order in which kustomize reads it.
func (k File) References() []Reference {
	var all []Reference
	list := func(use Use, field string, names ...string) {
		for i, name := range names {
			use := use
			if inlines[field] && isInline(name) {
				use = AsInline
			}
			all = append(all, Reference{name, use, []any{field, i}})
		}
	}
	list(AsResource, "resources", k.Resources...)
	//lint:ignore SA1019 it is old, and in use
	list(AsResource, "bases", k.Bases...)
	list(AsYAML, "configurations", k.Configurations...)
	list(AsYAML, "crds", k.Crds...)
	list(AsConfig, "generators", k.Generators...)
	list(AsComponent, "components", k.Components...)
	list(AsConfig, "transformers", k.Transformers...)
	list(AsConfig, "validators", k.Validators...)
	all = append(all, patches("patches", k.Patches)...)
	//lint:ignore SA1019 it is old, and in use
	all = append(all, patches("patchesJson6902", k.PatchesJson6902)...)
	//lint:ignore SA1019 it is old, and in use
	for i, text := range k.PatchesStrategicMerge {
		list(AsYAML, "patchesStrategicMerge", string(text))
		all[len(all)-1].At[1] = i
	}
	return append(all, k.moreFiles()...)
}

// moreFiles are those that replacements and generators name.
func (k File) moreFiles() []Reference {
	var all []Reference
	for i, r := range k.Replacements {
		if r.Path != "" {
			all = append(all, Reference{r.Path, AsYAML, []any{"replacements", i, "path"}})
		}
	}
	for i, g := range k.ConfigMapGenerator {
		all = append(all, sources("configMapGenerator", i, g.KvPairSources)...)
	}
	for i, g := range k.SecretGenerator {
		all = append(all, sources("secretGenerator", i, g.KvPairSources)...)
	}
	return all
}

func patches(field string, patches []types.Patch) []Reference {
	var all []Reference
	for i, p := range patches {
		if p.Path != "" {
			all = append(all, Reference{p.Path, AsYAML, []any{field, i, "path"}})
		}
		if p.Patch != "" {
			all = append(all, Reference{p.Patch, AsInline, []any{field, i, "patch"}})
		}
	}
	return all
}

// sources are the files of a generator: [KEY=]FILE.
func sources(field string, i int, from types.KvPairSources) []Reference {
	var all []Reference
	for j, text := range from.FileSources {
		name := text
		if _, file, ok := strings.Cut(text, "="); ok {
			name = file
		}
		all = append(all, Reference{name, AsData, []any{field, i, "files", j}})
	}
	for j, name := range from.EnvSources {
		all = append(all, Reference{name, AsData, []any{field, i, "envs", j}})
	}
	if from.EnvSource != "" {
		all = append(all, Reference{from.EnvSource, AsData, []any{field, i, "env"}})
	}
	return all
}
