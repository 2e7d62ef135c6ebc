package render_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/chart/charttest"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
)

// TestRender renders the trees in testdata/*.txtar. Lines of an archive's comment that begin with @ are options; the
// file want is what came out, and want.yaml, where it is there, the objects themselves.
func TestRender(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v, want archives", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			made, options := input(t, archive)
			result, err := render.All(t.Context(), made, options)
			got := map[string]string{"want": report(result, err), "want.yaml": objects(t, result)}
			for i, f := range archive.Files {
				if text, ok := got[f.Name]; ok {
					archive.Files[i].Data = []byte(text)
				}
			}
			goldentest.Compare(t, txtar.Format(archive), "generator/render/"+filepath.ToSlash(file))
		})
	}
}

// TestAllEnds states that a context that has ended ends rendering, and is the error.
func TestAllEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	made, err := tree.New(tree.File{Path: "a/kustomization.yaml", Data: []byte("namePrefix: a")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := render.All(ctx, made, render.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// input makes the tree and the options that an archive holds.
func input(t *testing.T, archive *txtar.Archive) (tree.Tree, render.Options) {
	t.Helper()
	options := render.Options{Namespaced: namespaced, Clusters: map[string]string{"https://kubernetes.default.svc": "prod"}}
	var files []tree.File
	mirror := fstest.MapFS{}
	for _, f := range archive.Files {
		if strings.HasPrefix(f.Name, "want") || strings.HasPrefix(f.Name, "remote/") {
			continue
		}
		if packed, inside, ok := strings.Cut(f.Name, ".tgz/"); ok {
			add(mirror, packed+".tgz", inside, f.Data)
			continue
		}
		files = append(files, tree.File{Path: f.Name, Data: f.Data})
	}
	made, err := tree.New(files...)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(archive.Comment), "\n") {
		switch key, value, _ := strings.Cut(line, " "); key {
		case "@url":
			options.URLs = append(options.URLs, value)
		case "@time":
			if options.Limits.Time, err = time.ParseDuration(value); err != nil {
				t.Fatal(err)
			}
		case "@remote":
			options.ShowFetched = true
			options.File = func(_ context.Context, url string) ([]byte, error) {
				for _, f := range archive.Files {
					if name, ok := strings.CutPrefix(url, value); ok && f.Name == "remote"+name {
						return f.Data, nil
					}
				}
				return nil, &chart.Unavailable{Reason: "answers 404"}
			}
		case "@memory":
			mebibytes, err := strconv.Atoi(value)
			if err != nil {
				t.Fatal(err)
			}
			options.Limits.Memory = uint64(mebibytes) << 20
		case "@mirror":
			for name, f := range mirror {
				mirror[name] = &fstest.MapFile{Data: charttest.Pack(f.Sys.([]charttest.Entry)...)}
			}
			options.Charts = append(options.Charts, chart.Folder{From: value, FS: mirror})
		}
	}
	return made, options
}

// add notes a file of a chart that is to be packed.
func add(mirror fstest.MapFS, packed, inside string, data []byte) {
	if mirror[packed] == nil {
		mirror[packed] = &fstest.MapFile{Sys: []charttest.Entry(nil)}
	}
	mirror[packed].Sys = append(mirror[packed].Sys.([]charttest.Entry), charttest.File("chart/"+inside, string(data)))
}

func namespaced(group, kind string) (namespaced, known bool) {
	switch kind {
	case "ConfigMap", "Secret", "Service", "Deployment", "Pod", "Job", "Application", "AppProject", "ApplicationSet":
		return true, true
	case "Namespace", "ClusterRole", "CustomResourceDefinition":
		return false, true
	}
	return false, false
}

// report says in lines what came out.
func report(r render.Result, err error) string {
	var b strings.Builder
	for _, a := range r.Applications {
		fmt.Fprintf(&b, "%s %s %s at %s: ", cmp.Or(string(a.Kind), "application"), a.Name, a.Cluster, at(a.Place))
		switch {
		case a.State.Kind == build.Failed:
			fmt.Fprintf(&b, "failed: %s\n", a.State.Reason)
		case a.State.Kind == build.Refused:
			fmt.Fprintf(&b, "refused at %s: %s\n", at(a.State.Place), a.State.Reason)
		case !a.State.Known():
			fmt.Fprintf(&b, "not rendered: %s\n", a.State.Reason)
		default:
			fmt.Fprintf(&b, "%d objects\n", a.Objects)
		}
	}
	for _, res := range r.Resources {
		fmt.Fprintf(&b, "%s at %s", res.ID, at(res.Place()))
		for _, from := range []string{res.Origin.Application, res.Origin.Cluster, res.Origin.Chart} {
			if from != "" {
				fmt.Fprintf(&b, ", %s", from)
			}
		}
		b.WriteString("\n")
		for _, f := range res.Origin.Fields {
			fmt.Fprintf(&b, "  %s at %s\n", f.At, at(f.Place))
		}
	}
	for _, p := range r.Problems {
		kind := map[build.ProblemKind]string{build.RenderFailed: "failed", build.InvalidYAML: "invalid", build.DuplicateKey: "double", build.HelmNotEnabled: "helm"}[p.Kind]
		fmt.Fprintf(&b, "problem %s: %s: %s\n", at(p.Place), kind, p.Message)
	}
	for _, alone := range r.Alone {
		if !alone.Applications {
			fmt.Fprintf(&b, "standalone %s\n", alone.File)
		}
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "note %s\n", note)
	}
	if err != nil {
		fmt.Fprintf(&b, "error %s\n", err)
	}
	return b.String()
}

func at(p manifest.Place) string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

func objects(t *testing.T, r render.Result) string {
	t.Helper()
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	for _, res := range r.Resources {
		if err := encoder.Encode(res.Object); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}
