// Package memo does what is asked for several times once.
//
// It knows keys, and nothing of what is done for them.
package memo

import (
	"context"
	"errors"
	"sync"
)

// Table keeps what was made for each key. It may be asked by several at the same time. The zero Table is empty.
type Table[K comparable, V any] struct {
	mu    sync.Mutex
	calls map[K]*call[V]
}

type call[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// errPanicked is what others are told where work panics.
var errPanicked = errors.New("it could not be made")

// Do calls work where nobody did so for the key before, else it waits for what that gave: be it an error. Where ctx ends
// first, the error is ctx's.
func (t *Table[K, V]) Do(ctx context.Context, key K, work func() (V, error)) (V, error) {
	c, known := t.call(key)
	if !known {
		c.err = errPanicked
		defer close(c.done) // or all who ask would wait for ever
		c.value, c.err = work()
		return c.value, c.err
	}
	select {
	case <-c.done:
		return c.value, c.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

func (t *Table[K, V]) call(key K) (c *call[V], known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c, known = t.calls[key]; known {
		return c, true
	}
	if t.calls == nil {
		t.calls = map[K]*call[V]{}
	}
	c = &call[V]{done: make(chan struct{})}
	t.calls[key] = c
	return c, false
}

// Forget lets go of what was made for a key.
func (t *Table[K, V]) Forget(key K) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.calls, key)
}

// Clear lets go of all that was made.
func (t *Table[K, V]) Clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls = nil
}
