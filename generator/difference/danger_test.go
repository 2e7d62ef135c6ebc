package difference_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/difference"
)

// root is an Application that brings those in apps/, lamp one that brings what is in lamp/.
const (
	root = `
-- root.yaml --
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: root, namespace: argocd}
spec:
  source: {repoURL: "https://git.example.org/a.git", path: apps}
  destination: {name: prod, namespace: argocd}
  syncPolicy: {automated: {prune: true}}
-- apps/note.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: note}
`
	lamp = `
-- apps/lamp.yaml --
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: lamp, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  source: {repoURL: "https://git.example.org/a.git", path: lamp}
  destination: {name: prod, namespace: lights}
  syncPolicy: {automated: {prune: true}}
`
	stays = `
-- lamp/stays.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: stays}
`
)

// object is a file with an object of a kind, and with annotations.
func object(apiVersion, kind, annotations string) string {
	return fmt.Sprintf("-- lamp/object.yaml --\napiVersion: %s\nkind: %s\nmetadata: {name: it, annotations: {%s}}\n", apiVersion, kind, annotations)
}

// dangers are those of a difference as lines.
func dangers(d difference.Difference) string {
	var b strings.Builder
	for _, one := range d.Dangers {
		fmt.Fprintf(&b, "%s %s %v: %s\n", one.Kind, one.Object, one.Paths, one.Message)
	}
	return b.String()
}

