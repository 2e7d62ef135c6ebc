package console

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/fault"
)

// TestTell states that each error has its own line, and that no text in one begins a line.
func TestTell(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("a\n::error::b\x1b"), "gitopsgen: a\\n::error::b\\x1b\n"},
		{fault.Misuse(fault.Hint(errors.New("a"), "b\n::error::c")), "gitopsgen: a\nhint: b\\n::error::c\n"},
		{fault.Hint(errors.Join(errors.New("a"), errors.New("b\n::error::c")), "d"), "gitopsgen: a\ngitopsgen: b\\n::error::c\nhint: d\n"},
		{fmt.Errorf("a: %w", errors.Join(errors.New("b"), errors.New("c"))), "gitopsgen: a: b\\nc\n"},
		{errors.New("git said" + continued + "x" + continued + "::error::y"), "gitopsgen: git said\n    x\n    :\\x3aerror::y\n"},
	} {
		var b bytes.Buffer
		New(io.Discard, &b, os.Getenv).Tell(c.err, "gitopsgen: ")
		if got := b.String(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.err, got, c.want)
		}
	}
}
