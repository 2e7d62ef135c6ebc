package kustomize

import (
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// origins tell where what a kustomization renders to comes from. Kustomize could note it in annotations, but those
// change what patches and replacements see.
type origins struct {
	// exact are by what an object should be called in the end, without its version.
	exact map[manifest.ID]original
	// kinds are all of a kind, by the names in their files.
	kinds map[string][]original
	// first is what stands for that of which nothing can be told.
	first original
}

// original is an object as its file has it, and the visits in whose kustomizations it is.
type original struct {
	manifest.Resource
	within []int
}

func newOrigins() origins {
	return origins{exact: map[manifest.ID]original{}, kinds: map[string][]original{}}
}

// unfold unfolds as kustomize does what is called a list: List, ConfigMapList, ...
func unfold(resources []manifest.Resource) []manifest.Resource {
	return manifest.Unfold(resources, func(id manifest.ID) bool { return strings.HasSuffix(id.Kind, "List") })
}

// add notes an object as its file has it.
func (o *origins) add(res manifest.Resource, s scope) {
	from := original{res, s.changing}
	id := res.ID
	id.Version, id.Name = "", s.prefix+id.Name+s.suffix
	namespaces := []string{id.Namespace}
	if s.namespace != "" {
		namespaces = []string{s.namespace, id.Namespace}
	}
	for _, namespace := range namespaces {
		id.Namespace = namespace
		if _, ok := o.exact[id]; !ok {
			o.exact[id] = from
		}
	}
	kind := id.Group + "/" + id.Kind
	o.kinds[kind] = append(o.kinds[kind], from)
}

// find gives what an object was in its file, as far as that is known: its origin is there always. Where its name was changed in a way that only kustomize knows (hashes,
// patches), that is the object of its kind whose name is the largest part of it.
func (o *origins) find(id manifest.ID) original {
	id.Version = ""
	if res, ok := o.exact[id]; ok {
		return res
	}
	found, longest := o.first, -1
	for _, res := range o.kinds[id.Group+"/"+id.Kind] {
		if strings.Contains(id.Name, res.ID.Name) && len(res.ID.Name) > longest {
			found, longest = res, len(res.ID.Name)
		}
	}
	return found
}

// generated notes what a kustomization's generators make.
func (o *origins) generated(k kustomization.File, s scope) {
	if o.first.Origin.Place.File == "" {
		o.first.Origin.Place = k.Place()
	}
	add := func(kind, field string, i int, args types.GeneratorArgs) {
		if args.Behavior == "merge" || args.Behavior == "replace" {
			return
		}
		id := manifest.ID{Version: "v1", Kind: kind, Name: args.Name, Namespace: args.Namespace}
		o.add(manifest.Resource{ID: id, Origin: manifest.Origin{Place: k.Place(field, i)}}, s)
	}
	for i, g := range k.ConfigMapGenerator {
		add("ConfigMap", "configMapGenerator", i, g.GeneratorArgs)
	}
	for i, g := range k.SecretGenerator {
		add("Secret", "secretGenerator", i, g.GeneratorArgs)
	}
}
