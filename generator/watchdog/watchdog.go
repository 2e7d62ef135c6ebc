// Package watchdog gives up on work that takes too long or too much memory.
//
// Go cannot stop a function from outside: work that is given up on runs on, so the process should end soon after.
package watchdog

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"time"
)

// Limits bound a piece of work. A zero field does not bound.
type Limits struct {
	// Time is how long the work may keep a processor busy, and how long it may wait without doing anything: what else the
	// machine does changes neither. What goroutines do that it starts is waiting. Where the system does not tell them
	// apart, Time is how long the work may take.
	Time time.Duration
	// Memory is how many bytes the heap and the stacks may grow by, from when they were smallest.
	Memory uint64
}

// Exceeded is the error for work that was given up on.
type Exceeded struct {
	Reason string
	// Memory says that it took too much memory: nothing else should be begun beside it.
	Memory bool
}

func (e *Exceeded) Error() string { return "stopped: " + e.Reason }

const (
	// interval is short against the time in which a runaway fills a machine's memory.
	interval = 5 * time.Millisecond
	// maxStack bounds the growth of the stacks whatever the limits are: Go ends the process without a word to us
	// when one of them needs more than 512 MiB.
	maxStack = 256 << 20
)

// Run calls work and waits for it. Where a limit is passed first, or work panics, the error is an *Exceeded; where ctx ends
// first, it is ctx's; in all cases work may still be running, and what it writes may not be read.
func Run(ctx context.Context, limits Limits, work func()) error {
	base := usage()
	clocks, done := make(chan clock, 1), make(chan error, 1)
	go func() {
		if limits.Time > 0 {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			clocks <- threadClock()
		} else {
			clocks <- wallClock()
		}
		done <- Safely(work)
	}()
	watch := newStopwatch(<-clocks)
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case err := <-done:
			if err != nil {
				Note(ctx)
			}
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		now := usage()
		// What was garbage before does not hide what the work takes.
		base.heap, base.stacks = min(base.heap, now.heap), min(base.stacks, now.stacks)
		if exceeded := limits.passed(watch.tick(), base, now); exceeded != nil {
			Note(ctx)
			return exceeded
		}
	}
}

// clock tells for how long something has kept processors busy.
type clock func() time.Duration

// wallClock takes it for busy all the time.
func wallClock() clock {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// stopwatch measures the thread that its clock is of, from now on.
type stopwatch struct {
	clock       clock
	first, last time.Duration
	// still counts the ticks since the thread last did anything: a process that was halted has missed none.
	still int
}

func newStopwatch(c clock) stopwatch { return stopwatch{clock: c, first: c()} }

// tick gives for how long the work has been busy or, where that is longer, has waited.
func (s *stopwatch) tick() time.Duration {
	now := s.clock()
	if s.still++; now > s.last {
		s.last, s.still = now, 0
	}
	return max(s.last-s.first, time.Duration(s.still)*interval)
}

// Safely calls work. Where it panics, the error is an *Exceeded: a library met what its authors did not think of, and what
// it was working on is not to be trusted.
func Safely(work func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Exceeded{Reason: fmt.Sprintf("it made a library fail: %v", p)}
		}
	}()
	work()
	return nil
}

// passed says which limit was passed; nil is none.
func (l Limits) passed(took time.Duration, base, now used) *Exceeded {
	switch {
	case l.Memory > 0 && now.heap+now.stacks > base.heap+base.stacks+l.Memory:
		return &Exceeded{Reason: fmt.Sprintf("it took more than %d MiB of memory", l.Memory>>20), Memory: true}
	case now.stacks > base.stacks+maxStack:
		return &Exceeded{Reason: "it calls itself without end", Memory: true}
	case l.Time > 0 && took > l.Time:
		return &Exceeded{Reason: fmt.Sprintf("it took more than %s", l.Time)}
	}
	return nil
}

// used is the memory that a process uses, in bytes.
type used struct {
	heap, stacks uint64
}

func usage() used {
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
	}
	metrics.Read(samples)
	return used{samples[0].Value.Uint64(), samples[1].Value.Uint64()}
}
