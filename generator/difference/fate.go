package difference

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/fate"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// fate works out what becomes of an object of the earlier state. What counts are its own annotations as they were, for they
// are live, and how its Application is synced now.
func (c *comparison) fate(res manifest.Resource) fate.Fate {
	if res.Origin.Set != nil {
		return c.unmade(res.Origin.Set.Name)
	}
	app := appOf(res)
	if app.Name == "" {
		return fate.Fate{Verdict: fate.Stays, Reason: "no Application brings it, so that nobody deletes it"}
	}
	before, _ := c.from.object(app)
	after, _ := c.to.object(app)
	_, stays := c.to.apps[app]
	with := fate.Fate{}
	if !stays {
		if with = c.fateOf(app, before); with.Verdict == fate.Stays {
			return with
		}
		after = before
	}
	if p, ok := c.to.projects[after.Spec.Project]; ok {
		if forbidden, ok := fate.Forbidden(res, before, p); ok {
			return forbidden
		}
	}
	if !stays {
		return fate.Cascaded(res, before, with)
	}
	pruned := fate.Pruned(res, before, after)
	if len(c.to.brought[app]) == 0 && c.to.unknown(app, c.from) == "" {
		return fate.Emptied(pruned, after)
	}
	return pruned
}

// unmade is the fate of an Application that the set of a name made. It goes with a set that goes, for that owns it.
func (c *comparison) unmade(name string) fate.Fate {
	if after, ok := c.to.object(AppName{Name: name}); ok && argocd.IsApplicationSet(after.ID) {
		if _, lacking := c.to.apps[AppName{Name: name}]; lacking {
			return fate.Fate{Verdict: fate.Asked, Reason: fmt.Sprintf("the ApplicationSet %s cannot be expanded here, and decides", name)}
		}
		set, _ := argocd.ReadApplicationSet(after.Resource)
		return fate.Unmade(set)
	}
	before, ok := c.from.object(AppName{Name: name})
	if !ok || before.Origin.Set != nil {
		return fate.Fate{Verdict: fate.Asked, Reason: fmt.Sprintf("who made the ApplicationSet %s decides", name)}
	}
	of := c.fate(before.Resource)
	of.Reason = fmt.Sprintf("with the ApplicationSet %s: %s", name, of.Reason)
	return of
}

// fateOf is the fate of an Application that is not there any more; where it stays, that of what it brought.
func (c *comparison) fateOf(app AppName, before argocd.Application) fate.Fate {
	if known, ok := c.fates[app]; ok {
		return known
	}
	c.fates[app] = fate.Fate{Verdict: fate.Stays, Reason: fmt.Sprintf("nothing is left that would delete %s", app.Name)} // where they delete each other
	of := fate.Fate{Verdict: fate.Asked, Reason: fmt.Sprintf("who made the Application %s decides", app.Name)}
	switch {
	case c.to.has(app):
		of = fate.Fate{Verdict: fate.Stays, Reason: fmt.Sprintf("%s goes to another cluster, and leaves behind what is on this one", app.Name)}
	case before.Object != nil:
		of = c.fate(before.Resource)
		if parent := appOf(before.Resource); of.Verdict == fate.Stays && (parent.Name == "" || c.to.appears(parent)) { // else it is said already
			of.Reason = fmt.Sprintf("its Application %s stays: %s", app.Name, of.Reason)
		}
	}
	c.fates[app] = of
	return of
}
