package escape

import (
	"fmt"
	"io"
	"strings"
)

// Annotation is what GitHub shows beside a line of a file: the one command of a CI system that is written on purpose.
type Annotation struct {
	// Level is error, warning or notice.
	Level Level
	// File is a path from the repository's root; it, Line and Column may be empty.
	File         string
	Line, Column int
	Title        string
	// Message may have several lines.
	Message string
}

// Level says what an Annotation is shown as.
type Level string

// The levels of annotations.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Notice  Level = "notice"
)

// inMessage and inProperty write what would end a part of a command, besides line breaks, which Text has shown.
var (
	inMessage  = strings.NewReplacer("%", "%25")
	inProperty = strings.NewReplacer("%", "%25", ":", "%3A", ",", "%2C")
)

// String gives the line that GitHub reads as the annotation.
func (a Annotation) String() string {
	var properties []string
	add := func(name, value string) {
		if value != "" {
			properties = append(properties, name+"="+inProperty.Replace(Text(value)))
		}
	}
	add("file", a.File)
	if a.Line > 0 {
		add("line", fmt.Sprint(a.Line))
	}
	if a.Line > 0 && a.Column > 0 {
		add("col", fmt.Sprint(a.Column))
	}
	add("title", a.Title)
	lines := strings.Split(a.Message, "\n")
	for i, line := range lines {
		lines[i] = inMessage.Replace(Text(line))
	}
	return fmt.Sprintf("::%s %s::%s\n", a.Level, strings.Join(properties, ","), strings.Join(lines, "%0A"))
}

// Annotate writes an annotation, as a line, past all doors: it is the only command that leaves.
func (w *Writer) Annotate(a Annotation) error {
	to := w.w
	for door, ok := to.(*Writer); ok; door, ok = to.(*Writer) {
		to = door.w
	}
	_, err := io.WriteString(to, a.String())
	return err
}
