// Package fate says what Argo CD does with an object in the cluster that the repository no longer has.
//
// It knows Argo CD's rules of pruning and deleting, as of Argo CD 3.4, and nothing of the repository.
package fate

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

// Pruned is the fate of an object whose Application is still there, as it was and as it is. What counts are the object's own
// annotations as they were, for they are live.
func Pruned(res manifest.Resource, before, after argocd.Application) Fate {
	name := after.ID.Name
	automated := func(spec argocd.ApplicationSpec) argocd.AutomatedSync {
		if !spec.Automated() {
			return argocd.AutomatedSync{}
		}
		return *spec.SyncPolicy.Automated
	}
	old, now := automated(before.Spec), automated(after.Spec)
	option := syncOption(res, after.Spec, "Prune")
	sync, _ := argocd.ReadSync(res)
	switch {
	case sync.IsHook():
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
	}
	return Fate{Deleted, fmt.Sprintf("%s prunes", name)}
}

// Emptied is the fate of what Argo CD would prune of an Application that has nothing left.
func Emptied(pruned Fate, app argocd.Application) Fate {
	if pruned.Verdict != Deleted || is(app.Spec.SyncPolicy.Automated.AllowEmpty) {
		return pruned
	}
	return Fate{Stays, fmt.Sprintf("%s has nothing left, and Argo CD does not empty it by itself", app.ID.Name)}
}

func is(flag *bool) bool { return flag != nil && *flag }

// Cascaded is the fate of an object whose Application has a fate of its own, which is not that it stays.
func Cascaded(res manifest.Resource, app argocd.Application, with Fate) Fate {
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

// Unmade is the fate of an Application that its ApplicationSet no longer makes.
func Unmade(set argocd.ApplicationSet) Fate {
	policy := ""
	if set.Spec.SyncPolicy != nil {
		policy = set.Spec.SyncPolicy.ApplicationsSync
	}
	if policy == "create-only" || policy == "create-update" {
		return Fate{Stays, fmt.Sprintf("the ApplicationSet %s deletes none (applicationsSync: %s)", set.ID.Name, policy)}
	}
	return Fate{Deleted, fmt.Sprintf("the ApplicationSet %s no longer makes it", set.ID.Name)}
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

// Forbidden is the fate of an object of an Application whose project does not permit it: Argo CD leaves it alone. ok is false
// where it does.
func Forbidden(res manifest.Resource, app argocd.Application, p argocd.AppProject) (fate Fate, ok bool) {
	permitted := p.PermitsClusterScoped(res.ID)
	if res.ID.Namespace != "" {
		to := app.Spec.Destination
		to.Namespace = res.ID.Namespace
		permits, known := p.PermitsDestination(to)
		permitted = (permits || !known) && p.PermitsNamespaced(res.ID)
	}
	return Fate{Stays, fmt.Sprintf("the project %s does not permit it, so that Argo CD leaves it alone", p.ID.Name)}, !permitted
}

func isDefinition(id manifest.ID) bool {
	return id.Group == "apiextensions.k8s.io" && id.Kind == "CustomResourceDefinition"
}
