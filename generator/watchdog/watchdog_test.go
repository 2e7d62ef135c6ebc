package watchdog_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// TestRun gives each kind of work limits that it passes, or none. Work that is given up on ends when the test does.
func TestRun(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	work := map[string]func(){
		"nothing": func() {},
		"waits":   func() { <-stop },
		"allocates": func() {
			held := make([][]byte, 0, 64)
			for range cap(held) {
				held = append(held, make([]byte, 1<<20))
			}
			<-stop
			held[0][0] = 1
		},
		"calls itself": func() { deep(20_000, stop) },
		"panics":       func() { panic("odd") },
		"works":        func() { spin(time.Minute, stop) },
	}
	for _, test := range []struct {
		name   string
		limits watchdog.Limits
		want   string
	}{
		{"nothing", watchdog.Limits{}, ""},
		{"nothing", watchdog.Limits{Time: time.Minute, Memory: 1 << 30}, ""},
		{"panics", watchdog.Limits{}, "stopped: it made a library fail: odd"},
		{"waits", watchdog.Limits{Time: 20 * time.Millisecond}, "stopped: it took more than 20ms"},
		{"works", watchdog.Limits{Time: 20 * time.Millisecond}, "stopped: it took more than 20ms"},
		{"allocates", watchdog.Limits{Time: time.Minute, Memory: 32 << 20}, "stopped: it took more than 32 MiB of memory"},
		{"calls itself", watchdog.Limits{Time: time.Minute, Memory: 16 << 20}, "stopped: it took more than 16 MiB of memory"},
	} {
		t.Run(test.name, func(t *testing.T) {
			runtime.GC() // what the last one held would hide what this one takes
			err := watchdog.Run(t.Context(), test.limits, work[test.name])
			var exceeded *watchdog.Exceeded
			switch {
			case test.want == "" && err != nil:
				t.Errorf("got %v, want no error", err)
			case test.want != "" && (!errors.As(err, &exceeded) || err.Error() != test.want):
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// spin keeps a processor busy for a time, unless it is told to stop.
func spin(d time.Duration, stop chan struct{}) {
	for start := time.Now(); time.Since(start) < d; {
		select {
		case <-stop:
			return
		default:
		}
	}
}

// deep takes a kilobyte of stack n times, and waits at the bottom.
func deep(n int, stop chan struct{}) byte {
	var frame [1024]byte
	if n == 0 {
		<-stop
		return 0
	}
	frame[n%len(frame)] = deep(n-1, stop)
	return frame[0]
}

func TestRunWaits(t *testing.T) {
	done := false
	if err := watchdog.Run(t.Context(), watchdog.Limits{Time: time.Minute}, func() { done = true }); err != nil || !done {
		t.Errorf("got %v, done %v, want the work done", err, done)
	}
}

func TestRunEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stop := make(chan struct{})
	defer close(stop)
	err := watchdog.Run(ctx, watchdog.Limits{}, func() { cancel(); <-stop })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
