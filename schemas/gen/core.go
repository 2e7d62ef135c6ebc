package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/schemas"
)

// core are Kubernetes' own kinds in one version.
type core struct {
	entries  []schemas.Entry
	metadata schemas.Node
	resolver *resolver
}

// swagger is what we read of api/openapi-spec/swagger.json.
type swagger struct {
	Definitions map[string]map[string]any `json:"definitions"`
	Paths       map[string]struct {
		Post struct {
			Kind *groupVersionKind `json:"x-kubernetes-group-version-kind"`
		} `json:"post"`
	} `json:"paths"`
}

type groupVersionKind struct{ Group, Version, Kind string }

// readCore reads the kinds out of the folder of k8s.io/kubernetes: its swagger file, and the enums, which that file
// lacks, out of the Go code that the API server builds its own from.
func readCore(dir, kubernetes string) (core, error) {
	data, err := os.ReadFile(filepath.Join(dir, "api/openapi-spec/swagger.json"))
	if err != nil {
		return core{}, err
	}
	var s swagger
	if err := json.Unmarshal(data, &s); err != nil {
		return core{}, err
	}
	enums, err := readEnums(filepath.Join(dir, "pkg/generated/openapi/zz_generated.openapi.go"))
	if err != nil {
		return core{}, err
	}
	r := newResolver(s.Definitions, enums)
	c := core{entries: s.kinds(r, kubernetes), metadata: schemas.Normalise(r.definition(metadataDefinition)), resolver: r}
	return c, r.err
}

const metadataDefinition = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"

// kinds lists the kinds, sorted by the names of their definitions. DeleteOptions and WatchEvent, which belong to every
// group, are none.
func (s swagger) kinds(r *resolver, kubernetes string) []schemas.Entry {
	scopes := s.scopes()
	var entries []schemas.Entry
	for _, name := range slices.Sorted(maps.Keys(s.Definitions)) {
		gvks, _ := s.Definitions[name]["x-kubernetes-group-version-kind"].([]any)
		if len(gvks) != 1 {
			continue
		}
		gvk, _ := gvks[0].(map[string]any)
		kind := schemas.Kind{}
		kind.Group, _ = gvk["group"].(string)
		kind.Version, _ = gvk["version"].(string)
		kind.Kind, _ = gvk["kind"].(string)
		kind.Scope = scopes[groupVersionKind{kind.Group, kind.Version, kind.Kind}]
		entries = append(entries, schemas.Entry{Kind: kind, Node: schemas.Normalise(r.definition(name)), Kubernetes: kubernetes})
	}
	return entries
}

// scopes reads the scope of each kind that can be created out of the path that takes it. What is created below
// another object is no object of its own.
func (s swagger) scopes() map[groupVersionKind]schemas.Scope {
	scopes := map[groupVersionKind]schemas.Scope{}
	for path, operations := range s.Paths {
		kind := operations.Post.Kind
		if kind == nil || strings.Contains(path, "{name}") {
			continue
		}
		if strings.Contains(path, "{namespace}") {
			scopes[*kind] = schemas.Namespaced
		} else if scopes[*kind] == schemas.NoScope {
			scopes[*kind] = schemas.Cluster
		}
	}
	return scopes
}

// quantity is what the parser of quantities takes.
const quantity = `^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+(\.[0-9]*)?)?$`

// special are the definitions that say less than is known.
var special = map[string]map[string]any{
	"io.k8s.apimachinery.pkg.api.resource.Quantity":   {"type": []any{"string", "number"}, "pattern": quantity},
	"io.k8s.apimachinery.pkg.util.intstr.IntOrString": {"x-kubernetes-int-or-string": true},
}

// repeating are the lists of maps in which the API server lets items repeat their keys.
var repeating = map[string]bool{
	"io.k8s.api.core.v1.Container.env":            true,
	"io.k8s.api.core.v1.Container.ports":          true,
	"io.k8s.api.core.v1.EphemeralContainer.env":   true,
	"io.k8s.api.core.v1.EphemeralContainer.ports": true,
	"io.k8s.api.core.v1.PodSpec.hostAliases":      true,
	"io.k8s.api.core.v1.PodSpec.imagePullSecrets": true,
	"io.k8s.api.core.v1.ServiceAccount.secrets":   true,
	metadataDefinition + ".ownerReferences":       true,
}

// resolver puts the definitions that others refer to in their place.
type resolver struct {
	definitions map[string]map[string]any
	enums       enums
	done        map[string]map[string]any
	busy        map[string]bool
	recursive   map[string]bool
	err         error
}

func newResolver(definitions map[string]map[string]any, enums enums) *resolver {
	return &resolver{
		definitions: definitions,
		enums:       enums,
		done:        map[string]map[string]any{},
		busy:        map[string]bool{},
		recursive:   map[string]bool{},
	}
}

// definition gives a definition with all it refers to put in. One that contains itself is named where it stands and
// referred to by that name inside.
func (r *resolver) definition(name string) map[string]any {
	if s, ok := special[name]; ok {
		return s
	}
	if s, ok := r.done[name]; ok {
		return s
	}
	if r.busy[name] {
		r.recursive[name] = true
		return map[string]any{"$ref": r.unique(name)}
	}
	s, ok := r.definitions[name]
	if !ok {
		r.err = fmt.Errorf("definition %q is missing", name)
		return nil
	}
	r.busy[name] = true
	s = r.resolve(s, name)
	r.busy[name] = false
	if r.recursive[name] {
		s["$name"] = r.unique(name)
	}
	r.done[name] = s
	return s
}

// resolve copies a schema with its references resolved, and adds what its path tells about it.
func (r *resolver) resolve(s map[string]any, path string) map[string]any {
	if ref, ok := s["$ref"].(string); ok {
		return r.definition(strings.TrimPrefix(ref, "#/definitions/"))
	}
	out := maps.Clone(s)
	if properties, ok := s["properties"].(map[string]any); ok {
		resolved := make(map[string]any, len(properties))
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			if p, ok := properties[name].(map[string]any); ok {
				resolved[name] = r.resolve(p, path+"."+name)
			}
		}
		out["properties"] = resolved
	}
	if items, ok := s["items"].(map[string]any); ok {
		out["items"] = r.resolve(items, path+itemStep)
	}
	if values, ok := s["additionalProperties"].(map[string]any); ok {
		out["additionalProperties"] = r.resolve(values, path+valueStep)
	}
	if values, ok := r.enums[path]; ok {
		out["enum"] = values
	}
	if repeating[path] {
		out["repeats"] = true
	}
	if s["x-kubernetes-patch-merge-key"] != nil && s["x-kubernetes-list-type"] == nil {
		r.err = fmt.Errorf("%s: it has a key for patches and no list type, which is all that we read", path)
	}
	return out
}

// unique names a definition; the names in two versions of Kubernetes are the same only if the definitions are.
func (r *resolver) unique(name string) schemas.Name {
	text, err := json.Marshal(r.definitions[name])
	if err != nil {
		r.err = err
	}
	sum := sha256.Sum256(text)
	return schemas.Name(name + "#" + hex.EncodeToString(sum[:4]))
}
