package listing

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

// Summary tells what was made of a spec, how far it was checked, and what comes next.
type Summary struct {
	generator.Generated
}

// Write writes the summary.
func (s Summary) Write(w io.Writer) error {
	var b strings.Builder
	escape.Fprintf(&b, "%s\n", s.headline())
	line := func(key, format string, args ...any) {
		escape.Fprintf(&b, "  %-10s %s\n", key, fmt.Sprintf(format, args...))
	}
	if s.Subject != "" {
		line("change", "%s", s.Subject)
	}
	line("render", "%s", s.rendered())
	for _, note := range s.Notes {
		line("note", "%s", note)
	}
	for _, v := range s.Versions {
		line("version", "%s", v)
	}
	errors, warnings := s.Count(linter.Error), s.Count(linter.Warning)
	line("check", "%d objects, %s, %s, %d waived", s.Objects, wording.Count(errors, "error"), wording.Count(warnings, "warning"), len(s.Waived))
	for _, setting := range s.Settings() {
		line(setting.What, "%s", setting.Text)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Blueprint.Capabilities)) {
		if c := s.Blueprint.Capabilities[name]; c.Instead != "" {
			line("instead", "%s is served by %s: %s is not in the catalogue yet", name, c.Option, c.Instead)
		}
	}
	if missing := s.missing(); len(missing) > 0 {
		line("missing", "%s: no option in the catalogue yet", strings.Join(missing, ", "))
	}
	key, text := s.written()
	line(key, "%s", text)
	if next := s.next(); next != "" {
		escape.Fprintf(&b, "next: %s\n", next)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// written says what became of the files.
func (s Summary) written() (key, text string) {
	files := wording.Count(len(s.Changes), "file")
	switch {
	case s.Merging:
		return "staged", files + "; git commit, or git rebase --continue, goes on"
	case len(s.Changes) == 0:
		return "unchanged", s.Dir + " is up to date"
	case s.Hash == "":
		return "written", fmt.Sprintf("%s, not committed, %.1f s", files, s.Seconds)
	}
	return "committed", fmt.Sprintf("%.7s, %s, %.1f s", s.Hash, files, s.Seconds)
}

func (s Summary) headline() string {
	components := 0
	for _, platform := range s.Blueprint.Clusters {
		components += len(platform.Components)
	}
	return fmt.Sprintf("%s: %s, Kubernetes %s, %s, %s", s.Spec.Name, s.Spec.Tier, s.Spec.KubernetesVersion,
		wording.Count(len(s.Spec.Clusters), "cluster"), wording.Count(components, "component"))
}

// rendered says how many Applications were rendered, and which were not.
func (s Summary) rendered() string {
	text := fmt.Sprintf("%d of %s", s.CountApplications(build.Rendered), wording.Count(len(s.Applications), "Application"))
	if n := s.CountApplications(build.Unchanged); n > 0 {
		text += fmt.Sprintf(", %d unchanged", n)
	}
	if n := s.CountApplications(build.Elsewhere); n > 0 {
		text += fmt.Sprintf(", %d in other repositories", n)
	}
	if n := s.CountApplications(build.Recorded); n > 0 {
		text += fmt.Sprintf(", %d recorded (%s)", n, strings.Join(s.RecordedReasons(), ", "))
	}
	not := s.Missing()
	if len(not) == 0 {
		return text
	}
	return fmt.Sprintf("%s; policies were NOT judged in %s (gitopsgen lint says why)", text, strings.Join(not, ", "))
}

// missing are the capabilities that the tier asks for and nothing in the catalogue serves.
func (s Summary) missing() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(s.Blueprint.Capabilities)) {
		if c := s.Blueprint.Capabilities[name]; c.Missing && c.Level == "mandatory" {
			names = append(names, name)
		}
	}
	return names
}

// next names the step that follows; nothing where everything is as it was.
func (s Summary) next() string {
	if len(s.Changes) == 0 {
		return ""
	}
	var steps []string
	if filepath.Clean(s.Dir) != "." {
		steps = append(steps, "cd "+s.Dir)
	}
	var fill []string
	if s.Spec.Domain == blueprint.DefaultDomain {
		fill = append(fill, "domain")
	}
	if strings.Contains(s.Spec.Repository.URL, "git.example.org") {
		fill = append(fill, "repository")
	}
	if len(fill) > 0 {
		steps = append(steps, "set "+strings.Join(fill, " and ")+" in "+blueprint.SpecFile+" and run gitopsgen scaffold")
	}
	return strings.Join(append(steps, "follow README.md"), ", then ")
}

// WritePlan tells which files would be written.
func (s Summary) WritePlan(w io.Writer) error {
	var b strings.Builder
	for _, c := range s.Changes {
		verb := "change"
		switch {
		case c.Remove:
			verb = "remove"
		case s.Created[c.File.Path]:
			verb = "create"
		}
		escape.Fprintf(&b, "%s %s\n", verb, c.File.Path)
	}
	fmt.Fprintf(&b, "%s; nothing was written\n", wording.Count(len(s.Changes), "file"))
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteRefused tells what the check found that nothing was written for.
func (s Summary) WriteRefused(w io.Writer) error {
	write, err := report.For("text")
	if err != nil {
		return err
	}
	return write(w, s.Report)
}
