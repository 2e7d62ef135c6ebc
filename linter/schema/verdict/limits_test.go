package verdict

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestLongNamesAreBounded states that finding the name that was meant takes no time for names that nobody means.
func TestLongNamesAreBounded(t *testing.T) {
	candidates := slices.Repeat([]string{"selector", "template", "minReadySeconds"}, 10)
	done := make(chan string, 1)
	go func() { done <- nearest(strings.Repeat("selektor", 1<<22), candidates) }()
	select {
	case meant := <-done:
		if meant != "" {
			t.Errorf("got %q, want nothing", meant)
		}
	case <-time.After(5 * time.Second):
		t.Error("it takes longer than 5 s")
	}
	if meant := nearest("selektor", candidates); meant != "selector" {
		t.Errorf("got %q, want selector", meant)
	}
}
