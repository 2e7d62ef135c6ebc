package edit_test

import (
	"os"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/edit"
)

// FuzzSetting states that --set never panics, and that what it puts into a spec stands there.
func FuzzSetting(f *testing.F) {
	for _, text := range []string{
		"name=acme", "clusters[0].nodes[0].name=n1", `components.argo-cd.values.configs.cm.admin\.enabled=false`, "registries.trusted=[ghcr.io/]", "a=\xff", "=", "a[1]=x", "capabilities.dns=none", "teams=- name: a\n  owner: b",
		"name=\"a\\n\"", "\u2028=\u2028", "x.\x00=1", "clusters[0].name={a: [b, {c: d}]}", "name=&a [*a]", "name=!!binary /w==", "clusters[0]=", "domain=",
	} {
		f.Add(text)
	}
	spec, err := os.ReadFile("../../golden/trees/small/gitopsgen.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := edit.Parse(text)
		if err != nil {
			return
		}
		edited, err := edit.Apply(spec, []edit.Setting{s})
		if err != nil {
			return
		}
		if _, err := edit.Apply(edited, []edit.Setting{s}); err != nil {
			t.Errorf("%q: it can be put in once, and then: %v", text, err)
		}
	})
}

// FuzzRemove states that taking something out of any text never panics, and brings nothing in but what stands for nothing.
func FuzzRemove(f *testing.F) {
	for _, text := range texts {
		f.Add(text, "a")
		f.Add(text, "c[0]")
		f.Add(text, "c.d")
	}
	f.Fuzz(func(t *testing.T, text, key string) {
		s, err := edit.Parse(key + "=")
		if err != nil {
			return
		}
		edited, err := edit.Apply([]byte(text), []edit.Setting{s})
		if err == nil && !within(string(edited), text) {
			t.Errorf("%q, %s: got %q", text, key, edited)
		}
	})
}
