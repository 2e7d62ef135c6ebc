package difference

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/fate"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Danger is what cannot be undone, or will not work.
type Danger struct {
	Kind DangerKind
	AppName
	// Object is what it is about; an Application is one, too.
	Object manifest.ID
	// Paths are the fields that it is about; none is the object as a whole.
	Paths []manifest.Path
	// Message says what happens, and why.
	Message string
}

// DangerKind is what happens.
type DangerKind string

// The kinds of dangers, the worst first. Lingers is what stays in the cluster though the repository no longer has it.
const (
	Deletes   DangerKind = "deletes"
	Recreates DangerKind = "recreates"
	Renames   DangerKind = "renames"
	Refuses   DangerKind = "refuses"
	Moves     DangerKind = "moves"
	Asks      DangerKind = "asks"
	Lingers   DangerKind = "stays"
)

var dangerKinds = []DangerKind{Deletes, Recreates, Renames, Refuses, Moves, Asks, Lingers}

func compareDangers(a, b Danger) int {
	return cmp.Or(
		cmp.Compare(slices.Index(dangerKinds, a.Kind), slices.Index(dangerKinds, b.Kind)), compareNames(a.AppName, b.AppName),
		compareIDs(a.Object, b.Object), strings.Compare(a.Message, b.Message),
	)
}

// precious are the kinds that take more with them than themselves, by group and kind, and what.
var precious = map[string]string{
	"/PersistentVolumeClaim": "its data, unless the volume is retained",
	"/Namespace":             "all that is in it",
	"apps/StatefulSet":       "its pods; its claims stay",
	"apiextensions.k8s.io/CustomResourceDefinition": "all objects of its kind",
}

// takes says what is deleted with an object; empty where that is nothing to speak of.
func takes(res *manifest.Resource) string {
	what := precious[res.ID.Group+"/"+res.ID.Kind]
	if res.ID.Kind == "StatefulSet" && manifest.Dig(res.Object, "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted") == "Delete" {
		what = "its pods and its claims"
	}
	return what
}

// dangers are those of one object.
func (c *comparison) dangers(p pair, o Object) []Danger {
	app := c.appOf(p)
	switch o.Change {
	case Removed:
		if with := takes(p.from); with != "" && c.to.appears(app) {
			return []Danger{deletion(app, o, with)}
		}
	case Moved:
		of := c.fate(*p.from)
		if takes(p.from) != "" && of.Verdict == fate.Deleted {
			return []Danger{{Kind: Moves, AppName: app, Object: o.ID, Message: fmt.Sprintf(
				"comes from %s, and whichever is synced first decides: %s, then it is made anew", orNone(o.From.Name), says(of, takes(p.from)))}}
		}
	}
	var paths []manifest.Path
	for _, f := range o.Fields {
		if f.Refused {
			paths = append(paths, f.Path)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	d := Danger{Kind: Refuses, AppName: app, Object: o.ID, Paths: paths, Message: "the API server refuses this change"}
	if sync, _ := argocd.ReadSync(*p.to); sync.Options.Has("Force=true") {
		d.Kind, d.Message = Recreates, "the API server refuses this change, and by Force=true Argo CD deletes the object and makes it again"
	}
	return []Danger{d}
}

// appears reports whether an Application is there; what none brings always is.
func (s *state) appears(app AppName) bool {
	_, ok := s.apps[app]
	return ok || app.Name == ""
}

func orNone(app string) string { return cmp.Or(app, "no Application") }

// deletion is the danger of an object that is removed.
func deletion(app AppName, o Object, with string) Danger {
	kind := map[fate.Verdict]DangerKind{fate.Deleted: Deletes, fate.Asked: Asks, fate.Stays: Lingers}[o.Fate.Verdict]
	return Danger{Kind: kind, AppName: app, Object: o.ID, Message: says(o.Fate, with)}
}

// says is a fate in words; with is what goes along.
func says(f fate.Fate, with string) string {
	if with != "" {
		with = ", with " + with
	}
	switch f.Verdict {
	case fate.Deleted:
		return fmt.Sprintf("Argo CD deletes it%s (%s)", with, f.Reason)
	case fate.Asked:
		return fmt.Sprintf("Argo CD deletes it%s, once somebody says so (%s)", with, f.Reason)
	}
	return fmt.Sprintf("it stays in the cluster (%s)", f.Reason)
}

// gone are the dangers of Applications that are removed or renamed.
func (c *comparison) gone() []Danger {
	var all []Danger
	for _, app := range c.Applications {
		name := AppName{app.Cluster, app.Name}
		before := c.before(name)
		object, ok := c.from.object(before)
		if !ok || app.Change != Removed && app.Change != Renamed || c.to.has(before) {
			continue
		}
		d := Danger{Kind: Renames, AppName: name, Object: object.ID}
		of := c.fate(object.Resource)
		if app.Change == Removed {
			d = deletion(name, Object{ID: object.ID, Fate: of}, "")
		}
		d.Message = says(of, "")
		if of.Verdict != fate.Stays {
			d.Message += "; " + c.along(before)
		}
		if app.Change == Renamed {
			d.Message = fmt.Sprintf("is now %s, and renaming is deleting and making again: %s", app.Name, d.Message)
		}
		all = append(all, d)
	}
	return all
}

// along says what becomes of what a deleted Application brought.
func (c *comparison) along(app AppName) string {
	var deleted, stay int
	var named []string
	reasons := map[string]bool{}
	for _, res := range c.from.brought[app] {
		of := c.fate(*res)
		if of.Verdict == fate.Stays {
			stay++
			reasons[of.Reason] = true
			continue
		}
		deleted++
		if takes(res) != "" && !res.Origin.Fetched {
			named = append(named, res.ID.String())
		}
	}
	if deleted+stay == 0 {
		return "what it brought is not known"
	}
	text := "nothing of what it brought goes with it"
	if deleted > 0 {
		text = wording.Count(deleted, "object") + " with it"
	}
	if slices.Sort(named); len(named) > 0 {
		text += ", " + wording.Some(named) + " among them"
	}
	if stay > 0 {
		text += fmt.Sprintf("; %s in the cluster (%s)", stays(stay), wording.Some(slices.Sorted(maps.Keys(reasons))))
	}
	return text
}

func stays(n int) string {
	if n == 1 {
		return "1 object stays"
	}
	return wording.Count(n, "object") + " stay"
}
