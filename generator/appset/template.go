package appset

import (
	"fmt"
	"maps"
	"strings"

	"gopkg.in/yaml.v3"
	"k8s.io/apimachinery/pkg/util/strategicpatch"

	"github.com/gitopsgen/gitopsgen/generator/fill"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// draft is an Application that is not filled in yet, with what holds it; nil where no file does.
type draft struct {
	object   map[string]any
	document *manifest.Document
}

// draft is the set's template, under the generator's own.
func (x *expansion) draft(g generator, kind string) draft {
	all, _ := manifest.Dig(x.set.Object, "spec", "template").(map[string]any)
	own, _ := g.object(kind)["template"].(map[string]any)
	template := x.set.Origin.Document.At("spec", "template")
	d := draft{all, template}
	if len(own) > 0 {
		d.object = under(own, all)
		if over := x.set.Origin.Document.At(g.at.With(kind, "template")...); over != nil && template != nil {
			d.document = manifest.Held(mergeNodes(over.Node(), template.Node()))
		}
	}
	return d
}

// under fills what is empty in an object from another one.
func under(object, from map[string]any) map[string]any {
	out := maps.Clone(object)
	for key, value := range from {
		own, isMap := out[key].(map[string]any)
		other, both := value.(map[string]any)
		switch {
		case isMap && both && key != "valuesObject":
			out[key] = under(own, other)
		case isEmpty(out[key]):
			out[key] = value
		}
	}
	return out
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case int64:
		return v == 0
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// mergeNodes is a mapping with what stands in two, each key where it stands in the first that has it.
func mergeNodes(first, second *yaml.Node) *yaml.Node {
	first, second = resolve(first), resolve(second)
	if first.Kind != yaml.MappingNode || second.Kind != yaml.MappingNode {
		return first
	}
	merged := *first
	merged.Content = append([]*yaml.Node{}, first.Content...)
	at := map[string]int{}
	for i := 0; i+1 < len(merged.Content); i += 2 {
		at[merged.Content[i].Value] = i
	}
	for i := 0; i+1 < len(second.Content); i += 2 {
		key, value := second.Content[i], second.Content[i+1]
		if known, ok := at[key.Value]; ok {
			merged.Content[known+1] = mergeNodes(merged.Content[known+1], value)
		} else {
			merged.Content = append(merged.Content, key, value)
		}
	}
	return &merged
}

func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

const finalizer = "resources-finalizer.argocd.argoproj.io"

// fill makes the object of an Application.
func (x *expansion) fill(d draft, params map[string]any) (map[string]any, error) {
	object := map[string]any{"metadata": map[string]any{}, "spec": map[string]any{}}
	at := manifest.Path{"spec", "template"}
	filled := manifest.MapTexts(d.object, func(text string) string { return text })
	if len(params) > 0 {
		var err error
		if filled, err = x.engine.All(d.object, params); err != nil {
			return nil, x.wrong(at, "%v", err)
		}
	}
	metadata, _ := manifest.Dig(filled, "metadata").(map[string]any)
	own := map[string]any{}
	for _, field := range []string{"name", "labels", "annotations", "finalizers"} {
		if !isEmpty(metadata[field]) {
			own[field] = metadata[field]
		}
	}
	keeps := x.spec.SyncPolicy != nil && x.spec.SyncPolicy.PreserveResourcesOnDeletion
	if own["finalizers"] == nil && !keeps && len(params) > 0 {
		own["finalizers"] = []any{finalizer}
	}
	object["apiVersion"], object["kind"], object["metadata"] = x.set.ID.APIVersion(), "Application", own
	if spec, ok := manifest.Dig(filled, "spec").(map[string]any); ok {
		object["spec"] = spec
	}
	object, err := x.patch(object, params)
	if err != nil {
		return nil, x.wrong(manifest.Path{"spec", "templatePatch"}, "templatePatch: %v", err)
	}
	if own, ok := object["metadata"].(map[string]any); ok && x.set.ID.Namespace != "" {
		own["namespace"] = x.set.ID.Namespace
	}
	return object, nil
}

// patch lays the set's templatePatch over an Application. The project stays what it is.
func (x *expansion) patch(object, params map[string]any) (map[string]any, error) {
	if x.spec.TemplatePatch == nil {
		return object, nil
	}
	text, err := x.engine.Text(*x.spec.TemplatePatch, params)
	if err != nil {
		return nil, err
	}
	var patch map[string]any
	if err := fill.Unmarshal(strings.TrimSpace(text), &patch); err != nil {
		return nil, fmt.Errorf("it is no object: %w", err)
	}
	project, had := manifest.Dig(object, "spec", "project").(string)
	patched, err := strategicpatch.StrategicMergeMapPatchUsingLookupPatchMeta(object, patch, fields{})
	if err != nil {
		return nil, err
	}
	shaped, err := manifest.Shape(map[string]any(patched))
	if err != nil {
		return nil, err
	}
	object, _ = shaped.(map[string]any)
	if spec, ok := object["spec"].(map[string]any); ok {
		if delete(spec, "project"); had {
			spec["project"] = project
		}
	}
	return object, nil
}

// fields tell how a patch goes over an Application: all its lists are replaced, but for those of its metadata that any object has.
type fields struct{}

// LookupPatchMetadataForStruct is what strategicpatch asks of a field that holds an object.
func (fields) LookupPatchMetadataForStruct(string) (strategicpatch.LookupPatchMeta, strategicpatch.PatchMeta, error) {
	return fields{}, strategicpatch.PatchMeta{}, nil
}

// LookupPatchMetadataForSlice is what strategicpatch asks of a field that holds a list.
func (fields) LookupPatchMetadataForSlice(key string) (strategicpatch.LookupPatchMeta, strategicpatch.PatchMeta, error) {
	var meta strategicpatch.PatchMeta
	if key == "finalizers" {
		meta.SetPatchStrategies([]string{"merge"})
	}
	return fields{}, meta, nil
}

// Name is what strategicpatch calls it in errors.
func (fields) Name() string { return "Application" }
