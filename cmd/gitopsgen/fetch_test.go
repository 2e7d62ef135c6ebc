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

// TestFetchAhead wants the charts of a tree to be fetched several at once, each once, and not those that it holds.
func TestFetchAhead(t *testing.T) { // not beside those that start programs: no program is found while it renders
	lamp := []byte("apiVersion: v2\nname: lamp\nversion: 1.0.0\n")
	charts := chartServer{fstest.MapFS{
		"lamp-1.0.0/Chart.yaml":          {Data: lamp},
		"lamp-1.0.0/values.yaml":         {},
		"lamp-1.0.0/templates/lamp.yaml": {Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lamp}\n")},
	}}
	var asked, indexes atomic.Int32
	together := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		defer charts.ServeHTTP(w, req)
		if strings.HasSuffix(req.URL.Path, "/index.yaml") {
			indexes.Add(1)
			return
		}
		if asked.Add(1) == fetches {
			close(together)
		}
		select { // none is answered before as many ask as may
		case <-together:
		case <-time.After(30 * time.Second):
			t.Errorf("%d charts are asked for at once, want %d", asked.Load(), fetches)
		}
	}))
	defer server.Close()

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
		tree.File{Path: "vendored/charts/lamp-1.0.0/lamp/Chart.yaml", Data: lamp},
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
	if asked.Load() != repositories || indexes.Load() != repositories {
		t.Errorf("asked for %d indexes and %d charts, want %d of each", indexes.Load(), asked.Load(), repositories)
	}
	var want []string
	for i := range repositories + 1 {
		want = append(want, fmt.Sprintf("fetching charts: %d of %d", i, repositories))
	}
	if want = append(want, "rendering", ""); !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}
