// Package difference compares what two states of a repository render to: which objects come, go and change, field by field, and
// what Argo CD and the API server will make of that.
//
// It knows rendered repositories, and nothing of where they come from or of how a difference is written.
package difference

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/fate"
	"github.com/gitopsgen/gitopsgen/generator/fields"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

// Side is one of the two states that are compared.
type Side struct {
	// Name says which state it is: "HEAD (1a2b3c4)", "the work tree".
	Name string
	render.Result
}

// Difference is what has changed from one state to another. What Argo CD will do is told of the change from From to To.
type Difference struct {
	From, To Total
	// Compared counts what is on both sides.
	Compared Compared
	// Dangers are what cannot be undone, or will not work, the worst first.
	Dangers []Danger
	// Applications are those in which something differs, by cluster and name; what none brings has no name, and comes first.
	Applications []Application
	// Lacking is what could not be compared, Recorded what was compared by records of charts.
	Lacking  []Lacking
	Recorded []Recorded
	// Notes say what had to be assumed.
	Notes []string
}

// Total is how much there is on one side.
type Total struct {
	Name                  string
	Objects, Applications int
}

// Compared counts what was compared: Objects that are on both sides, and the Applications whose objects are known on both.
type Compared struct {
	Objects, Applications int
}

// Application is what differs in one Application. Cluster and Name are those of the later side, where it is there.
type Application struct {
	Cluster, Name string
	// Change is Added, Removed, Renamed or Unchanged: that of the Application itself.
	Change Change
	// Was is the name before, where it is renamed.
	Was     string
	Charts  []Version
	Images  []Image
	Objects []Object
	// Fetched counts the objects that differ, but of which nothing may be told: they are what is fetched by URL.
	Fetched int
}

// Change is what happened to something.
type Change string

// The changes. Moved is what another Application brings now, be it with other fields too.
const (
	Unchanged Change = ""
	Added     Change = "added"
	Removed   Change = "removed"
	Changed   Change = "changed"
	Moved     Change = "moved"
	Renamed   Change = "renamed"
)

// Version is a chart whose version differs; an empty one is none.
type Version struct {
	Chart, Old, New string
}

// Image is an image that takes the place of another; an empty one is none. Users are the objects that name it.
type Image struct {
	Old, New string
	Users    []string
}

// Object is an object that differs.
type Object struct {
	// ID has the version of the later side, where it is there.
	manifest.ID
	Change Change
	// From is the Application that brought it, where it is moved; an empty Name is none.
	From AppName
	fields.Differences
	// Partial says that only what is recorded of the object was compared.
	Partial bool
	// Fate is what becomes of it in the cluster, where it is removed.
	Fate fate.Fate
}

// AppName names an Application on a cluster.
type AppName struct {
	Cluster, Name string
}

// Lacking is what could not be compared: an Application, or a file that none reaches, and why on which side.
type Lacking struct {
	AppName
	// Before and After are the reasons on the two sides; one of them may be empty.
	Before, After string
	// Elsewhere says that it is another repository's.
	Elsewhere bool
}

// Recorded is an Application that was compared by what is recorded of its charts, and why.
type Recorded struct {
	AppName
	Reason string
}

// Empty reports whether nothing differs in what was compared.
func (d Difference) Empty() bool { return len(d.Applications) == 0 }

// Count counts the objects with a change.
func (d Difference) Count(change Change) int {
	n := 0
	for _, app := range d.Applications {
		for _, o := range app.Objects {
			if o.Change == change {
				n++
			}
		}
	}
	return n
}

// Between compares two states. The order of what they hold does not matter.
func Between(from, to Side) Difference {
	c := newComparison(from, to)
	c.rename()
	for _, p := range c.match() {
		c.compare(p)
	}
	c.lacking()
	c.applications()
	c.Dangers = append(c.Dangers, c.gone()...)
	slices.SortFunc(c.Dangers, compareDangers)
	for _, notes := range [][]string{from.Notes, to.Notes} {
		c.Notes = append(c.Notes, notes...)
	}
	slices.Sort(c.Notes)
	c.Notes = slices.Compact(c.Notes)
	return c.Difference
}

func compareIDs(a, b manifest.ID) int {
	return cmp.Or(
		strings.Compare(a.Kind, b.Kind), strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name),
		strings.Compare(a.Group, b.Group), strings.Compare(a.Version, b.Version),
	)
}

func compareNames(a, b AppName) int {
	return cmp.Or(strings.Compare(a.Cluster, b.Cluster), strings.Compare(a.Name, b.Name))
}
