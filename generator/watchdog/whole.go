package watchdog

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// standardMemory is what a process may take where nothing tells what there is.
const standardMemory = 4 << 30

// garbage is how much of it there may be, in percent of what is in use: as long as there is memory, a run that ends soon
// need not look for it often.
const garbage = 300

// Whole calls the work of a whole process, in three quarters of the memory that there is.
func Whole(work func()) error {
	limit := availableMemory() / 4 * 3
	if limit == 0 {
		limit = standardMemory
	}
	debug.SetMemoryLimit(int64(limit)) // which collects garbage more often before it ends anything
	debug.SetGCPercent(garbage)
	err := Run(context.Background(), Limits{Memory: limit}, work)
	var exceeded *Exceeded
	if errors.As(err, &exceeded) && exceeded.Memory {
		return fmt.Errorf("%w, which is what this machine has for it", err)
	}
	return err
}
