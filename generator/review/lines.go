package review

import (
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/fate"
	"github.com/gitopsgen/gitopsgen/generator/fields"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// How much is told of one object, of one text of several lines, and of one value.
const (
	maxFields = 30
	maxLines  = 20
	maxValue  = 120
)

// line is a line of a difference: its sign is +, -, ~ or a blank.
type line struct {
	sign string
	text string
}

// objectLines tell of an object; width is how long old and new may be together to stand in one line.
func objectLines(o difference.Object, width int) []line {
	lines := []line{{signs[o.Change], o.ID.String() + remark(o)}}
	told := o.Fields[:min(maxFields, len(o.Fields))]
	for _, f := range told {
		lines = append(lines, fieldLines(f, width)...)
	}
	if more := len(o.Fields) - len(told) + o.More; more > 0 {
		lines = append(lines, line{" ", "  and " + wording.Count(more, "further field")})
	}
	if o.Folded > 0 {
		lines = append(lines, line{" ", "  and " + following(o.Folded)})
	}
	return lines
}

// following counts fields that follow from others.
func following(n int) string {
	if n == 1 {
		return "1 checksum or version label"
	}
	return fmt.Sprintf("%d checksums and version labels", n)
}

var signs = map[difference.Change]string{
	difference.Added: "+", difference.Removed: "-", difference.Changed: "~", difference.Moved: "~", difference.Change(fields.Reordered): "~",
}

// remark says of an object what its lines do not.
func remark(o difference.Object) string {
	text := ""
	if o.Change == difference.Moved {
		text = ", which no Application brought"
		if o.From.Name != "" {
			text = ", from " + o.From.Name
		}
	}
	if o.Partial {
		text += " (by its record)"
	}
	switch o.Fate.Verdict {
	case fate.Asked:
		text += ": deleted once somebody says so (" + o.Fate.Reason + ")"
	case fate.Stays:
		text += ": stays in the cluster (" + o.Fate.Reason + ")"
	}
	return text
}

// fieldLines tell of a field.
func fieldLines(f fields.Field, width int) []line {
	name := "  " + f.Path.String()
	if len(f.Within) > 0 {
		name += " (" + strings.Join(f.Within, ", ") + ")"
	}
	if f.Refused {
		name += " [refused]"
	}
	name += ": "
	sign := signs[difference.Change(f.Change)]
	old, oldLines := text(f.Old)
	now, nowLines := text(f.New)
	before, wasText := f.Old.(string)
	after, isText := f.New.(string)
	switch {
	case f.Secret:
		return []line{{sign, name + string(f.Change) + ", and not told: it is secret"}}
	case f.Change == fields.Reordered:
		return []line{{sign, name + "the same in another order"}}
	case f.Change == fields.Added && nowLines:
		return append([]line{{sign, name + summary(after)}}, textLines("", after)...)
	case f.Change == fields.Removed && oldLines:
		return []line{{sign, name + summary(before)}}
	case f.Change == fields.Added:
		return []line{{sign, name + shortened(now, maxValue)}}
	case f.Change == fields.Removed:
		return []line{{sign, name + shortened(old, maxValue)}}
	case wasText && isText && (oldLines || nowLines):
		return append([]line{{sign, name + "these lines"}}, textLines(before, after)...)
	}
	old, now = parted(old, now)
	if one := old + " → " + now; len(one) <= width {
		return []line{{sign, name + one}}
	}
	return []line{{"-", name + old}, {"+", name + now}}
}

// text is a value as a person reads it; lines says that it is a text of several.
func text(v any) (s string, lines bool) {
	if s, ok := v.(string); ok {
		return escape.Scalar(s), strings.Contains(strings.TrimSuffix(s, "\n"), "\n")
	}
	s, err := escape.Value(v)
	if err != nil {
		return fmt.Sprint(v), false
	}
	return s, false
}

// summary says how long a text is.
func summary(s string) string {
	return wording.Count(strings.Count(strings.TrimSuffix(s, "\n"), "\n")+1, "line")
}

// textLines are the lines that differ in two texts.
func textLines(old, now string) []line {
	var lines []line
	left := 0
	_, changes, _ := strings.Cut(string(diff.Diff("a", []byte(ended(old)), "b", []byte(ended(now)))), "@@\n")
	for l := range strings.Lines(changes) {
		switch {
		case l[0] != '+' && l[0] != '-':
		case len(lines) == maxLines:
			left++
		default:
			lines = append(lines, line{l[:1], "    " + shortened(strings.TrimSuffix(l[1:], "\n"), maxValue)})
		}
	}
	if len(lines) == 0 {
		lines = append(lines, line{" ", "    the line break at the end"})
	}
	if left > 0 {
		lines = append(lines, line{" ", "    and " + wording.Count(left, "further line")})
	}
	return lines
}

// ended is a text that ends its last line.
func ended(s string) string {
	if s == "" || strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "\n"
}

// shortened is a text of at most so many characters.
func shortened(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// parted are two texts that are not too long, and differ in what is left of them.
func parted(old, now string) (string, string) {
	const before = 20
	a, b := []rune(old), []rune(now)
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	if max(len(a), len(b)) <= maxValue || same <= before {
		return shortened(old, maxValue), shortened(now, maxValue)
	}
	return "…" + shortened(string(a[same-before:]), maxValue), "…" + shortened(string(b[same-before:]), maxValue)
}
