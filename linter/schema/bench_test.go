package schema_test

import (
	"context"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/schema"
	"github.com/gitopsgen/gitopsgen/schemas"
)

// sixty gives an object of each of the first sixty kinds, as often as copies says.
func sixty(b *testing.B, copies int) linter.Input {
	kinds, err := schemas.Embedded().Kinds()
	if err != nil {
		b.Fatal(err)
	}
	var resources []manifest.Resource
	for range copies {
		for _, k := range kinds[:60] {
			resources = append(resources, bare(k.APIVersion(), k.Kind)...)
		}
	}
	return linter.Input{Resources: resources, Judged: both}
}

func benchmarkCheck(b *testing.B, in linter.Input, cacheDir func() string) {
	for b.Loop() {
		c := schema.New(schemas.Embedded(), cacheDir())
		if _, err := c.Check(context.Background(), linter.NewView(in)); err != nil {
			b.Fatal(err)
		}
	}
}

// 2026-11-21, 2 cores: 123 ms, nearly all of it kubeconform's compiler.
func BenchmarkSixtyKindsCold(b *testing.B) { benchmarkCheck(b, sixty(b, 1), b.TempDir) }

// 2026-11-21, 2 cores: 121 ms.
func BenchmarkSixtyKindsWarm(b *testing.B) {
	dir := b.TempDir()
	benchmarkCheck(b, sixty(b, 1), func() string { return dir })
}

// 2026-11-21, 2 cores: 120 ms.
func BenchmarkSixHundredObjects(b *testing.B) {
	dir := b.TempDir()
	benchmarkCheck(b, sixty(b, 10), func() string { return dir })
}
