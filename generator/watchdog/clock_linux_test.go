package watchdog_test

import (
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// TestRunCountsItsOwnWork lets others keep the machine busy for longer than the limit, while the work waits for each of
// them in turn.
func TestRunCountsItsOwnWork(t *testing.T) {
	const limit = 200 * time.Millisecond
	stop := make(chan struct{})
	err := watchdog.Run(t.Context(), watchdog.Limits{Time: limit}, func() {
		for start := time.Now(); time.Since(start) < 3*limit; {
			other := make(chan struct{})
			go func() { spin(limit/20, stop); close(other) }()
			<-other
		}
	})
	if err != nil {
		t.Errorf("got %v, want the work done", err)
	}
}
