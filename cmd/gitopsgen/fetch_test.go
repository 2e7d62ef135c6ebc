package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// fetches is how many charts are fetched at once.
const fetches = 8

// gathering is a server of charts that answers none before as many are asked for as may be, and counts what it is asked for.
type gathering struct {
	*httptest.Server
	charts, indexes atomic.Int32
}

func newGathering(t *testing.T) *gathering {
	charts := chartServer{fstest.MapFS{
		"lamp-1.0.0/Chart.yaml":          {Data: []byte(lampChart)},
		"lamp-1.0.0/values.yaml":         {},
		"lamp-1.0.0/templates/lamp.yaml": {Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lamp}\n")},
	}}
	g := &gathering{}
	together := make(chan struct{})
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		defer charts.ServeHTTP(w, req)
		if strings.HasSuffix(req.URL.Path, "/index.yaml") {
			g.indexes.Add(1)
			return
		}
		if g.charts.Add(1) == fetches {
			close(together)
		}
		select {
		case <-together:
		case <-time.After(30 * time.Second):
			t.Errorf("%d charts are asked for at once, want %d", g.charts.Load(), fetches)
		}
	}))
	t.Cleanup(g.Close)
	return g
}

const lampChart = "apiVersion: v2\nname: lamp\nversion: 1.0.0\n"

// TestFetchAheadOfApplications wants the same of the charts of Applications that something renders to, and of what charts in the
// repository depend on.
func TestFetchAheadOfApplications(t *testing.T) { // nor this one
	for name, of := range map[string]struct{ file, text string }{
		"Applications": {"apps/all.yaml", "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a%[3]d}, spec: {source: {repoURL: '%[1]s/%[2]d', chart: lamp, targetRevision: 1.x}}}\n---\n"},
		"dependencies": {"apps/Chart.yaml", "- {name: lamp, alias: a%[3]d, version: 1.x, repository: '%[1]s/%[2]d'}\n"},
	} {
		server := newGathering(t)
		text := ""
		for i := range 2 * fetches { // each is named twice
			text += fmt.Sprintf(of.text, server.URL, i/2, i)
		}
		if name == "dependencies" {
			text = strings.Replace(lampChart, "lamp", "needy", 1) + "dependencies:\n" + text
		}
		whole, err := tree.New(
			tree.File{Path: "root.yaml", Data: []byte("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: root}, spec: {source: {repoURL: x, path: apps}}}")},
			tree.File{Path: of.file, Data: []byte(text)},
		)
		if err != nil {
			t.Fatal(err)
		}
		g := (&program{getenv: func(string) string { return "" }}).with(supply.Options{Hosts: []string{"127.0.0.1"}})
		read, err := g.Read(whole, blueprint.Medium)
		if err != nil {
			t.Fatal(err)
		}
		r, err := g.Render(t.Context(), read, generator.RenderOptions{RequireRender: true})
		if err != nil || r.Failure != nil || len(r.Problems) > 0 || len(r.Resources) == 0 {
			t.Errorf("%s: got %v, %v, %v", name, err, r.Failure, r.Problems)
		}
		if server.charts.Load() != fetches || server.indexes.Load() != fetches {
			t.Errorf("%s: asked for %d indexes and %d charts, want %d of each", name, server.indexes.Load(), server.charts.Load(), fetches)
		}
	}
}

// TestFetchAhead wants the charts of a tree to be fetched several at once, each once, and not those that it holds.
func TestFetchAhead(t *testing.T) { // not beside those that start programs: no program is found while it renders
	server := newGathering(t)
	const repositories = fetches + 4
	entry := "helmCharts: [{name: lamp, repo: %s/%d, version: 1.0.0, releaseName: a}]\n"
	var files []tree.File
	for i := range repositories {
		for _, cluster := range []string{"one", "two"} {
			files = append(files, tree.File{Path: fmt.Sprintf("%s/%d/kustomization.yaml", cluster, i), Data: fmt.Appendf(nil, entry, server.URL, i)})
		}
	}
	files = append(files,
		tree.File{Path: "vendored/kustomization.yaml", Data: fmt.Appendf(nil, entry, server.URL, repositories)},
		tree.File{Path: "vendored/charts/lamp-1.0.0/lamp/Chart.yaml", Data: []byte(lampChart)},
		tree.File{Path: "vendored/charts/lamp-1.0.0/lamp/values.yaml"},
	)
	whole, err := tree.New(files...)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	p := &program{getenv: func(string) string { return "" }}
	g := p.with(supply.Options{Hosts: []string{"127.0.0.1"}})
	g.Progress = func(text string) { told = append(told, text) }
	read, err := g.Read(whole, blueprint.Medium)
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Render(t.Context(), read, generator.RenderOptions{RequireRender: true})
	if err != nil || r.Failure != nil || len(r.Problems) > 0 {
		t.Fatalf("got %v, %v, %v", err, r.Failure, r.Problems)
	}
	if got := len(r.Resources); got != 2*repositories {
		t.Errorf("got %d objects, want %d", got, 2*repositories)
	}
	if server.charts.Load() != repositories || server.indexes.Load() != repositories {
		t.Errorf("asked for %d indexes and %d charts, want %d of each", server.indexes.Load(), server.charts.Load(), repositories)
	}
	var want []string
	for i := range repositories + 1 {
		want = append(want, fmt.Sprintf("fetching charts: %d of %d", i, repositories))
	}
	if want = append(want, "rendering", ""); !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}
