package rules

import (
	"bytes"
	"fmt"
	"path"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
	"github.com/gitopsgen/gitopsgen/linter"
)

var upgradeUnresolvedConflict = linter.Rule{
	ID:          "upgrade/unresolved-conflict",
	Title:       "A conflict is not resolved",
	Description: "Choose between the sides, and take Git's marks out. What gitopsgen wrote, gitopsgen scaffold writes anew.",
	Rationale:   "Argo CD cannot read the file, or takes both sides.",
	Severity:    always,
	Check:       checkUnresolvedConflict,
}

// conflictMarks are how the lines begin between which Git leaves the two sides of a conflict, in their order.
var conflictMarks = [][]byte{[]byte("<<<<<<< "), []byte("======="), []byte(">>>>>>> ")}

func checkUnresolvedConflict(v *linter.View) linter.Judgement {
	out := linter.Judgement{Findings: undecided(v)}
	for _, f := range v.Tree.Files() {
		if path.Ext(f.Path) == ".md" || !bytes.Contains(f.Data, conflictMarks[0]) { // pages may show how such marks look
			continue
		}
		if line := conflictLine(f.Data); line > 0 {
			out.Findings = append(out.Findings, linter.Finding{
				Place: manifest.Place{File: f.Path, Line: line, Column: 1}, Message: "a conflict that Git left here is not resolved",
			})
		}
	}
	return out
}

// undecided are the conflicts of an upgrade that nobody decided.
func undecided(v *linter.View) []linter.Finding {
	records, err := upgrade.ReadRecords(v.Tree)
	if err != nil {
		return []linter.Finding{{Place: manifest.Place{File: upgrade.ConflictDir}, Message: "a record of conflicts cannot be read: " + err.Error()}}
	}
	var all []linter.Finding
	for _, r := range records {
		for _, d := range r.Open() {
			all = append(all, linter.Finding{
				Place: d.Place, Message: fmt.Sprintf("of %s it is not decided: %s", r.File, d), Fix: "Decide with gitopsgen resolve --take=ours|theirs " + r.File + ".",
			})
		}
	}
	return all
}

// conflictLine gives the line on which the first conflict of a file begins; zero is none.
func conflictLine(text []byte) int {
	began, next, n := 0, 0, 0
	for line := range bytes.Lines(text) {
		n++
		switch {
		case bytes.HasPrefix(line, conflictMarks[0]):
			began, next = n, 1
		case began > 0 && bytes.HasPrefix(line, conflictMarks[next]):
			if next++; next == len(conflictMarks) {
				return began
			}
		}
	}
	return 0
}
