package main

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

// summary is what scaffold tells at its end.
type summary struct {
	spec      blueprint.Spec
	blueprint blueprint.Blueprint
	report    report.Report
	dir       string
	changes   []gitrepo.Change
	hash      string
	seconds   float64
}

// write tells what was made, how far it was checked, and what comes next.
func (s summary) write(w io.Writer, uncommitted bool) error {
	var b strings.Builder
	escape.Fprintf(&b, "%s\n", s.headline())
	line := func(key, format string, args ...any) {
		escape.Fprintf(&b, "  %-10s %s\n", key, fmt.Sprintf(format, args...))
	}
	line("render", "%s", s.rendered())
	for _, note := range s.report.Notes {
		line("note", "%s", note)
	}
	errors, warnings := s.report.Count(linter.Error), s.report.Count(linter.Warning)
	line("check", "%d objects, %s, %s, %d waived", s.report.Objects, plural(errors, "error"), plural(warnings, "warning"), len(s.report.Waived))
	for _, setting := range s.report.Settings() {
		line(setting.What, "%s", setting.Text)
	}
	for _, name := range slices.Sorted(maps.Keys(s.blueprint.Capabilities)) {
		if c := s.blueprint.Capabilities[name]; c.Instead != "" {
			line("instead", "%s is served by %s: %s is not in the catalogue yet", name, c.Option, c.Instead)
		}
	}
	if missing := s.missing(); len(missing) > 0 {
		line("missing", "%s: no option in the catalogue yet", strings.Join(missing, ", "))
	}
	switch {
	case len(s.changes) == 0:
		line("unchanged", "%s is up to date", s.dir)
	case uncommitted:
		line("written", "%s, not committed, %.1f s", plural(len(s.changes), "file"), s.seconds)
	default:
		line("committed", "%.7s, %s, %.1f s", s.hash, plural(len(s.changes), "file"), s.seconds)
	}
	if next := s.next(); next != "" {
		escape.Fprintf(&b, "next: %s\n", next)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s summary) headline() string {
	components := 0
	for _, platform := range s.blueprint.Clusters {
		components += len(platform.Components)
	}
	return fmt.Sprintf("%s: %s, Kubernetes %s, %s, %s", s.spec.Name, s.spec.Tier, s.spec.KubernetesVersion,
		plural(len(s.spec.Clusters), "cluster"), plural(components, "component"))
}

// rendered says how many Applications were rendered, and which were not.
func (s summary) rendered() string {
	text := fmt.Sprintf("%d of %s", s.report.CountApplications(report.Rendered), plural(len(s.report.Applications), "Application"))
	if n := s.report.CountApplications(report.Elsewhere); n > 0 {
		text += fmt.Sprintf(", %d in other repositories", n)
	}
	if n := s.report.CountApplications(report.Recorded); n > 0 {
		text += fmt.Sprintf(", %d recorded (%s)", n, strings.Join(s.report.RecordedReasons(), ", "))
	}
	var not []string
	for _, a := range s.report.Applications {
		if a.Status == report.NotRendered {
			not = append(not, a.Name)
		}
	}
	if len(not) == 0 {
		return text
	}
	return fmt.Sprintf("%s; policies were NOT judged in %s (gitopsgen lint says why)", text, strings.Join(not, ", "))
}

// missing are the capabilities that the tier asks for and nothing in the catalogue serves.
func (s summary) missing() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(s.blueprint.Capabilities)) {
		if c := s.blueprint.Capabilities[name]; c.Missing && c.Level == "mandatory" {
			names = append(names, name)
		}
	}
	return names
}

// next names the step that follows; nothing where everything is as it was.
func (s summary) next() string {
	if len(s.changes) == 0 {
		return ""
	}
	var steps []string
	if filepath.Clean(s.dir) != "." {
		steps = append(steps, "cd "+s.dir)
	}
	var fill []string
	if s.spec.Domain == blueprint.DefaultDomain {
		fill = append(fill, "domain")
	}
	if strings.Contains(s.spec.Repository.URL, "git.example.org") {
		fill = append(fill, "repository")
	}
	if len(fill) > 0 {
		steps = append(steps, "set "+strings.Join(fill, " and ")+" in "+blueprint.SpecFile+" and run gitopsgen scaffold")
	}
	return strings.Join(append(steps, "follow README.md"), ", then ")
}

// writePlan tells which files would be written.
func (s summary) writePlan(w io.Writer, created map[string]bool) error {
	var b strings.Builder
	for _, c := range s.changes {
		verb := "change"
		switch {
		case c.Remove:
			verb = "remove"
		case created[c.File.Path]:
			verb = "create"
		}
		escape.Fprintf(&b, "%s %s\n", verb, c.File.Path)
	}
	fmt.Fprintf(&b, "%s; nothing was written\n", plural(len(s.changes), "file"))
	_, err := io.WriteString(w, b.String())
	return err
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
