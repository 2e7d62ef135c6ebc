package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var upgradeDamagedBase = linter.Rule{
	ID:          "upgrade/damaged-base",
	Title:       "What gitopsgen wrote is not known any more",
	Description: "Undo what was changed in .gitopsgen/base, or let gitopsgen upgrade --repair-base find out what can be known.",
	Rationale:   "The next upgrade starts from there: it could not tell an edit from what gitopsgen wrote, and stops.",
	Severity:    always,
	Check:       checkDamagedBase,
}

func checkDamagedBase(v *linter.View) linter.Judgement {
	var out linter.Judgement
	l, _, err := lock.Read(v.Tree)
	if err != nil { // then nothing is judged at all
		return out
	}
	for _, d := range l.Damaged {
		if v.Tree.WhyUnread(d.Archive) != "" { // another state of the repository has it
			continue
		}
		f := linter.Finding{Place: manifest.Place{File: d.Archive, Line: d.Line, Column: 1}, Message: d.What}
		switch {
		case d.Line == 0: // it is not there
			f.Place, f.Message = manifest.Top(lock.Path), d.Error()
		case d.File != "":
			f.Message = fmt.Sprintf("of %s: %s", d.File, d.What)
		}
		out.Findings = append(out.Findings, f)
	}
	return out
}
