// Package review writes the difference of two states of a repository, for those who review it and for programs.
//
// A format is one file and one line in formats. Texts of the repository go into lines by escape.Fprintf, so that no text ends
// one, and into Markdown as code, where they are no mention, link or tag.
package review

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Review is a difference with how it is to be written.
type Review struct {
	difference.Difference
	// Color asks for colours.
	Color bool
}

// Writer writes a review in one format.
type Writer func(w io.Writer, r Review) error

// formats lists every format. Add a format here and nowhere else.
var formats = map[string]Writer{
	"json":     writeJSON,
	"markdown": writeMarkdown,
	"text":     writeText,
}

// Formats gives all formats by their names. Whatever the format is, what a review holds can be no command to a terminal or a
// CI system.
func Formats() map[string]Writer {
	all := map[string]Writer{}
	for name, write := range formats {
		all[name] = func(w io.Writer, r Review) error {
			door := escape.NewWriter
			if r.Color {
				door = escape.NewColorWriter
			}
			return write(door(w), r)
		}
	}
	return all
}

// headline says in a line how much differs, and how much was compared.
func headline(r Review) string {
	between := fmt.Sprintf("from %s to %s", r.From.Name, r.To.Name)
	elsewhere := 0
	for _, l := range r.Lacking {
		if l.Elsewhere {
			elsewhere++
		}
	}
	lacking := ""
	for _, part := range []struct {
		n    int
		what string
	}{
		{len(r.Lacking) - elsewhere, "not compared"}, {elsewhere, "in other repositories"}, {len(r.Recorded), "compared by records alone"},
	} {
		if part.n > 0 {
			lacking += fmt.Sprintf("; %d %s", part.n, part.what)
		}
	}
	what, of := "no difference in "+wording.Count(r.Compared.Objects, "object"), " of "+wording.Count(r.Compared.Applications, "Application")
	all := max(r.From.Applications, r.To.Applications)
	if !r.Empty() {
		what, of = strings.Join(counts(r.Applications...), ", "), fmt.Sprintf(" in %d of %s", named(r.Applications), wording.Count(all, "Application"))
	}
	if all == 0 {
		of = ""
	}
	return fmt.Sprintf("%s%s %s%s", what, of, between, lacking)
}

// named counts those that are Applications.
func named(apps []difference.Application) int {
	n := 0
	for _, app := range apps {
		if app.Name != "" {
			n++
		}
	}
	return n
}

// counts says how many objects of Applications came, went and changed.
func counts(apps ...difference.Application) []string {
	d := difference.Difference{Applications: apps}
	quiet, fetched := 0, 0
	for _, app := range apps {
		quiet += noise(app)
		fetched += app.Fetched
	}
	var all []string
	add := func(n int, what string) {
		if n > 0 {
			all = append(all, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(d.Count(difference.Added), "added")
	add(d.Count(difference.Removed), "removed")
	add(d.Count(difference.Changed)-quiet, "changed")
	add(d.Count(difference.Moved), "moved")
	add(quiet, "changed in checksums and version labels alone")
	add(fetched, "changed in what is fetched by URL")
	if len(all) == 0 {
		return []string{"no object changed"}
	}
	return all
}

// isNoise reports whether of an object only that differs which follows from others.
func isNoise(o difference.Object) bool {
	return o.Change == difference.Changed && len(o.Fields) == 0
}

func noise(app difference.Application) int {
	n := 0
	for _, o := range app.Objects {
		if isNoise(o) {
			n++
		}
	}
	return n
}

// title names an Application, and says what happened to it.
func title(app difference.Application) string {
	if app.Name == "" {
		return "of no Application"
	}
	text := app.Name
	if app.Cluster != "" {
		text += " on " + app.Cluster
	}
	switch app.Change {
	case difference.Renamed:
		return text + ", which was " + app.Was
	case difference.Unchanged:
		return text
	}
	return text + ", " + string(app.Change)
}

// subject says what a danger is about.
func subject(d difference.Danger) string {
	text := d.Object.String()
	if d.Name != "" && !(d.Object.Kind == "Application" && d.Object.Name == d.Name) && d.Kind != difference.Renames {
		text += " of " + d.Name
	}
	var paths []string
	for _, p := range d.Paths {
		paths = append(paths, p.String())
	}
	if len(paths) > 0 {
		text += ", " + wording.Some(paths)
	}
	return text
}

// lacks says why something was not compared.
func lacks(l difference.Lacking) (what, text string) {
	what = "not compared"
	if l.Elsewhere {
		what = "elsewhere"
	}
	switch {
	case l.Before == l.After:
		text = l.Before
	case l.Before == "":
		text = "after: " + l.After
	case l.After == "":
		text = "before: " + l.Before
	default:
		text = "before: " + l.Before + "; after: " + l.After
	}
	return what, l.Name + ": " + text
}

// records say which Applications were compared by records, by the reasons.
func records(r Review) []string {
	byReason := map[string][]string{}
	for _, one := range r.Recorded {
		byReason[one.Reason] = append(byReason[one.Reason], one.Name)
	}
	var all []string
	for _, reason := range slices.Sorted(maps.Keys(byReason)) {
		all = append(all, wording.Some(byReason[reason])+": "+reason+", so that what is recorded of them was compared")
	}
	return all
}
