package blueprint_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// specs are the texts of gitopsgen.yaml of the golden trees.
func specs(t testing.TB) [][]byte {
	t.Helper()
	files, err := filepath.Glob("../../golden/trees/*/gitopsgen.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no specs: %v", err)
	}
	var all [][]byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	return all
}

// lastLine is the number of the last line of a text, whatever ends lines in YAML.
func lastLine(data []byte) int {
	last := 1
	for _, r := range string(data) {
		if strings.ContainsRune("\n\r\u0085\u2028\u2029", r) {
			last++
		}
	}
	return last
}

// FuzzRead states that reading a spec never panics, that each mistake has a place inside of the file, and that what is read
// is read again from what it says.
func FuzzRead(f *testing.F) {
	for _, text := range specs(f) {
		f.Add(text)
	}
	for _, text := range []string{
		"", "---", head + "name: &a b\ntier: *a\n", head + "capabilities: {dns: {external: {by: a, reason: b, facts: {namespace: c}}}}\n", head + "clusters: [{name: a, networks: {pod: 10.0.0.0/8, bgp: {localASN: 1, peers: []}}}]\n",
		head + "registries: {mirror: {images: {'*': a/}, charts: {'*': oci://a}}}\nteams: [{name: a, owner: b, quota: {cpu: '1'}, apps: {repoURL: 'git@a:b', path: c}}]\n", head + "<<: *a\n", head + "lint: {severity: {a: off}, params: {b: {c: [1]}}}\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := blueprint.Read("spec.yaml", data)
		var wrong blueprint.SpecErrors
		if errors.As(err, &wrong) {
			for _, e := range wrong {
				checkPlace(t, e.Place, data)
			}
			return
		}
		if err != nil {
			if !strings.HasPrefix(err.Error(), "spec.yaml") {
				t.Errorf("an error without the file: %v", err)
			}
			return
		}
		doc.Spec.WithDefaults()
		again, err := yaml.Marshal(content(t, data))
		if err != nil {
			t.Fatal(err)
		}
		if second, err := blueprint.Read("spec.yaml", again); err != nil || !reflect.DeepEqual(second.Spec, doc.Spec) {
			t.Errorf("written again it is another spec: %v\n%s", err, again)
		}
	})
}

func checkPlace(t *testing.T, p manifest.Place, data []byte) {
	t.Helper()
	if last := lastLine(data); p.File != "spec.yaml" || p.Line < 1 || p.Line > last || p.Column < 1 {
		t.Errorf("place %v: want one in the %d lines of spec.yaml", p, last)
	}
}
