package kustomize

import (
	"reflect"
	"strings"
	"testing"
)

// TestObjects states that a text read in parts gives the objects, and the error, that it gives as a whole, and that parts of the same
// text are read once.
func TestObjects(t *testing.T) {
	service := "---\n# Source: lamp/templates/service.yaml\nkind: Service\napiVersion: v1\nmetadata: {name: lamp}\n\n"
	list := "---\n# Source: lamp/templates/list.yaml\nkind: List\napiVersion: v1\nitems:\n- {kind: Pod, apiVersion: v1, metadata: {name: a}}\n- {kind: Pod, apiVersion: v1}\n"
	text := "---\n# Source: lamp/crds/a.yaml\n---\nkind: Widget\napiVersion: v1\na: |+\n  b\n\n---\nkind: Other\napiVersion: v1\nmetadata: {name: a}\n"
	for _, parts := range [][]string{
		nil, {service}, {service, list, text, service}, {text, "---\n# Source: nothing\n\n"},
		{service, "---\na: [\n"}, {service, text, "---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\ndata: [b]\n"}, {list, "---\nkind: A\napiVersion: v1\nmetadata: [a]\n"},
		{service, "--- a\nkind: Service\n"},
	} {
		var r Reader
		got, err := r.Objects(t.Context(), parts)
		want, wantErr := objects([]byte(strings.Join(parts, "")))
		if !reflect.DeepEqual(got, want) || (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
			t.Errorf("%q: got %v, %v, want %v, %v", parts, got, err, want, wantErr)
		}
	}
	var r Reader
	first, _ := r.Objects(t.Context(), []string{service})
	if again, _ := r.Objects(t.Context(), []string{list, service}); len(again) != 3 || reflect.ValueOf(again[2].Object).Pointer() != reflect.ValueOf(first[0].Object).Pointer() {
		t.Errorf("got %v, want the Service of %v among it", again, first)
	}
}
