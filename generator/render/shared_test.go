package render_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// twins renders the same files in the folders a and b, beside one chart; other is what a file is in b.
func twins(t *testing.T, files map[string]string, name, other string) (inA, inB []manifest.Resource) {
	t.Helper()
	all := []tree.File{
		{Path: "charts/lamp/Chart.yaml", Data: []byte("name: lamp\nversion: 1.0.0\n")},
		{Path: "charts/lamp/templates/lamp.yaml", Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lamp, namespace: {{.Release.Namespace}}}\ndata: {{toJson .Values}}\n")},
	}
	for file, text := range files {
		all = append(all, tree.File{Path: "a/" + file, Data: []byte(text)})
		if file == name {
			text = other
		}
		all = append(all, tree.File{Path: "b/" + file, Data: []byte(text)})
	}
	made, err := tree.New(all...)
	if err != nil {
		t.Fatal(err)
	}
	result, err := render.All(t.Context(), made, render.Options{})
	if err != nil || len(result.Problems) > 0 || len(result.Resources)%2 > 0 || len(result.Resources) == 0 {
		t.Fatalf("got %v, %v, %d objects", err, result.Problems, len(result.Resources))
	}
	half := len(result.Resources) / 2
	return result.Resources[:half], result.Resources[half:]
}

const withChart = `
resources: [cm.yaml]
helmGlobals: {chartHome: ../charts}
helmCharts:
  - {name: lamp, namespace: lights, valuesFile: values.yaml}
`

// TestEqualUnits states that equal kustomizations have the same objects, which are shared, each with a place of its own.
func TestEqualUnits(t *testing.T) {
	files := map[string]string{
		"kustomization.yaml": withChart, "values.yaml": "a: b\n", "cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\n",
	}
	inA, inB := twins(t, files, "", "")
	for i, res := range inA {
		if reflect.ValueOf(res.Object).Pointer() != reflect.ValueOf(inB[i].Object).Pointer() {
			t.Errorf("%s: got two objects, want one", res.ID)
		}
		in := func(dir string, res manifest.Resource) bool { return strings.HasPrefix(res.Place().File, dir) }
		if !in("a/", res) || !in("b/", inB[i]) {
			t.Errorf("%s: got %s and %s, want places in a and b", res.ID, res.Place(), inB[i].Place())
		}
	}
}

// TestOtherUnits states that whatever file of a kustomization differs, be it one that kustomize alone knows of, its objects
// do too.
func TestOtherUnits(t *testing.T) {
	patch := "{apiVersion: v1, kind: ConfigMap, metadata: {name: own}, data: {a: %s}}\n"
	files := map[string]string{
		"kustomization.yaml": withChart + "transformers: [transformer.yaml]\n", "values.yaml": "a: b\n",
		"cm.yaml":          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\n",
		"transformer.yaml": "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: any}\npath: patch.yaml\ntarget: {name: own}\n",
		"patch.yaml":       fmt.Sprintf(patch, "b"),
	}
	for name, other := range map[string]string{
		"values.yaml": "a: c\n", "cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own, labels: {a: c}}\n", "patch.yaml": fmt.Sprintf(patch, "c"),
		"kustomization.yaml": strings.Replace(files["kustomization.yaml"], "lights", "stage", 1),
	} {
		inA, inB := twins(t, files, name, other)
		different := false
		for i, res := range inA {
			different = different || !reflect.DeepEqual(res.Object, inB[i].Object)
		}
		if !different {
			t.Errorf("%s differs: got the same objects", name)
		}
	}
}
