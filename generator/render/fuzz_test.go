package render_test

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// FuzzKustomization states that rendering a repository of a kustomization and an object never panics, and that each problem
// has a place inside of one of the two files. Nothing is fetched.
func FuzzKustomization(f *testing.F) {
	for _, text := range []string{
		"resources: [lamp.yaml]\nnamePrefix: a-\nnamespace: b\ncommonLabels: {c: d}\nimages: [{name: lamp, newTag: '2'}]\n", "resources: [lamp.yaml]\npatches:\n  - target: {kind: Pod}\n    patch: |-\n      - {op: replace, path: /spec/x, value: y}\n",
		"resources: [lamp.yaml]\npatchesStrategicMerge:\n  - |-\n    apiVersion: v1\n    kind: Pod\n    metadata: {name: lamp}\n    spec: {x: y}\n", "configMapGenerator: [{name: a, literals: [b=c], files: [lamp.yaml]}]\ngeneratorOptions: {disableNameSuffixHash: true}\n",
		"helmCharts: [{name: lamp, repo: 'https://charts.example.org', version: 1.0.0, valuesInline: {a: b}}]\nhelmGlobals: {chartHome: ../..}\n", "resources: [gone.yaml, ., .., 'https://example.org/a.yaml']\ncomponents: [x]\n", "resources: [lamp.yaml]\nreplacements: [{source: {kind: Pod, fieldPath: metadata.name}, targets: [{select: {kind: Pod}, fieldPaths: [spec.x]}]}]\n",
		"transformers: ['{apiVersion: builtin, kind: PrefixTransformer, metadata: {name: a}, prefix: b-}']\n", "openapi: {path: lamp.yaml}\nvars: [{name: A, objref: {kind: Pod, name: lamp, apiVersion: v1}}]\nreplicas: [{name: lamp, count: 2}]\n", "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n", "resources: &a [lamp.yaml]\ncrds: *a\n", "a: b\n", "- a\n", "",
	} {
		f.Add([]byte(text), []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: lamp}\nspec: {containers: [{name: lamp, image: 'lamp:1'}]}\n"))
	}
	f.Fuzz(func(t *testing.T, kustomization, object []byte) {
		files := map[string][]byte{"kustomization.yaml": kustomization, "lamp.yaml": object}
		made, err := tree.New(tree.File{Path: "kustomization.yaml", Data: kustomization}, tree.File{Path: "lamp.yaml", Data: object})
		if err != nil {
			t.Fatal(err)
		}
		result, err := render.All(t.Context(), made, render.Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkPlaces(t, result, files)
	})
}

// FuzzEdits states the same of an Application that says something of a kustomization.
func FuzzEdits(f *testing.F) {
	for _, text := range []string{
		"{namePrefix: a-, nameSuffix: -z, namespace: n}", "{images: ['lamp:2', 'a=b:1@sha256:0', '', '*']}", "{replicas: [{name: lamp, count: '3'}, {count: 1}]}",
		"{commonLabels: {a: b, '': c, 'd:e': f}, labelWithoutSelector: true}", "{commonAnnotations: {a: '\"\"'}, forceCommonAnnotations: true}",
		"{patches: [{patch: '[{op: add, path: /spec/-, value: {}}]', target: {kind: '.*', labelSelector: 'a in (b)'}}]}",
		"{patches: [{patch: '{apiVersion: v1, kind: Pod, metadata: {name: lamp}, spec: {containers: [{name: lamp}]}}'}, {path: lamp.yaml}]}",
		"{components: ['*', '[', ../.., /], ignoreMissingComponents: true, kubeVersion: x}", "{patches: [{options: {a: true}}]}", "[]", "a",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		app := "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {source: {repoURL: x, path: app, kustomize: " + text + "}}"
		files := map[string][]byte{
			"app.yaml": []byte(app), "app/kustomization.yaml": []byte("resources: [lamp.yaml]\nlabels: [{}]\n"),
			"app/lamp.yaml": []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: lamp}\nspec: {containers: [{name: lamp, image: 'lamp:1'}]}\n"),
		}
		var all []tree.File
		for name, data := range files {
			all = append(all, tree.File{Path: name, Data: data})
		}
		made, err := tree.New(all...)
		if err != nil {
			t.Fatal(err)
		}
		result, err := render.All(t.Context(), made, render.Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkPlaces(t, result, files)
	})
}

// checkPlaces holds the places of problems against the files.
func checkPlaces(t *testing.T, result render.Result, files map[string][]byte) {
	t.Helper()
	for _, p := range result.Problems {
		last := 1
		for _, r := range string(files[p.Place.File]) {
			if strings.ContainsRune("\n\r\u0085\u2028\u2029", r) {
				last++
			}
		}
		if _, ok := files[p.Place.File]; !ok || p.Place.Line < 1 || p.Place.Line > last || p.Place.Column < 1 {
			t.Errorf("%v: %s: want a place in the %d lines of a file that is there", p.Place, p.Message, last)
		}
	}
}
