package kustomization

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/pkg/util"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Setting finds the fields of an object that one of the edits sets, given how its file calls it. Those are the fields that have the
// value which the edit gives them: whoever changes them anywhere else changes nothing.
type Setting func(res manifest.Resource, before manifest.ID) []manifest.FieldOrigin

// Settings are those of all edits of the kustomization in a directory of t, in the order in which kustomize applies them.
func (e Edits) Settings(t tree.Tree, dir string) []Setting {
	var all []Setting
	for i := range e.Patches {
		all = append(all, e.patched(i, t, dir)...)
	}
	name := manifest.Path{"metadata", "name"}
	all = append(all, text(e, "namespace", e.Namespace, manifest.Path{"metadata", "namespace"})...)
	all = append(all, text(e, "nameSuffix", e.NameSuffix, name)...)
	all = append(all, text(e, "namePrefix", e.NamePrefix, name)...)
	mappings := []string{"labels", "matchLabels", "selector"}
	if e.WithoutSelector {
		mappings = mappings[:1]
	}
	all = append(all, paired(e, "commonLabels", e.Labels, mappings...)...)
	all = append(all, paired(e, "commonAnnotations", e.Annotations, "annotations")...)
	for i, r := range e.Replicas {
		all = append(all, e.counted(r, i))
	}
	for i, edit := range e.Images {
		all = append(all, find(e.At("images", i), func(at manifest.Path, v any) bool {
			image, is := v.(string)
			return is && at[len(at)-1] == "image" && isSetBy(image, edit)
		}))
	}
	return all
}

// holds says how the text of an edit stands in the field.
var holds = map[string]func(whole, part string) bool{
	"namePrefix": strings.HasPrefix, "nameSuffix": strings.HasSuffix, "namespace": func(whole, part string) bool { return whole == part },
}

// text is an edit of a text that is a part of one field; none where it is empty.
func text(e Edits, field, part string, at manifest.Path) []Setting {
	if part == "" {
		return nil
	}
	place, has := e.At(field), holds[field]
	return []Setting{func(res manifest.Resource, _ manifest.ID) []manifest.FieldOrigin {
		if whole, _ := manifest.Dig(res.Object, at...).(string); has(whole, part) {
			return []manifest.FieldOrigin{{At: at, Place: place}}
		}
		return nil
	}}
}

// paired are edits of labels or annotations, which stand in mappings of such names.
func paired(e Edits, field string, pairs map[string]string, mappings ...string) []Setting {
	var all []Setting
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		name, value := Pair(key, pairs[key])
		all = append(all, find(e.At(field, key), func(at manifest.Path, v any) bool {
			mapping, _ := at[max(0, len(at)-2)].(string)
			return v == any(value) && at[len(at)-1] == name && slices.Contains(mappings, mapping)
		}))
	}
	return all
}

// counted are the replicas of an index.
func (e Edits) counted(r Replicas, i int) Setting {
	at, place := manifest.Path{"spec", "replicas"}, e.At("replicas", i, "count")
	return func(res manifest.Resource, before manifest.ID) []manifest.FieldOrigin {
		if !slices.Contains(e.names(res.ID, before), r.Name) || fmt.Sprint(manifest.Dig(res.Object, at...)) != r.Count {
			return nil
		}
		return []manifest.FieldOrigin{{At: at, Place: place}}
	}
}

// names are what kustomizations may call an object: as its file does, as they do in the end, and so without what the edits put
// around it.
func (e Edits) names(now, before manifest.ID) []string {
	return []string{before.Name, now.Name, strings.TrimSuffix(strings.TrimPrefix(now.Name, e.NamePrefix), e.NameSuffix)}
}

// isSetBy reports whether an image is what an edit makes of one.
func isSetBy(image, edit string) bool {
	_, value, named := strings.Cut(edit, "=")
	if !named {
		value = edit
	}
	wantName, wantTag, wantDigest := util.SplitImageName(value)
	gotName, gotTag, gotDigest := util.SplitImageName(image)
	fits := func(got, want string) bool { return want == "" || want == "*" || got == want }
	return fits(gotName, wantName) && fits(gotTag, wantTag) && fits(gotDigest, wantDigest)
}

// find finds the values that are wanted, by their paths.
func find(place manifest.Place, wanted func(at manifest.Path, v any) bool) Setting {
	return func(res manifest.Resource, _ manifest.ID) (all []manifest.FieldOrigin) {
		var walk func(v any, at manifest.Path)
		walk = func(v any, at manifest.Path) {
			switch v := v.(type) {
			case map[string]any:
				for _, key := range slices.Sorted(maps.Keys(v)) {
					walk(v[key], at.With(key))
				}
			case []any:
				for i, item := range v {
					walk(item, at.With(i))
				}
			default:
				if wanted(at, v) {
					all = append(all, manifest.FieldOrigin{At: at, Place: place})
				}
			}
		}
		walk(res.Object, nil)
		return all
	}
}
