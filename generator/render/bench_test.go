package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// BenchmarkCRDs renders a chart with 1.9 MB of CustomResourceDefinitions. A patch that changes their metadata, as every
// kustomization of ours has one, keeps them on the shelf; namePrefix sends them through kustomize.
//
//	go1.26.8, two cores of an EPYC: metadata 0.13 s, namePrefix 0.92 s
func BenchmarkCRDs(b *testing.B) {
	for name, field := range map[string]string{
		"metadata":   "patches: [{target: {kind: CustomResourceDefinition}, patch: '{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: any, annotations: {a: b}}}'}]",
		"namePrefix": "namePrefix: my-",
	} {
		b.Run(name, func(b *testing.B) {
			files := []tree.File{
				{Path: "a/kustomization.yaml", Data: []byte("helmCharts: [{name: lamp, includeCRDs: true}]\n" + field + "\n")},
				{Path: "a/charts/lamp/Chart.yaml", Data: []byte("name: lamp\nversion: 1.0.0\n")},
				{Path: "a/charts/lamp/values.yaml"},
			}
			for i := range 10 {
				files = append(files, tree.File{Path: fmt.Sprintf("a/charts/lamp/crds/%d.yaml", i), Data: crd(i)})
			}
			t, err := tree.New(files...)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				result, err := render.All(b.Context(), t, render.Options{})
				if err != nil || len(result.Resources) != 10 {
					b.Fatalf("got %d objects, %v, %v", len(result.Resources), result.Problems, err)
				}
			}
		})
	}
}

// crd writes a definition of 200 KB in several versions, whose schemas are nested as deep as real ones.
func crd(i int) []byte {
	var text strings.Builder
	fmt.Fprintf(&text, "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: lamp%d.example.org}\nspec:\n  versions:\n", i)
	for version := range 11 {
		fmt.Fprintf(&text, "  - name: v%d\n    schema:\n", version)
		for depth := range 20 {
			indent := strings.Repeat("  ", depth+3)
			fmt.Fprintf(&text, "%sproperties:\n", indent)
			for field := range 6 {
				fmt.Fprintf(&text, "%s  field%d:\n%[1]s    type: string\n%[1]s    description: what this field of the object is for\n", indent, field)
			}
			fmt.Fprintf(&text, "%s  deeper:\n", indent)
		}
		fmt.Fprintf(&text, "%s{type: object}\n", strings.Repeat("  ", 24))
	}
	return []byte(text.String())
}
