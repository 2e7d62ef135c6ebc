package report

import (
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

// shownByGitHub is how many annotations of a level GitHub shows of one step; of notices we keep the last for ourselves.
const shownByGitHub = 10

var gitHubLevels = map[linter.Severity]escape.Level{linter.Error: escape.Error, linter.Warning: escape.Warning, linter.Info: escape.Notice}

// writeGitHub annotates a change with the worst findings, as many as GitHub shows, and writes all to the log as text.
func writeGitHub(w *escape.Writer, r Report) error {
	room := map[escape.Level]int{escape.Error: shownByGitHub, escape.Warning: shownByGitHub, escape.Notice: shownByGitHub - 1}
	left := map[escape.Level]int{}
	for _, a := range r.annotations() {
		if room[a.Level]--; room[a.Level] < 0 {
			left[a.Level]++
			continue
		}
		if err := w.Annotate(a); err != nil {
			return err
		}
	}
	var more []string
	for _, level := range []escape.Level{escape.Error, escape.Warning, escape.Notice} {
		if n := left[level]; n > 0 {
			more = append(more, wording.Count(n, "further "+string(level)))
		}
	}
	if len(more) > 0 {
		text := strings.Join(more, ", ") + ": GitHub shows no more of one step, its log has them all"
		if err := w.Annotate(escape.Annotation{Level: escape.Notice, Title: r.Tool.Name, Message: text}); err != nil {
			return err
		}
	}
	r.All = true
	return writeText(w, r)
}

// annotations are all that there would be to annotate: why the run fails, and the findings.
func (r Report) annotations() (all []escape.Annotation) {
	for _, failure := range r.Failures {
		all = append(all, escape.Annotation{Level: escape.Error, Title: r.Tool.Name, Message: escape.Text(failure)})
	}
	for _, f := range r.worst() {
		at := r.at(f.Place)
		message := escape.Text(f.Message)
		for _, line := range r.explain(f) {
			message += "\n" + escape.Text(line)
		}
		all = append(all, escape.Annotation{Level: gitHubLevels[f.Severity], File: at.File, Line: at.Line, Column: at.Column, Title: f.Rule, Message: message})
	}
	return all
}
