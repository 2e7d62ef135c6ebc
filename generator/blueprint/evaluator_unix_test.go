//go:build unix

package blueprint_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// processorTime is what the process took of all processors so far.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// On two cores of a virtual machine, in ms, and ms of processors, for 1, 10, 50 and 100 clusters of an enterprise:
//
// 2026-11, with eight components, in one call: 11.
// 2026-11, in one call: 108 (108), 611 (544), 2783 (2642), stopped after 20 s.
// 2026-11, a call for each: 91 (114), 399 (698), 1679 (3004), 3502 (5996).
func BenchmarkEvaluateClusters(b *testing.B) {
	for _, n := range []int{1, 10, 50, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			spec, start := fleet(n), processorTime(b)
			for b.Loop() {
				if _, _, err := blueprint.Evaluate(b.Context(), source(nil), spec); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((processorTime(b)-start).Milliseconds())/float64(b.N), "cpu-ms/op")
		})
	}
}
