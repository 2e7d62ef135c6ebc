package memo_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/memo"
)

// TestOnce states that many who ask for a key at once get one value, an error as any other, until it is forgotten.
func TestOnce(t *testing.T) {
	wrong := errors.New("wrong")
	for _, want := range []error{nil, wrong} {
		var table memo.Table[string, int]
		var calls atomic.Int64
		ask := func() {
			if _, err := table.Do(t.Context(), "a", func() (int, error) { return int(calls.Add(1)), want }); err != want {
				t.Errorf("got %v, want %v", err, want)
			}
		}
		var all sync.WaitGroup
		for range 8 {
			all.Go(ask)
		}
		all.Wait()
		if table.Forget("a"); calls.Load() != 1 {
			t.Errorf("got %d calls, want 1", calls.Load())
		}
		if ask(); calls.Load() != 2 {
			t.Errorf("got %d calls after it was forgotten, want 2", calls.Load())
		}
	}
}

// TestWaiting states that who waits is let go when ctx ends, and when the one who works panics.
func TestWaiting(t *testing.T) {
	var table memo.Table[string, int]
	began, end := make(chan struct{}), make(chan struct{})
	var working sync.WaitGroup
	working.Go(func() {
		defer func() { _ = recover() }()
		_, _ = table.Do(context.Background(), "a", func() (int, error) {
			close(began)
			<-end
			panic("odd")
		})
	})
	<-began
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	again := func() (int, error) { return 1, nil }
	if _, err := table.Do(ctx, "a", again); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	close(end)
	working.Wait()
	if got, err := table.Do(t.Context(), "a", again); err == nil {
		t.Errorf("got %d and no error from one who panicked", got)
	}
}

// TestClear states that everything is made anew once all is let go of.
func TestClear(t *testing.T) {
	var table memo.Table[string, int]
	made := 0
	for _, key := range []string{"a", "b", "a", "clear", "a"} {
		if key == "clear" {
			table.Clear()
			continue
		}
		if _, err := table.Do(t.Context(), key, func() (int, error) { made++; return made, nil }); err != nil {
			t.Fatal(err)
		}
	}
	if made != 3 {
		t.Errorf("made %d, want a and b, and a once more", made)
	}
}
