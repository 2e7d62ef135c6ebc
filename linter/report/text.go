package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

var severityColors = map[linter.Severity]escape.Color{linter.Error: escape.Red, linter.Warning: escape.Yellow, linter.Info: escape.Cyan}

// writeText writes the report for people: each finding with its place, its object and what to do, the files if that is
// asked for, then one line that says how much was judged. Of many findings it tells a few of each rule.
func writeText(w *escape.Writer, r Report) error {
	var b strings.Builder
	var cut []Remark
	if len(r.Findings) > few {
		cut = r.writeGroups(&b)
	} else if len(r.Findings) > 0 {
		for _, f := range r.Findings {
			r.writeFinding(&b, f)
		}
		b.WriteString("\n")
	}
	if r.ListFiles {
		r.listFiles(&b)
	}
	for _, remark := range slices.Concat(cut, r.unjudged(), r.Settings(), r.assumed(), r.files()) {
		escape.Fprintf(&b, "%s: %s\n", remark.What, remark.Text)
	}
	b.WriteString(r.Summary() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Report) paint(color escape.Color, text string) escape.Painted {
	if !r.Color {
		color = ""
	}
	return escape.Painted{Text: text, Color: color}
}

// writeFinding writes a finding: what is wrong and where, and what there is to explain.
func (r Report) writeFinding(b *strings.Builder, f linter.Finding) {
	escape.Fprintf(b, "%s: %s: %s [%s]\n", r.paint(escape.Bold, r.place(f.Place)), r.paint(severityColors[f.Severity], f.Severity.String()), f.Message, f.Rule)
	for _, line := range r.explain(f) {
		escape.Fprintf(b, "    %s\n", line)
	}
}

// writeGroups writes the findings by rule, with what is the same for all of a rule once, and then how many there are of what. It
// says what it leaves out.
func (r Report) writeGroups(b *strings.Builder) (cut []Remark) {
	left := 0
	for _, g := range r.groups() {
		left += r.writeGroup(b, g)
		b.WriteString("\n")
	}
	r.writeTotals(b)
	if left > 0 {
		cut = []Remark{{"not shown", fmt.Sprintf("%s of the rules above: gitopsgen lint --all shows each, --rule and --path choose", wording.Count(left, "finding"))}}
	}
	return cut
}

// writeGroup writes a group, and gives how many of its findings it leaves out.
func (r Report) writeGroup(b *strings.Builder, g group) (left int) {
	if len(g.told) > 1 {
		r.writeHeading(b, g)
	} else {
		g.advice = nil
	}
	told := g.told
	if !r.All {
		told = g.worst()
	}
	left = g.findings
	for _, o := range told {
		left -= o.of
		o.Fix = ""
		if g.advice == nil {
			o.Fix = strings.Join(o.fixes, " ")
		}
		r.writeFinding(b, o.Finding)
	}
	if more := len(g.told) - len(told); more > 0 {
		fmt.Fprintf(b, "    and in %s\n", wording.Count(more, "further place"))
	}
	return left
}

// writeHeading writes what is the same for all of a group.
func (r Report) writeHeading(b *strings.Builder, g group) {
	about := ""
	if g.title != "" {
		about = ": " + g.title
	}
	if g.findings > len(g.told) {
		about = fmt.Sprintf(", %s each%s", wording.Count(g.findings/len(g.told), "finding"), about)
	}
	escape.Fprintf(b, "%s: %s in %s%s [%s]\n", r.paint(severityColors[g.severity], g.severity.String()), wording.Count(len(g.told), "place"), wording.Count(g.files(), "file"), about, g.rule)
	for _, line := range g.advice {
		escape.Fprintf(b, "    %s\n", line)
	}
}

// explain says of a finding what its message does not: in which object it is, with what else, and what to do.
func (r Report) explain(f linter.Finding) (lines []string) {
	if about := about(f); about != "" {
		lines = append(lines, about)
	}
	for _, one := range f.Related {
		lines = append(lines, r.place(one.Place)+": "+one.Message)
	}
	if f.Fix != "" {
		lines = append(lines, f.Fix)
	}
	return lines
}

// unjudged says what is not among the findings because it is not told, was not judged, or not as it is.
func (r Report) unjudged() (all []Remark) {
	all = append(all, r.focused()...)
	if r.Unlisted > 0 {
		all = append(all, Remark{"not listed", wording.Count(r.Unlisted, "further finding")})
	}
	if n := r.NotChosen.All(); n > 0 {
		all = append(all, Remark{"not told", wording.Count(n, "finding") + " that --rule and --path leave out; the status is that of all"})
	}
	if r.Since != "" {
		all = append(all, Remark{"since", fmt.Sprintf("%s: %s there already, not told again", r.Since, wording.Count(r.Known, "finding"))})
	}
	all = append(all, r.baseline()...)
	all = append(all, r.unrendered()...)
	all = append(all, r.elsewhere()...)
	for _, reason := range r.RecordedReasons() {
		all = append(all, Remark{"recorded", wording.Some(r.recordedFor(reason)) + ": " + reason})
	}
	return append(all, r.notJudged()...)
}

// mostNamed is how many rules a line of text names; every other format names all.
const mostNamed = 6

// notJudged names the rules that were not judged, once for each reason.
func (r Report) notJudged() (all []Remark) {
	told := map[string]bool{}
	for _, n := range r.NotJudged {
		if told[n.Reason] {
			continue
		}
		told[n.Reason] = true
		var rules []string
		for _, other := range r.NotJudged {
			if other.Reason == n.Reason {
				rules = append(rules, other.Rule)
			}
		}
		named := strings.Join(rules, ", ")
		if len(rules) > mostNamed {
			named = wording.Some(rules)
		}
		all = append(all, Remark{"not judged", named + ": " + n.Reason})
	}
	return all
}

// elsewhere says what helps where Applications are in other repositories.
func (r Report) elsewhere() (all []Remark) {
	for _, a := range r.Applications {
		if help := a.State.Hint; a.State.Kind == build.Elsewhere && help != "" && len(all) == 0 {
			all = append(all, Remark{a.State.Kind.String(), help})
		}
	}
	return all
}

// baseline says what the baseline leaves out, and what of it is not found any more.
func (r Report) baseline() (all []Remark) {
	if r.Baseline == "" {
		return nil
	}
	all = append(all, Remark{"baseline", fmt.Sprintf("%s: %s not told", r.Baseline, wording.Count(r.InBaseline, "finding"))})
	for _, e := range r.Unmatched {
		all = append(all, Remark{"baseline", fmt.Sprintf("%s: nothing is found of it any more, write it anew: %s: %s", e.Place, e.Rule, e.About)})
	}
	return all
}

// assumed says what had to be assumed.
func (r Report) assumed() (all []Remark) {
	for _, n := range r.Notes {
		all = append(all, Remark{"note", n})
	}
	return all
}

// about says which object is at fault, which part of it, and who brings it.
func about(f linter.Finding) string {
	if f.Resource == nil {
		return ""
	}
	own, others := f.Resource.Origin.Application, 0
	for _, name := range applicationsOf(f) {
		if own != "" && name != "" && name != own {
			others++
		}
	}
	parts := []string{f.Resource.ID.String()}
	if more := len(f.Copies) - others; more > 0 {
		parts[0] += " and " + wording.Count(more, "more object")
	}
	if f.Detail != "" && !strings.Contains(f.Message, f.Detail) {
		parts = append(parts, f.Detail)
	}
	if chart := f.Resource.Origin.Chart; chart != "" {
		by := "by the chart " + chart
		if len(f.Value) > 0 {
			by = "by the value " + f.Value.String() + " of the chart " + chart
		}
		parts = append(parts, by)
	}
	if own != "" {
		by := "in Application " + own
		if others > 0 {
			by += fmt.Sprintf(" and in %d more", others)
		}
		parts = append(parts, by)
	}
	return strings.Join(parts, ", ")
}

// Summary says in one line what was found and how much was judged.
func (r Report) Summary() string {
	var b strings.Builder
	b.WriteString(ofAll(r.Count(linter.Error), r.NotChosen.Errors, "error"))
	if n := r.Count(linter.Warning); n+r.NotChosen.Warnings > 0 {
		b.WriteString(", " + ofAll(n, r.NotChosen.Warnings, "warning"))
	}
	if n := r.Count(linter.Info); n+r.NotChosen.Infos > 0 {
		b.WriteString(", " + ofAll(n, r.NotChosen.Infos, "note"))
	}
	if n := len(r.Waived); n > 0 {
		fmt.Fprintf(&b, ", %d waived", n)
	}
	fmt.Fprintf(&b, " in %s", wording.Count(r.Objects, "object"))
	alone := r.alone()
	switch {
	case len(r.Applications) > 0:
		b.WriteString(" of " + r.ofApplications())
		if alone != "" {
			fmt.Fprintf(&b, " and of %s that no Application reaches", alone)
		}
	case alone == "":
		b.WriteString("; there is no Argo CD Application here")
	default:
		b.WriteString("; there is no Argo CD Application here, so each was judged by itself: " + alone)
	}
	if text := r.unreached(); text != "" {
		fmt.Fprintf(&b, "; %s that no Application reaches: not rendered", text)
	}
	if r.Unchanged > 0 {
		fmt.Fprintf(&b, "; %s that no Application reaches unchanged and not judged again", wording.Count(r.Unchanged, "file"))
	}
	fmt.Fprintf(&b, ", %.1f s", r.Seconds)
	return b.String()
}

// ofAll counts what is told, and with what is left out where there is such.
func ofAll(n, left int, noun string) string {
	if left > 0 {
		return fmt.Sprintf("%d of %s", n, wording.Count(n+left, noun))
	}
	return wording.Count(n, noun)
}

// ofApplications says how many Applications there are, and how far they are judged.
func (r Report) ofApplications() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%d rendered", wording.Count(len(r.Applications), "Application"), r.CountApplications(build.Rendered))
	if n := r.CountApplications(build.Recorded); n > 0 {
		fmt.Fprintf(&b, ", %d recorded", n)
	}
	if n := r.countMissing(); n > 0 {
		fmt.Fprintf(&b, ", %d not rendered: policies were NOT judged there", n)
	}
	if n := r.CountApplications(build.Unchanged); n > 0 {
		fmt.Fprintf(&b, ", %d unchanged and not judged again", n)
	}
	if n := r.CountApplications(build.Elsewhere); n > 0 {
		fmt.Fprintf(&b, ", %d in other repositories", n)
	}
	return b.String() + ")"
}
