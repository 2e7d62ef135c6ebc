package kustomize

import "maps"

func isCRD(object map[string]any) bool { return object["kind"] == "CustomResourceDefinition" }

// headFields are those of an object that say what it is.
var headFields = []string{"apiVersion", "kind", "metadata"}

// metadataOf is what kustomize gets to see of a CustomResourceDefinition.
func metadataOf(object map[string]any) map[string]any {
	head := map[string]any{}
	for _, field := range headFields {
		if v, ok := object[field]; ok {
			head[field] = v
		}
	}
	return head
}

// shelf are the fields of charts' CustomResourceDefinitions that kustomize did not get to see, by name.
func (w *Whole) shelf() map[string]map[string]any {
	shelf := map[string]map[string]any{}
	for _, c := range w.Charts {
		out := w.charts[c.output()]
		for _, res := range out.objects {
			if isCRD(res.Object) && !out.touched {
				kept := maps.Clone(res.Object)
				for _, field := range headFields {
					delete(kept, field)
				}
				shelf[res.ID.Name] = kept
			}
		}
	}
	return shelf
}
