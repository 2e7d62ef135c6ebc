package report

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

// Remark is something to know besides the findings.
type Remark struct {
	// What is a word or two: off, softened, not judged.
	What, Text string
}

// Settings say what the repository loosens, and by which line: the rules that are off or weigh less, the parameters that
// are set, and what waivers excuse. Nothing is nothing.
func (r Report) Settings() []Remark {
	var all []Remark
	if r.SettingsFrom != "" {
		all = append(all, Remark{"settings", "of " + r.SettingsFrom})
	}
	for _, s := range r.Set {
		at := " (" + r.place(s.Place) + ")"
		switch {
		case s.Softens() && s.To == linter.Off:
			all = append(all, Remark{"off", s.Rule + at})
		case s.Softens():
			all = append(all, Remark{"softened", fmt.Sprintf("%s from %s to %s%s", s.Rule, s.Own, s.To, at)})
		case s.Param != "" && s.Place.Line > 0: // else it is a default
			all = append(all, Remark{"set", s.Rule + " " + s.Param + at})
		}
	}
	return append(all, r.waived()...)
}

// waived says what waivers excuse: each of the users' own, and all others together.
func (r Report) waived() []Remark {
	var users []string
	findings, waivers := 0, 0
	for _, w := range r.Waivers {
		switch {
		case w.Findings == 0: // which is a finding
		case w.Place.File == r.OwnWaivers:
			findings, waivers = findings+w.Findings, waivers+1
		default:
			users = append(users, fmt.Sprintf("%d %s by %s", w.Findings, w.Rule, r.place(w.Place)))
		}
	}
	var all []Remark
	if len(users) > 0 {
		all = append(all, Remark{"waived", strings.Join(users, ", ")})
	}
	if waivers > 0 {
		all = append(all, Remark{"waived", fmt.Sprintf("%s by %s of %s", wording.Count(findings, "finding"), wording.Count(waivers, "waiver"), r.at(manifest.Place{File: r.OwnWaivers}).File)})
	}
	return all
}

// place writes a place as the reader can find it.
func (r Report) place(p manifest.Place) string { return r.at(p).String() }

// at is a place in a file that is named as the reader can find it.
func (r Report) at(p manifest.Place) manifest.Place {
	if c, inside, ok := r.Checkouts.Of(p.File); ok {
		if p.File = c.Shown(inside); r.inRepository {
			p.File = c.Published(inside)
		}
		return p
	}
	if inside, err := filepath.Rel(r.Here, p.File); err == nil && r.Here != "" {
		p.File = filepath.ToSlash(inside)
	} else {
		p.File = path.Join(r.Root, p.File)
	}
	return p
}
