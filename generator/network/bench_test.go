package network_test

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/chart/charttest"
	"github.com/gitopsgen/gitopsgen/generator/network"
)

// BenchmarkCache reads 15 charts of 2 MB from the cache, which is more than an enterprise platform has.
//
//	2026-11, 2 cores that others used too: 293 ms, 70 MB
func BenchmarkCache(b *testing.B) {
	r := newRepository(b)
	cache := chart.Cache{Dir: b.TempDir()}
	random := rand.New(rand.NewSource(1))
	var entries []charttest.Entry
	entries = append(entries, charttest.File("lamp/Chart.yaml", "name: lamp\n"))
	for i := range 100 {
		var text strings.Builder
		for text.Len() < 20_000 {
			fmt.Fprintf(&text, "key%d:\n  description: value %x of the field that stands here\n", random.Intn(1000), random.Int63())
		}
		entries = append(entries, charttest.File(fmt.Sprintf("lamp/templates/%d.yaml", i), text.String()))
	}
	archives := map[string][]byte{}
	for i := range 15 {
		archives[fmt.Sprintf("1.%d.0", i)] = charttest.Pack(entries...)
	}
	r.publish(archives)
	n := network.New(network.Options{Hosts: loopback, Cache: cache})
	for version := range archives {
		if _, err := n.Chart(b.Context(), lampOf(r.URL, version)); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for b.Loop() {
		for version := range archives {
			if _, err := cache.Chart(b.Context(), lampOf(r.URL, version)); err != nil {
				b.Fatal(err)
			}
		}
	}
}
