package watchdog

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// standardMemory is what a process may take where nothing tells what there is.
const standardMemory = 4 << 30

// How much garbage there may be: as long as there is memory, a run that ends soon need not look for it often, so in percent of what is in
// use it is much. What is in use and garbage together are small all the same, or no more than the least of garbage with which a
// collection is worth its time.
const (
	garbage      = 300
	small        = 768 << 20
	leastGarbage = 256 << 20
)

// Whole calls the work of a whole process, in three quarters of the memory that there is.
func Whole(work func()) error {
	limit := availableMemory() / 4 * 3
	if limit == 0 {
		limit = standardMemory
	}
	debug.SetMemoryLimit(int64(limit)) // which collects garbage more often before it ends anything
	debug.SetGCPercent(garbage)
	boundGarbage(garbage)
	err := Run(context.Background(), Limits{Memory: limit}, work)
	var exceeded *Exceeded
	if errors.As(err, &exceeded) && exceeded.Memory {
		return fmt.Errorf("%w, which is what this machine has for it", err)
	}
	return err
}

// boundGarbage chooses after each collection how much garbage there may be before the next one; it is percent of what is in use now.
func boundGarbage(percent int) {
	unreached := &struct{ self *int }{} // so the next collection finds it
	runtime.AddCleanup(unreached, func(percent int) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		allowed := percentAt(live[0].Value.Uint64())
		if allowed != percent {
			debug.SetGCPercent(allowed)
		}
		boundGarbage(allowed)
	}, percent)
}

// percentAt is how much garbage there may be where so many bytes are in use, in percent of these.
func percentAt(live uint64) int {
	most := uint64(leastGarbage)
	if live < small-leastGarbage {
		most = small - live
	}
	return int(max(1, min(garbage, most*100/max(live, 1))))
}
