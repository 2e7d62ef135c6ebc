package linter_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// FuzzReadWaivers states that reading waivers never panics, that each finding and each waiver has a place inside of the
// file, and that a waiver has a known rule and a reason.
func FuzzReadWaivers(f *testing.F) {
	files, err := filepath.Glob("../golden/trees/*/.gitopsgen/waivers.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no waivers: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{
		"waivers: [{rule: a/b, reason: c, expires: 2030-12-31, match: {kind: d}}]", "waivers: {}", "waivers: [a, [b], {rule: [c]}]", "waivers: [&a {rule: a/b, reason: c}, *a]", "waivers:\n  - rule: a/b\n    match: *x\n",
		"waivers: [{expires: }]", "waivers: []\n---\nwaivers: []\n", "",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		last := 1
		for _, r := range string(data) {
			if strings.ContainsRune("\n\r\u0085\u2028\u2029", r) {
				last++
			}
		}
		inside := func(p manifest.Place) {
			if p.File != "waivers.yaml" || p.Line < 1 || p.Line > last || p.Column < 1 {
				t.Errorf("place %v: want one in the %d lines of waivers.yaml", p, last)
			}
		}
		waivers, findings := linter.ReadWaivers("waivers.yaml", data, []string{"a/b", "pods/privileged"})
		for _, w := range waivers {
			inside(w.Place)
			if w.Rule != "a/b" && w.Rule != "pods/privileged" || strings.TrimSpace(w.Reason) == "" {
				t.Errorf("got the waiver %+v", w)
			}
		}
		for _, one := range findings {
			inside(one.Place)
		}
	})
}
