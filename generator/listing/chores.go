package listing

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/doctor"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Chores tells what is to be done on the platform of a name, and counts what is not done.
func Chores(w io.Writer, name string, todo []doctor.Chore) (left int, err error) {
	var text strings.Builder
	unseen, lost := 0, 0
	for _, c := range todo {
		switch {
		case c.Lost:
			lost++
		case c.Unseen:
			unseen++
		default:
			left++
		}
		if c.Place.File != "" {
			c.Place.File = filepath.ToSlash(c.Place.File)
			escape.Fprintf(&text, "%s: ", c.Place)
		}
		escape.Fprintf(&text, "%s\n    %s\n", c.What, c.Do)
	}
	if lost > 0 {
		fmt.Fprintf(&text, "%s without a backup: RESTORE.md says what comes back without, and how\n", wording.Count(lost, "thing"))
	}
	switch {
	case left > 0:
		fmt.Fprintf(&text, "%s to do before the bootstrap\n", wording.Count(left, "thing"))
	case unseen > 0:
		fmt.Fprintf(&text, "%s is ready, but for what only the cluster shows: follow README.md\n", name)
	default:
		fmt.Fprintf(&text, "%s is ready: follow README.md\n", name)
	}
	_, err = io.WriteString(w, text.String())
	return left, err
}
