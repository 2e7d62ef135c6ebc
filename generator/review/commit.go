package review

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// How many lines the message of a commit has at most of one kind, and how long each is.
const (
	maxMessageLines = 20
	maxMessageLine  = 200
)

// Commit writes for the message of a commit, behind its subject: the reasons for it, what is dangerous, for each cluster how much
// differs in which Applications, then charts and images. No line of it is one that Git reads as a trailer, whatever names say.
func Commit(d difference.Difference, reasons []string) string {
	var b strings.Builder
	var dangers, versions, remarks []string
	commitList(&b, "What was asked for:", reasons)
	if d.Empty() {
		b.WriteString("\nNo object in the clusters changes.\n")
	}
	for _, one := range d.Dangers {
		dangers = append(dangers, string(one.Kind)+" "+subject(one)+": "+one.Message)
	}
	commitList(&b, "What cannot be undone, or needs somebody:", dangers)
	for len(d.Applications) > 0 {
		n := slices.IndexFunc(d.Applications, func(app difference.Application) bool { return app.Cluster != d.Applications[0].Cluster })
		if n < 0 {
			n = len(d.Applications)
		}
		commitCluster(&b, d.Applications[:n])
		for _, app := range d.Applications[:n] {
			versions = append(versions, commitVersions(app)...)
		}
		d.Applications = d.Applications[n:]
	}
	slices.Sort(versions)
	commitList(&b, "Charts and images:", slices.Compact(versions))
	for _, l := range d.Lacking {
		what, text := lacks(l)
		remarks = append(remarks, what+" "+text)
	}
	if n := len(d.Recorded); n > 0 {
		remarks = append(remarks, wording.Count(n, "Application")+" by what is recorded of charts alone")
	}
	commitList(&b, "How far that is known:", remarks)
	return b.String()
}

// commitCluster tells of the Applications of one cluster.
func commitCluster(b *strings.Builder, apps []difference.Application) {
	var lines []string
	for _, app := range apps {
		of := app
		of.Cluster = "" // which stands above
		lines = append(lines, title(of)+": "+strings.Join(counts(app), ", "))
	}
	on := " of no cluster"
	if apps[0].Cluster != "" {
		on = " on " + apps[0].Cluster
	}
	commitList(b, "Objects"+on+": "+strings.Join(counts(apps...), ", "), lines)
}

// commitVersions are the charts and images that differ in an Application.
func commitVersions(app difference.Application) []string {
	var all []string
	for _, v := range app.Charts {
		all = append(all, "chart "+v.Chart+": "+cmp.Or(v.Old, "none")+" → "+cmp.Or(v.New, "none"))
	}
	for _, i := range app.Images {
		all = append(all, "image "+cmp.Or(i.Old, "none")+" → "+cmp.Or(i.New, "none"))
	}
	return all
}

// commitList writes lines under a head, and counts those that are too many.
func commitList(b *strings.Builder, head string, lines []string) {
	if len(lines) == 0 {
		return
	}
	escape.Fprintf(b, "\n%s\n", shortened(head, maxText))
	for _, l := range lines[:min(maxMessageLines, len(lines))] {
		escape.Fprintf(b, "- %s\n", shortened(l, maxMessageLine))
	}
	if more := len(lines) - maxMessageLines; more > 0 {
		escape.Fprintf(b, "- and %d more\n", more)
	}
}
