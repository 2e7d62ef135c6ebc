package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing/fstest"

	"github.com/gitopsgen/gitopsgen/generator/chart/charttest"
)

// badCharts serves repositories of the chart lamp 1.0.0. Each is wrong in the way that its path names, and right in all
// else.
func badCharts() http.Handler {
	good, err := chartServer{fstest.MapFS{
		"lamp-1.0.0/Chart.yaml":          {Data: []byte("apiVersion: v2\nname: lamp\nversion: 1.0.0\n")},
		"lamp-1.0.0/values.yaml":         {},
		"lamp-1.0.0/templates/lamp.yaml": {Data: []byte("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lamp, namespace: lights}\n")},
	}}.pack("lamp-1.0.0")
	if err != nil {
		panic(err) // what is in memory can be packed
	}
	mux := http.NewServeMux()
	serve := func(name string, index string, archive http.HandlerFunc) {
		mux.HandleFunc("/"+name+"/index.yaml", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, index) })
		mux.HandleFunc("/"+name+"/lamp.tgz", archive)
	}
	right, bytesOf := lampIndex(good), func(data []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) }
	}
	out := charttest.Pack(charttest.File("lamp/../../x", ""))
	var asked atomic.Int32

	serve("gone", right, http.NotFound)
	serve("slow-start", right, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			http.Error(w, "wait", http.StatusInternalServerError)
			return
		}
		_, _ = w.Write(good)
	})
	serve("broken", right, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no", http.StatusInternalServerError)
	})
	serve("other-bytes", lampIndex([]byte("another archive")), bytesOf(good))
	serve("truncated", lampIndex(nil), bytesOf(good[:len(good)/2]))
	serve("leads-out", lampIndex(out), bytesOf(out))
	serve("announced", right, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(2<<30))
		_, _ = w.Write(good)
	})
	serve("endless", right, func(w http.ResponseWriter, req *http.Request) {
		for block := make([]byte, 1<<20); req.Context().Err() == nil; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	serve("large-index", largeIndex(50<<20)+strings.TrimPrefix(right, indexHead), bytesOf(good))
	serve("too-large-index", largeIndex(65<<20)+strings.TrimPrefix(right, indexHead), bytesOf(good))
	serve("no-yaml", "apiVersion: v1\nentries: {lamp: [}\n", bytesOf(good))
	serve("html", "<html>Sign in</html>\n", bytesOf(good))
	return mux
}

const indexHead = "apiVersion: v1\nentries:\n"

// lampIndex is the index of a repository of lamp 1.0.0. It names no digest where archive is nil.
func lampIndex(archive []byte) string {
	index := indexHead + "  lamp:\n  - version: 1.0.0\n    urls: [lamp.tgz]\n"
	if archive != nil {
		index += fmt.Sprintf("    digest: %x\n", sha256.Sum256(archive))
	}
	return index
}

// largeIndex is the beginning of an index of so many bytes and a few more.
func largeIndex(size int) string {
	var b strings.Builder
	b.WriteString(indexHead)
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "  torch-%d:\n  - version: 1.0.0\n    description: %s\n    urls: [torch.tgz]\n", i, strings.Repeat("bright ", 100))
	}
	return b.String()
}
