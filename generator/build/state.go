package build

import (
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// State is how far an Application was rendered. The zero State is that of one which was rendered.
type State struct {
	Kind StateKind
	// Reason says why it was not rendered, or not now; empty where it was.
	Reason string
	// Hint says what helps against this reason; empty where nothing does that we know.
	Hint string
	// Place is where the reason stands; the zero Place is the Application's own.
	Place manifest.Place
}

// StateKind is the kind of a state.
type StateKind int

// The kinds of states.
const (
	Rendered StateKind = iota
	// Recorded is what is known of its charts: it stands for what they render to.
	Recorded
	// Unchanged renders to what it rendered to before, so it was not rendered again.
	Unchanged
	// Elsewhere is another repository's: that one's own check judges it.
	Elsewhere
	// NotRendered is not rendered here, or not wholly, through no fault of its own.
	NotRendered
	// Refused has a chart whose archive is damaged, or not the one in the lock. The repository may be right, and nothing
	// takes the place of the chart.
	Refused
	// Failed does not render; a Problem tells why.
	Failed
)

// String gives the word for the state in reports.
func (k StateKind) String() string {
	switch k {
	case Rendered:
		return "rendered"
	case Recorded:
		return "recorded"
	case Unchanged:
		return "unchanged"
	case Elsewhere:
		return "elsewhere"
	}
	return "not rendered"
}

// Known reports whether it is known what the Application renders to, be it by a record.
func (s State) Known() bool { return s.Kind == Rendered || s.Kind == Recorded }

// Missing reports whether it should be known here, and is not.
func (s State) Missing() bool { return !s.Known() && s.Kind != Elsewhere && s.Kind != Unchanged }

// Unrendered reports whether the Application may be rendered where more is at hand.
func (s State) Unrendered() bool { return s.Kind == NotRendered || s.Kind == Recorded }

// What helps against the reasons why something is not rendered.
const (
	hintCharts     = "put the charts into the repository with gitopsgen vendor or give a mirror by --chart-mirror"
	hintVersion    = "pin the chart's version where it is named"
	hintFiles      = "put a copy of the file into the repository"
	hintRange      = "pin one version where the chart is named, or by gitopsgen lock"
	hintAtHand     = "give a mirror of the chart by --chart-mirror, or leave --offline out"
	hintDependency = "put the chart's dependencies into its folder charts"
	hintRefused    = "ask its publisher why, or take it from elsewhere by --chart-mirror; where other bytes than the lock's are right, gitopsgen lock --accept takes them"
)

// DoesNotRender is the reason of what a Problem tells of.
const DoesNotRender = "it does not render"

var failed = State{Kind: Failed, Reason: DoesNotRender}
