package watchdog

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"time"
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
	ended := make(chan struct{})
	defer close(ended)
	go boundGarbage(ended)
	err := Run(context.Background(), Limits{Memory: limit}, work)
	var exceeded *Exceeded
	if errors.As(err, &exceeded) && exceeded.Memory {
		return fmt.Errorf("%w, which is what this machine has for it", err)
	}
	return err
}

// boundGarbage chooses after each collection how much garbage there may be before the next one, until ended is closed. It looks
// often: until it has chosen, much more may be in use than before, and the same part of that would be more garbage than there may be.
func boundGarbage(ended <-chan struct{}) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	live, percent := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}, garbage
	for {
		select {
		case <-ended:
			return
		case <-ticker.C:
		}
		metrics.Read(live)
		if allowed := percentAt(live[0].Value.Uint64()); allowed != percent {
			debug.SetGCPercent(allowed)
			percent = allowed
		}
	}
}

// percentAt is how much garbage there may be where so many bytes are in use, in percent of these.
func percentAt(live uint64) int {
	most := uint64(leastGarbage)
	if live < small-leastGarbage {
		most = small - live
	}
	return int(max(1, min(garbage, most*100/max(live, 1))))
}
