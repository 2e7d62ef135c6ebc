// Package console writes to whoever runs the program: plain to a file, with colours and progress to a terminal, and so that no
// text is a command to a terminal or a CI system.
package console

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/fault"
)

// Console is where a program writes to.
type Console struct {
	// Out takes what was asked for, Err everything else. Both escape what they are given.
	Out, Err *escape.Writer
	// Color says that Out takes colours.
	Color bool

	// waiting is the terminal of who waits; nil where nobody watches.
	waiting *os.File
}

// New puts doors in front of two streams; getenv tells whether colours are wanted.
func New(stdout, stderr io.Writer, getenv func(string) string) Console {
	plain := getenv("NO_COLOR") != ""
	out, colored := door(stdout, plain)
	errs, _ := door(stderr, plain)
	return Console{Out: out, Err: errs, Color: colored, waiting: terminal(stderr)}
}

func door(w io.Writer, plain bool) (to *escape.Writer, colored bool) {
	if terminal(w) == nil || plain {
		return escape.NewWriter(w), false
	}
	return escape.NewColorWriter(w), true
}

// terminal gives the terminal that a stream is; nil where it is none.
func terminal(w io.Writer) *os.File {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// Progress tells a person who waits what is going on; nothing where nobody watches. The last call, with an empty text, clears
// the line.
func (c Console) Progress(text string) {
	if c.waiting != nil {
		fmt.Fprintf(c.waiting, "\r\x1b[K%s", escape.Text(text))
	}
}

// Note tells what a person should know besides what was asked for.
func (c Console) Note(text string) { escape.Fprintf(c.Err, "note: %s\n", text) }

// Tell tells what went wrong, each mistake on a line of its own behind a prefix, and what to do about it.
func (c Console) Tell(err error, prefix string) {
	for _, one := range fault.Each(err) {
		fmt.Fprintln(c.Err, prefix+lines(one.Error()))
	}
	var hint fault.Hinted
	if errors.As(err, &hint) {
		fmt.Fprintln(c.Err, "hint: "+lines(hint.Hint))
	}
}

// continued is how an error goes on in its next line: with a hint, or with what Git said.
const continued = "\n    "

// lines escapes the text of an error, but for how it goes on.
func lines(text string) string {
	parts := strings.Split(text, continued)
	for i, part := range parts {
		parts[i] = escape.Text(part)
	}
	return strings.Join(parts, continued)
}
