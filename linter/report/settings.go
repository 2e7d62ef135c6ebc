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
	// What is a word or two: off, softened, external, not judged.
	What, Text string
}

// Settings say what the repository loosens, and by which line: the rules that are off or weigh less, the parameters that
// are set, what is said to come from elsewhere, and what waivers excuse. Nothing is nothing.
func (r Report) Settings() []Remark {
	var all []Remark
	if r.SettingsFrom != "" {
		all = append(all, Remark{"settings", "of " + r.SettingsFrom})
	}
	for i, s := range r.Set {
		at := " (" + r.place(s.Place) + ")"
		switch {
		case s.Pattern != "":
			if i == 0 || r.Set[i-1].Place != s.Place {
				all = append(all, r.pattern(s.Place)...)
			}
		case s.Softens() && s.To == linter.Off:
			all = append(all, Remark{"off", s.Rule + at})
		case s.Softens():
			all = append(all, Remark{"softened", fmt.Sprintf("%s from %s to %s%s", s.Rule, s.Own, s.To, at)})
		case s.Param != "" && s.Place.Line > 0: // else it is a default
			all = append(all, Remark{"set", s.Rule + " " + s.Param + at})
		}
	}
	for _, e := range r.External {
		all = append(all, Remark{"external", fmt.Sprintf("%s: %s less (%s)", e.External, wording.Count(e.Findings, "finding"), r.place(e.Place))})
	}
	return append(all, r.waived()...)
}

// pattern says how many rules a setting of several loosens.
func (r Report) pattern(at manifest.Place) (all []Remark) {
	count := map[bool]int{} // by whether they are off
	var last linter.Set
	for _, s := range r.Set {
		if s.Place == at {
			last = s
			if s.Softens() {
				count[s.To == linter.Off]++
			}
		}
	}
	if n := count[true]; n > 0 {
		all = append(all, Remark{"off", fmt.Sprintf("%s by %s (%s)", wording.Count(n, "rule"), last.Pattern, r.place(at))})
	}
	if n := count[false]; n > 0 {
		all = append(all, Remark{"softened", fmt.Sprintf("%s by %s to %s (%s)", wording.Count(n, "rule"), last.Pattern, last.To, r.place(at))})
	}
	return all
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
