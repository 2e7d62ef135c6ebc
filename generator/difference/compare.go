package difference

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/fate"
	"github.com/gitopsgen/gitopsgen/generator/fields"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/record"
)

// comparison holds the state of one call of Between.
type comparison struct {
	Difference
	from, to *state
	// renamed are the names that Applications of the earlier state bear in the later one, where they are others; were are the
	// same the other way round.
	renamed, were map[AppName]AppName
	// fates are those of Applications that are not there any more.
	fates map[AppName]fate.Fate
	// found is what differs, by the names of the later state.
	found map[AppName]*Application
}

func newComparison(from, to Side) *comparison {
	c := &comparison{
		from: newState(from), to: newState(to), renamed: map[AppName]AppName{}, were: map[AppName]AppName{}, fates: map[AppName]fate.Fate{},
		found: map[AppName]*Application{},
	}
	c.From = Total{from.Name, len(from.Resources), len(from.Applications)}
	c.To = Total{to.Name, len(to.Resources), len(to.Applications)}
	return c
}

// application gives what differs in an Application so far.
func (c *comparison) application(app AppName) *Application {
	if c.found[app] == nil {
		c.found[app] = &Application{Cluster: app.Cluster, Name: app.Name}
	}
	return c.found[app]
}

// compare compares one object.
func (c *comparison) compare(p pair) {
	if p.from != nil && p.to != nil {
		c.Compared.Objects++
	}
	o, differs := c.object(p)
	if !differs {
		return
	}
	app := c.application(c.appOf(p))
	if p.from != nil && p.from.Origin.Fetched || p.to != nil && p.to.Origin.Fetched {
		app.Fetched++
		return
	}
	app.Objects = append(app.Objects, o)
	app.addImages(p)
	c.Dangers = append(c.Dangers, c.dangers(p, o)...)
}

// appOf names the Application that an object is told of.
func (c *comparison) appOf(p pair) AppName {
	if p.to != nil {
		return appOf(*p.to)
	}
	return c.later(appOf(*p.from))
}

// object says what differs in an object.
func (c *comparison) object(p pair) (o Object, differs bool) {
	switch {
	case p.from == nil:
		return Object{ID: p.to.ID, Change: Added, Partial: p.to.Origin.Recorded}, true
	case p.to == nil:
		return Object{ID: p.from.ID, Change: Removed, Partial: p.from.Origin.Recorded, Fate: c.fate(*p.from)}, true
	}
	o = Object{ID: p.to.ID, Change: Changed, Partial: p.from.Origin.Recorded || p.to.Origin.Recorded}
	if from := appOf(*p.from); c.later(from) != appOf(*p.to) {
		o.Change, o.From = Moved, from
	}
	old, now := p.from.Object, p.to.Object
	if !o.Partial && p.from.ID.Namespace == p.to.ID.Namespace && reflect.DeepEqual(old, now) {
		return o, o.Change == Moved
	}
	if o.Partial {
		old, now = facts(*p.from), facts(*p.to)
	}
	if p.from.ID.Namespace != p.to.ID.Namespace {
		old, now = unplaced(old), unplaced(now)
	}
	o.Differences = fields.Compare(*p.to, old, now)
	return o, o.Change == Moved || len(o.Fields)+o.Folded > 0
}

// facts are what a record has of an object, whether it is one or is rendered.
func facts(res manifest.Resource) map[string]any {
	object := manifest.MapTexts(res.Object, func(text string) string { return text }).(map[string]any)
	shaped, err := manifest.Shape(object) // a record has numbers as YAML gives them
	if err != nil {
		return object
	}
	return record.Reduce(shaped.(map[string]any))
}

// unplaced is an object without its namespace.
func unplaced(object map[string]any) map[string]any {
	metadata, ok := object["metadata"].(map[string]any)
	if !ok {
		return object
	}
	object, metadata = maps.Clone(object), maps.Clone(metadata)
	delete(metadata, "namespace")
	object["metadata"] = metadata
	return object
}

// applications settles what is to be told of Applications as such, and sorts all.
func (c *comparison) applications() {
	for _, app := range c.names() {
		c.change(app)
		before, after := c.from.unknown(c.before(app), c.to), c.to.unknown(app, c.from)
		from, was := c.from.apps[c.before(app)]
		to, is := c.to.apps[app]
		if before+after != "" {
			continue
		}
		if was && is {
			c.Compared.Applications++
		}
		if versions := versions(c.from.charts(c.before(app)), c.to.charts(app)); len(versions) > 0 {
			c.application(app).Charts = versions
		}
		if from.State.Kind == build.Recorded && to.State.Kind == build.Recorded {
			if images := imagesOf(from.RecordedImages, to.RecordedImages, "Application "+app.Name); len(images) > 0 {
				of := c.application(app)
				of.Images = append(of.Images, images...)
			}
		}
		for _, state := range []build.State{from.State, to.State} {
			if state.Kind == build.Recorded {
				c.Recorded = append(c.Recorded, Recorded{app, state.Reason})
				break
			}
		}
	}
	for _, app := range slices.SortedFunc(maps.Keys(c.found), compareNames) {
		found := c.found[app]
		slices.SortStableFunc(found.Objects, compareObjects)
		found.Images = gathered(found.Images)
		c.Applications = append(c.Applications, *found)
	}
}

// compareObjects sorts objects whatever the order in which they were found.
func compareObjects(a, b Object) int {
	return cmp.Or(compareIDs(a.ID, b.ID), strings.Compare(string(a.Change), string(b.Change)), compareNames(a.From, b.From))
}

// names are those of all Applications, by the later state, sorted.
func (c *comparison) names() []AppName {
	all := map[AppName]bool{}
	for app := range c.from.apps {
		all[c.later(app)] = true
	}
	for app := range c.to.apps {
		all[app] = true
	}
	return slices.SortedFunc(maps.Keys(all), compareNames)
}

// change says what happened to an Application as such.
func (c *comparison) change(app AppName) {
	_, was := c.from.apps[c.before(app)]
	_, is := c.to.apps[app]
	switch {
	case c.before(app) != app:
		c.application(app).Change, c.application(app).Was = Renamed, c.before(app).Name
	case !was && c.to.has(app) && c.from.unknown(app, c.to) == "":
		c.application(app).Change = Added
	case !is && c.from.has(app) && c.to.unknown(app, c.from) == "":
		c.application(app).Change = Removed
	}
}

// lacking tells what was not compared, and why.
func (c *comparison) lacking() {
	told := map[string]bool{}
	for _, app := range c.names() {
		from, was := c.from.apps[c.before(app)]
		to, is := c.to.apps[app]
		l := Lacking{AppName: app, Before: c.from.unknown(c.before(app), c.to), After: c.to.unknown(app, c.from)}
		told[l.Before], told[l.After] = true, true
		l.Elsewhere = (!was || from.State.Kind == build.Elsewhere) && (!is || to.State.Kind == build.Elsewhere)
		if l.Before+l.After != "" {
			c.Lacking = append(c.Lacking, l)
		}
	}
	files := map[string]Lacking{}
	for file, why := range c.from.unread {
		files[file] = Lacking{Before: why}
	}
	for file, why := range c.to.unread {
		files[file] = Lacking{Before: files[file].Before, After: why}
	}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if l := files[file]; !told[l.Before] || !told[l.After] {
			l.Name = file
			c.Lacking = append(c.Lacking, l)
		}
	}
}