// TestDangers states what Argo CD does with what a change takes away, and what the API server makes of one.
func TestDangers(t *testing.T) {
	claim := object("v1", "PersistentVolumeClaim", "")
	set := "-- lamp/object.yaml --\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: it, annotations: {%s}}\nspec: {serviceName: %s, replicas: %d}\n"
	without := func(text, what, instead string) string {
		t.Helper()
		if !strings.Contains(text, what) {
			t.Fatalf("%q is not in %q", what, text)
		}
		return strings.ReplaceAll(text, what, instead)
	}
	byHand := without(lamp, "  syncPolicy: {automated: {prune: true}}\n", "")
	for name, c := range map[string]struct{ from, to, want string }{
		"pruned":              {root + lamp + stays + claim, root + lamp + stays, "deletes PersistentVolumeClaim lights/it []: Argo CD deletes it, with its data, unless the volume is retained (lamp prunes)"},
		"a namespace":         {root + lamp + stays + object("v1", "Namespace", ""), root + lamp + stays, "deletes Namespace it []: Argo CD deletes it, with all that is in it (lamp prunes)"},
		"nothing precious":    {root + lamp + stays + object("v1", "ConfigMap", ""), root + lamp + stays, ""},
		"Prune=false":         {root + lamp + stays + object("v1", "PersistentVolumeClaim", `argocd.argoproj.io/sync-options: "Prune=false,Delete=false"`), root + lamp + stays, "stays PersistentVolumeClaim lights/it []: it stays in the cluster (Prune=false)"},
		"Prune=confirm":       {root + lamp + stays + object("v1", "PersistentVolumeClaim", `argocd.argoproj.io/sync-options: Prune=confirm`), root + lamp + stays, "asks PersistentVolumeClaim lights/it []: Argo CD deletes it, with its data, unless the volume is retained, once somebody says so (Prune=confirm)"},
		"the new annotation":  {root + lamp + stays + claim, root + lamp + without(stays, "{name: stays}", `{name: stays, annotations: {argocd.argoproj.io/sync-options: Prune=false}}`), "deletes PersistentVolumeClaim lights/it []: Argo CD deletes it, with its data, unless the volume is retained (lamp prunes)"},
		"no prune":            {root + without(lamp, "prune: true", "prune: false") + stays + claim, root + without(lamp, "prune: true", "prune: false") + stays, "stays PersistentVolumeClaim lights/it []: it stays in the cluster (lamp does not prune)"},
		"no prune from now":   {root + lamp + stays + claim, root + without(lamp, "prune: true", "prune: false") + stays, "deletes PersistentVolumeClaim lights/it []: Argo CD deletes it, with its data, unless the volume is retained (lamp prunes until this change has arrived)"},
		"by hand":             {root + byHand + stays + claim, root + byHand + stays, "asks PersistentVolumeClaim lights/it []: Argo CD deletes it, with its data, unless the volume is retained, once somebody says so (lamp is synced by hand, and a sync that prunes deletes it)"},
		"nothing left":        {root + lamp + claim, root + lamp + "-- lamp/README.md --\n", "stays PersistentVolumeClaim lights/it []: it stays in the cluster (lamp has nothing left, and Argo CD does not empty it by itself)"},
		"a hook":              {root + lamp + stays + object("v1", "PersistentVolumeClaim", "argocd.argoproj.io/hook: PreSync"), root + lamp + stays, "stays PersistentVolumeClaim lights/it []: it stays in the cluster (it is a hook, and hooks are not pruned)"},
		"an Application":      {root + lamp + stays + claim, root + stays + claim, "deletes Application argocd/lamp []: Argo CD deletes it (root prunes); 2 objects with it, PersistentVolumeClaim lights/it among them"},
		"kept with it":        {root + lamp + stays + object("v1", "PersistentVolumeClaim", `helm.sh/resource-policy: keep`), root, "deletes Application argocd/lamp []: Argo CD deletes it (root prunes); 1 object with it; 1 object stays in the cluster (helm.sh/resource-policy: keep)"},
		"definitions":         {root + lamp + object("apiextensions.k8s.io/v1", "CustomResourceDefinition", ""), root, "deletes Application argocd/lamp []: Argo CD deletes it (root prunes); nothing of what it brought goes with it; 1 object stays in the cluster (Argo CD deletes no CustomResourceDefinition with its Application)"},
		"orphans":             {root + without(lamp, ", finalizers: [resources-finalizer.argocd.argoproj.io]", "") + stays + claim, root, "deletes Application argocd/lamp []: Argo CD deletes it (root prunes); nothing of what it brought goes with it; 2 objects stay in the cluster (lamp is deleted without what it brought: it has no resources finalizer)"},
		"a parent that keeps": {without(root, "prune: true", "prune: false") + lamp + claim, without(root, "prune: true", "prune: false"), "stays Application argocd/lamp []: it stays in the cluster (root does not prune)"},
		"the parent, too":     {root + lamp + claim, "-- other.yaml --\napiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n", "stays Application argocd/lamp []: it stays in the cluster (its Application root stays: no Application brings it, so that nobody deletes it)\nstays Application argocd/root []: it stays in the cluster (no Application brings it, so that nobody deletes it)"},
		"renamed":             {root + lamp + stays + claim, root + without(lamp, "name: lamp", "name: light") + stays + claim, "renames Application argocd/lamp []: is now light, and renaming is deleting and making again: Argo CD deletes it (root prunes); 2 objects with it, PersistentVolumeClaim lights/it among them"},
		"another cluster":     {root + lamp + claim, root + without(lamp, "name: prod", "name: test") + claim, ""},
		"moved": {root + lamp + stays + claim, root + lamp + stays + without(lamp, "lamp", "torch") + without(claim, "lamp/", "torch/"),
			"moves PersistentVolumeClaim lights/it []: comes from lamp, and whichever is synced first decides: Argo CD deletes it, with its data, unless the volume is retained (lamp prunes), then it is made anew"},
		"forbidden": {root + lamp + stays + claim, root + without(lamp, "spec:\n", "spec:\n  project: home\n") + stays + "-- project.yaml --\napiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: home}\nspec: {destinations: [{name: prod, namespace: other}]}\n",
			"stays PersistentVolumeClaim lights/it []: it stays in the cluster (the project home does not permit it, so that Argo CD leaves it alone)"},
		"refused":      {root + lamp + fmt.Sprintf(set, "", "a", 1), root + lamp + fmt.Sprintf(set, "", "b", 2), "refuses StatefulSet lights/it [spec.serviceName]: the API server refuses this change"},
		"forced":       {root + lamp + fmt.Sprintf(set, "", "a", 1), root + lamp + fmt.Sprintf(set, `argocd.argoproj.io/sync-options: "Replace=true,Force=true"`, "b", 2), "recreates StatefulSet lights/it [spec.serviceName]: the API server refuses this change, and by Force=true Argo CD deletes the object and makes it again"},
		"not refused":  {root + lamp + fmt.Sprintf(set, "", "a", 1), root + lamp + fmt.Sprintf(set, "", "a", 2), ""},
		"nobody's own": {claim, stays, "stays PersistentVolumeClaim it []: it stays in the cluster (no Application brings it, so that nobody deletes it)"},
	} {
		t.Run(name, func(t *testing.T) {
			d := difference.Between(side(t, c.from), side(t, c.to))
			want := c.want
			if want != "" {
				want += "\n"
			}
			if got := dangers(d); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// TestLacking states that what is not known on one side has neither come nor gone, and is named.
func TestLacking(t *testing.T) {
	unknown := "-- lamp/kustomization.yaml --\nresources: [stays.yaml]\nhelmCharts: [{name: torch, repo: \"https://charts.example.org\", version: 1.0.0}]\n"
	for name, c := range map[string]struct {
		from, to string
		want     string
	}{
		"a chart":              {root + lamp + stays, root + lamp + stays + unknown, "lamp after chart torch 1.0.0 of https://charts.example.org is not at hand"},
		"a chart before":       {root + lamp + stays + unknown, root + lamp + stays, "lamp before chart torch 1.0.0 of https://charts.example.org is not at hand"},
		"a file":               {root + lamp + stays, root + lamp + "-- lamp/stays.yaml --\napiVersion: v1\nkind: [\nmetadata: {}\n", "lamp after lamp/stays.yaml:1:1: "},
		"the parent":           {root + lamp + stays, strings.Replace(root, "kind: Application", "kind: [", 1) + lamp + stays, "root after root.yaml:1:1: "},
		"an Application":       {root + lamp + stays, root + strings.Replace(lamp, "kind: Application", "kind: [", 1) + stays, "lamp after apps/lamp.yaml:1:1: "},
		"a file of no project": {stays, "-- lamp/stays.yaml --\napiVersion: v1\nkind: [\nmetadata: {}\n" + root, "lamp/stays.yaml after lamp/stays.yaml:1:1: "},
	} {
		t.Run(name, func(t *testing.T) {
			d := difference.Between(side(t, c.from), side(t, c.to))
			var got strings.Builder
			for _, l := range d.Lacking {
				if l.Before != "" {
					fmt.Fprintf(&got, "%s before %s\n", l.Name, l.Before)
				}
				if l.After != "" {
					fmt.Fprintf(&got, "%s after %s\n", l.Name, l.After)
				}
			}
			if !strings.Contains(got.String(), c.want) {
				t.Errorf("got %s, want %s", got.String(), c.want)
			}
			for _, app := range d.Applications {
				for _, o := range app.Objects {
					if o.Name == "stays" {
						t.Errorf("%s is said to be %s", o.ID, o.Change)
					}
				}
			}
			if len(d.Dangers) > 0 {
				t.Errorf("got %s", dangers(d))
			}
		})
	}
}
