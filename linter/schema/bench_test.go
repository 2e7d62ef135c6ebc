package schema_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/yannh/kubeconform/pkg/resource"
	"github.com/yannh/kubeconform/pkg/validator"
	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/schema"
	"github.com/gitopsgen/gitopsgen/schemas"
)

// kubernetes is the version that the benchmarks judge by.
const kubernetes = "1.36"

// sixty gives an object of each of sixty kinds.
func sixty(b *testing.B) linter.Input {
	kinds, err := schemas.Embedded().Kinds()
	if err != nil {
		b.Fatal(err)
	}
	in := linter.Input{Judged: both, KubernetesVersion: kubernetes}
	for _, k := range kinds[:60] {
		in.Resources = append(in.Resources, bare(k.APIVersion(), k.Kind)...)
	}
	return in
}

func judge(b *testing.B, bundle *schemas.Bundle, in linter.Input, cacheDir string) {
	if _, err := schema.New(bundle, cacheDir).Check(context.Background(), linter.NewView(in)); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkFirst judges one object by a bundle that nobody has opened, with an empty cache.
func BenchmarkFirst(b *testing.B) {
	bundle, err := os.ReadFile("../../schemas/bundle.zst")
	if err != nil {
		b.Fatal(err)
	}
	in := linter.Input{Resources: parse(b, "a.yaml", inDeployment("replicas: 1", "")), Judged: both, KubernetesVersion: kubernetes}
	for b.Loop() {
		judge(b, schemas.New(bundle), in, b.TempDir())
	}
}

// BenchmarkSixtyKinds judges an object of each of sixty kinds, with an empty cache and with a full one. Nearly all of it is kubeconform's compiler.
func BenchmarkSixtyKinds(b *testing.B) {
	in := sixty(b)
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			judge(b, schemas.Embedded(), in, b.TempDir())
		}
	})
	b.Run("warm", func(b *testing.B) {
		dir := b.TempDir()
		for b.Loop() {
			judge(b, schemas.Embedded(), in, dir)
		}
	})
}

// BenchmarkDocuments judges 2,000 documents, and has kubeconform do so with the same schemas, on as many processors. Both begin anew
// each time, with schemas that lie in a folder. We judge objects, which rendering gives; from text they are read first, as
// kubeconform always does. Distinct ones differ in their names; repeated ones are 200, ten times each, as clusters get the same.
func BenchmarkDocuments(b *testing.B) {
	documents := corpus(b)
	repeated := make([][]byte, len(documents))
	for i := range documents {
		repeated[i] = documents[i%(len(documents)/10)]
	}
	for _, set := range []struct {
		name      string
		documents [][]byte
	}{{"distinct", documents}, {"repeated", repeated}} {
		b.Run(set.name+"/gitopsgen", func(b *testing.B) {
			in, dir := read(set.documents), b.TempDir()
			for b.Loop() {
				judge(b, schemas.Embedded(), in, dir)
			}
		})
		b.Run(set.name+"/gitopsgen-text", func(b *testing.B) {
			dir := b.TempDir()
			for b.Loop() {
				judge(b, schemas.Embedded(), read(set.documents), dir)
			}
		})
		b.Run(set.name+"/kubeconform", func(b *testing.B) { benchmarkKubeconform(b, set.documents) })
	}
}

// corpus is 2,000 documents of the golden trees, by other names.
func corpus(b *testing.B) (documents [][]byte) {
	var objects []map[string]any
	err := filepath.WalkDir("../../golden/trees", func(file string, _ fs.DirEntry, err error) error {
		if filepath.Ext(file) != ".yaml" || err != nil {
			return err
		}
		text, err := os.ReadFile(file)
		resources, _ := manifest.Parse(file, text)
		for _, r := range resources {
			if _, found, _ := schemas.Embedded().Schema(r.ID.APIVersion(), r.ID.Kind, kubernetes); found && r.ID.Name != "" {
				objects = append(objects, r.Object)
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 2000 {
		object := maps.Clone(objects[i%len(objects)])
		metadata, _ := object["metadata"].(map[string]any)
		metadata = maps.Clone(metadata)
		metadata["name"] = fmt.Sprintf("%s-%d", metadata["name"], i)
		object["metadata"] = metadata
		text, err := yaml.Marshal(object)
		if err != nil {
			b.Fatal(err)
		}
		documents = append(documents, text)
	}
	return documents
}

// read reads the objects of documents.
func read(documents [][]byte) linter.Input {
	objects := make([]manifest.Resource, len(documents))
	inParallel(len(documents), func(i int) {
		found, _ := manifest.Parse("a.yaml", documents[i])
		objects[i] = found[0]
	})
	return linter.Input{Resources: objects, Judged: both, KubernetesVersion: kubernetes}
}

func benchmarkKubeconform(b *testing.B, documents [][]byte) {
	dir := b.TempDir()
	for _, text := range documents {
		resources, _ := manifest.Parse("a.yaml", text)
		id := resources[0].ID
		data, _, err := schemas.Embedded().Schema(id.APIVersion(), id.Kind, kubernetes)
		if err != nil {
			b.Fatal(err)
		}
		group, _, _ := strings.Cut(id.APIVersion(), "/") // which is v1 to kubeconform where there is none
		name := fmt.Sprintf("%s_%s_%s.json", group, strings.ToLower(id.Kind), id.Version)
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		v, err := validator.New([]string{dir + "/{{.Group}}_{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"}, validator.Opts{Strict: true})
		if err != nil {
			b.Fatal(err)
		}
		inParallel(len(documents), func(i int) {
			if r := v.ValidateResource(resource.Resource{Bytes: documents[i]}); r.Status == validator.Error {
				b.Error(r.Err)
			}
		})
	}
}

// inParallel calls do for each number below n, on all processors.
func inParallel(n int, do func(i int)) {
	var all sync.WaitGroup
	for w := range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := w; i < n; i += runtime.GOMAXPROCS(0) {
				do(i)
			}
		})
	}
	all.Wait()
}
