// Package watchdog gives up on work that takes too long or too much memory.
//
// Go cannot stop a function from outside: work that is given up on runs on, so the process should end soon after.
package watchdog

import (
	"context"
	"fmt"
	"runtime/metrics"
	"time"
)

// Limits bound a piece of work. A zero field does not bound.
type Limits struct {
	Time time.Duration
	// Memory is how many bytes the heap and the stacks may grow by.
	Memory uint64
}

// Exceeded is the error for work that was given up on.
type Exceeded struct {
	Reason string
}

func (e *Exceeded) Error() string { return "stopped: " + e.Reason }

// interval is short against the time in which a runaway fills a machine's memory.
const interval = 5 * time.Millisecond

// Run calls work and waits for it. Where a limit is passed first, the error is an *Exceeded; where ctx ends first,
// it is ctx's; in both cases work is still running.
func Run(ctx context.Context, limits Limits, work func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	start, base := time.Now(), memory()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		if limits.Time > 0 && time.Since(start) > limits.Time {
			return &Exceeded{Reason: fmt.Sprintf("it took more than %s", limits.Time)}
		}
		if used := memory(); limits.Memory > 0 && used > base && used-base > limits.Memory {
			return &Exceeded{Reason: fmt.Sprintf("it took more than %d MiB of memory", limits.Memory>>20)}
		}
	}
}

func memory() uint64 {
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
	}
	metrics.Read(samples)
	return samples[0].Value.Uint64() + samples[1].Value.Uint64()
}
