package difference

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Fate is what becomes of an object in the cluster that the repository no longer has.
type Fate struct {
	Verdict Verdict
	// Reason says why: lower case, no period.
	Reason string
}

// Verdict is what Argo CD does with an object.
type Verdict string

// The verdicts. Asked is deleted once somebody says so.
const (
	Deleted Verdict = "deleted"
	Asked   Verdict = "asked"
	Stays   Verdict = "stays"
)

// fate works out what becomes of an object of the earlier state. What counts are its own annotations as they were, for they
// are live, and how its Application is synced now.
func (c *comparison) fate(res manifest.Resource) Fate {
	app := appOf(res)
	if app.Name == "" {
		return Fate{Stays, "no Application brings it, so that nobody deletes it"}
	}
	before, _ := c.from.object(app)
	if _, ok := c.to.apps[app]; ok {
		after, _ := c.to.object(app)
		if fate, ok := c.forbidden(res, after.Spec.Project); ok {
			return fate
		}
		return c.pruned(res, before, after)
	}
	with := c.fateOf(app, before)
	if with.Verdict == Stays {
		return with
	}
	if fate, ok := c.forbidden(res, before.Spec.Project); ok {
		return fate
	}
	return cascaded(res, before, with)
}

// fateOf is the fate of an Application that is not there any more; where it stays, that of what it brought.
func (c *comparison) fateOf(app AppName, before argocd.Application) Fate {
	if known, ok := c.fates[app]; ok {
		return known
	}
	c.fates[app] = Fate{Stays, fmt.Sprintf("nothing is left that would delete %s", app.Name)} // where they delete each other
	fate := Fate{Asked, fmt.Sprintf("who made the Application %s decides", app.Name)}
	switch {
	case c.to.has(app):
		fate = Fate{Stays, fmt.Sprintf("%s goes to another cluster, and leaves behind what is on this one", app.Name)}
	case before.Object != nil:
		fate = c.fate(before.Resource)
		if parent := appOf(before.Resource); fate.Verdict == Stays && (parent.Name == "" || c.to.appears(parent)) { // else it is said already
			fate.Reason = fmt.Sprintf("its Application %s stays: %s", app.Name, fate.Reason)
		}
	}
	c.fates[app] = fate
	return fate
}

// pruned is the fate of an object whose Application is still there.
func (c *comparison) pruned(res manifest.Resource, before, after argocd.Application) Fate {
	name := after.ID.Name
	automated := func(spec argocd.ApplicationSpec) argocd.AutomatedSync {
		if !spec.Automated() {
			return argocd.AutomatedSync{}
		}
		return *spec.SyncPolicy.Automated
	}
	old, now := automated(before.Spec), automated(after.Spec)
	option := syncOption(res, after.Spec, "Prune")
	switch {
	case isHook(&res):
		return Fate{Stays, "it is a hook, and hooks are not pruned"}
	case option == "false":
		return Fate{Stays, "Prune=false"}
	case !after.Spec.Automated() && !before.Spec.Automated():
		return Fate{Asked, fmt.Sprintf("%s is synced by hand, and a sync that prunes deletes it", name)}
	case !is(now.Prune) && !is(old.Prune):
		return Fate{Stays, fmt.Sprintf("%s does not prune", name)}
	case option == "confirm":
		return Fate{Asked, "Prune=confirm"}
	case !is(now.Prune):
		return Fate{Deleted, fmt.Sprintf("%s prunes until this change has arrived", name)}
	case len(c.to.brought[appOf(res)]) == 0 && c.to.unknown(appOf(res), c.from) == "" && !is(now.AllowEmpty):
		return Fate{Stays, fmt.Sprintf("%s has nothing left, and Argo CD does not empty it by itself", name)}
	}
	return Fate{Deleted, fmt.Sprintf("%s prunes", name)}
}

func is(flag *bool) bool { return flag != nil && *flag }

// cascaded is the fate of an object whose Application is deleted.
func cascaded(res manifest.Resource, app argocd.Application, with Fate) Fate {
	name := app.ID.Name
	finalizers, _ := manifest.Dig(app.Object, "metadata", "finalizers").([]any)
	cascades := slices.ContainsFunc(finalizers, func(f any) bool {
		text, _ := f.(string)
		return text == resourcesFinalizer || strings.HasPrefix(text, resourcesFinalizer+"/")
	})
	option := syncOption(res, app.Spec, "Delete")
	policy, _ := manifest.Dig(res.Object, "metadata", "annotations", "helm.sh/resource-policy").(string)
	switch {
	case !cascades:
		return Fate{Stays, fmt.Sprintf("%s is deleted without what it brought: it has no resources finalizer", name)}
	case isDefinition(res.ID):
		return Fate{Stays, "Argo CD deletes no CustomResourceDefinition with its Application"}
	case option == "false":
		return Fate{Stays, "Delete=false"}
	case strings.TrimSpace(policy) == "keep":
		return Fate{Stays, "helm.sh/resource-policy: keep"}
	case option == "confirm" || syncOption(res, app.Spec, "Prune") == "confirm":
		return Fate{Asked, "it asks to confirm that it is deleted with " + name}
	case with.Verdict == Asked:
		return Fate{Asked, with.Reason}
	}
	return Fate{Deleted, "with " + name}
}

// resourcesFinalizer has Argo CD delete with an Application what it brought.
const resourcesFinalizer = "resources-finalizer.argocd.argoproj.io"

// syncOption is an option of an object, else of its Application.
func syncOption(res manifest.Resource, app argocd.ApplicationSpec, name string) string {
	sync, _ := argocd.ReadSync(res)
	if value, ok := sync.Options.Value(name); ok {
		return value
	}
	if app.SyncPolicy == nil {
		return ""
	}
	value, _ := app.SyncPolicy.SyncOptions.Value(name)
	return value
}

// forbidden is the fate of an object that the project of its Application no longer permits: Argo CD leaves it alone.
func (c *comparison) forbidden(res manifest.Resource, project string) (fate Fate, ok bool) {
	p, there := c.to.projects[project]
	if !there {
		return Fate{}, false
	}
	permitted := p.PermitsClusterScoped(res.ID)
	if res.ID.Namespace != "" {
		to := argocd.Destination{Namespace: res.ID.Namespace}
		if app, ok := c.from.object(appOf(res)); ok {
			to.Server, to.Name = app.Spec.Destination.Server, app.Spec.Destination.Name
		}
		permits, known := p.PermitsDestination(to)
		permitted = (permits || !known) && p.PermitsNamespaced(res.ID)
	}
	return Fate{Stays, fmt.Sprintf("the project %s does not permit it, so that Argo CD leaves it alone", project)}, !permitted
}

func isDefinition(id manifest.ID) bool {
	return id.Group == "apiextensions.k8s.io" && id.Kind == "CustomResourceDefinition"
}
