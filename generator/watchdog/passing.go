package watchdog

import (
	"context"
	"sync/atomic"
)

type passing struct{}

// Noting gives a context by which work says that it might come to something else another time, though it is done on the same:
// because of a limit, as Run says itself, or of chance, the clock or the network. noted reports whether it said so.
func Noting(ctx context.Context) (noting context.Context, noted func() bool) {
	said := &atomic.Bool{}
	return context.WithValue(ctx, passing{}, said), said.Load
}

// Note says that what is worked out under a context might be something else another time.
func Note(ctx context.Context) {
	if said, ok := ctx.Value(passing{}).(*atomic.Bool); ok {
		said.Store(true)
	}
}
