// Package report writes what a check found.
//
// A format is one file and one line in formats. It writes lines by escape.Fprintf, so that no text ends one. All but text are read
// by programs: their paths are those of the Git repository.
package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/coverage"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

// Report is everything that a check has to tell.
type Report struct {
	linter.Report
	// Tool is what made it.
	Tool Tool
	// Root is what the files of findings are relative to, as the user can type it: "" is the working directory.
	Root string
	// Prefix is that folder in its Git repository: "" is the root of it, or that there is none.
	Prefix string
	// Focus is the folder or the file of it that was asked for; empty is all of it. Outside counts what is found in files elsewhere
	// that something there is made of, and is not told.
	Focus   string
	Outside []Outside
	// Here is the working directory in that folder, where paths are told from there; empty is that Root says where they begin.
	Here string
	// Checkouts are other repositories whose files are in the tree, and in findings.
	Checkouts checkout.List
	// Tree has the files of findings, so that it can be told where in them something ends; it may be empty.
	Tree tree.Tree `json:"-"`
	// Ends say the same without it; nil asks the tree.
	Ends Ends `json:"-"`
	// Objects counts what was judged.
	Objects int
	// Applications say how far each was rendered.
	Applications []Application
	// Roots are those that no Application reaches and that are not rendered.
	Roots []Root
	// Standalone counts the manifests, kustomizations and charts that no Application reaches; Kustomizations and Charts count
	// these alone.
	Standalone, Kustomizations, Charts int
	// Since names the state of the repository from which on it was judged; empty is all of it. Unchanged counts the manifests
	// and kustomizations that no Application reaches and that were not judged, because they are what they were.
	Since     string
	Unchanged int
	// Baseline is the file of findings that are not told; empty is none.
	Baseline string
	// Files are those of the repository with what they are, by path; nil is that not all was rendered. ListFiles asks for all of them
	// where otherwise they are counted.
	Files     []coverage.File
	ListFiles bool
	// Notes say what had to be assumed.
	Notes []string
	// Failures are why the run fails whatever was found: something is not judged that must be.
	Failures []string
	// SettingsFrom is the revision that the settings are of; empty is the tree itself.
	SettingsFrom string
	// OwnWaivers is the file whose waivers are not the users'.
	OwnWaivers string
	// Seconds is how long it took.
	Seconds float64
	// Color asks for colours, All for each finding in text, however many there are.
	Color, All bool
	// inRepository says that files are named by their paths in the Git repository.
	inRepository bool
}

// Tool is a program, with its version.
type Tool struct {
	Name, Version string
}

// Application is one Application of a report.
type Application struct {
	Name, Cluster string
	// Place is where it stands, or what makes it.
	Place manifest.Place
	State build.State
}

// Outside counts what is found in a file.
type Outside struct {
	File     string
	Findings int
}

// Root is what is rendered though no Application names it.
type Root struct {
	// Kind is kustomization, chart or Jsonnet file. The name is a path.
	Kind string
	Application
}

// Writer writes a report in one format.
type Writer func(w *escape.Writer, r Report) error

// formats lists every output format. Add a format here and nowhere else.
var formats = map[string]Writer{
	"github":   inRepository(writeGitHub),
	"gitlab":   inRepository(writeGitLab),
	"json":     inRepository(writeJSON),
	"junit":    inRepository(writeJUnit),
	"markdown": inRepository(writeMarkdown),
	"sarif":    inRepository(writeSARIF),
	"text":     writeText,
}

// inRepository has a writer name files by their paths in the Git repository.
func inRepository(write Writer) Writer {
	return func(w *escape.Writer, r Report) error {
		r.Root, r.Here, r.Color, r.inRepository = r.Prefix, "", false, true
		return write(w, r)
	}
}

// For gives the writer of a format. Whatever the format is, what a report holds can be no command to a terminal or a CI
// system.
func For(format string) (func(w io.Writer, r Report) error, error) {
	write, ok := formats[format]
	if !ok {
		return nil, fmt.Errorf("format %q%s: want %s", format, wording.DidYouMean(format, Formats()), wording.Either(Formats()))
	}
	return func(w io.Writer, r Report) error {
		if r.Color {
			return write(escape.NewColorWriter(w), r)
		}
		return write(escape.NewWriter(w), r)
	}, nil
}

// Formats lists the names of all formats, sorted.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }

// worst are the findings with those first that weigh most.
func (r Report) worst() []linter.Finding {
	return slices.SortedStableFunc(slices.Values(r.Findings), func(a, b linter.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
}

// CountApplications counts the Applications in a state.
func (r Report) CountApplications(state build.StateKind) int {
	n := 0
	for _, a := range r.Applications {
		if a.State.Kind == state {
			n++
		}
	}
	return n
}

// countMissing counts the Applications that should be known here, and are not.
func (r Report) countMissing() int {
	n := 0
	for _, a := range r.Applications {
		if a.State.Missing() {
			n++
		}
	}
	return n
}

// Missing lists the Applications and kustomizations that policies were not judged in, though this repository is theirs.
func (r Report) Missing() []string {
	var names []string
	for _, a := range r.Applications {
		if a.State.Missing() {
			names = append(names, a.Name)
		}
	}
	for _, root := range r.Roots {
		if root.Kind == kustomizationKind { // of charts and Jsonnet nothing says that they are deployed
			names = append(names, root.label())
		}
	}
	return names
}

// recordedFor lists the Applications that are recorded for a reason, in order.
func (r Report) recordedFor(reason string) []string {
	var names []string
	for _, a := range r.Applications {
		if a.State.Kind == build.Recorded && a.State.Reason == reason {
			names = append(names, a.Name)
		}
	}
	return names
}

// RecordedReasons are why Applications were judged by records, each once.
func (r Report) RecordedReasons() []string {
	var reasons []string
	for _, a := range r.Applications {
		if a.State.Kind == build.Recorded && !slices.Contains(reasons, a.State.Reason) {
			reasons = append(reasons, a.State.Reason)
		}
	}
	return reasons
}
