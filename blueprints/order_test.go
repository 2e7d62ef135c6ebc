package blueprints_test

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// twoClusters is a platform of a hub and another cluster, with a team on both that has a repository of its own.
func twoClusters(tier blueprint.Tier) blueprint.Spec {
	return blueprint.Spec{
		Tier: tier, Capabilities: map[string]blueprint.Capability{"tenancy": {Option: "teams"}},
		Clusters: []blueprint.Cluster{{Name: "hub"}, {Name: "edge", Server: "https://edge.example.net:6443"}},
		Teams:    []blueprint.Team{{Name: "lights", Owner: "Ann", Apps: &blueprint.Apps{RepoURL: "https://git.example.net/lights.git", Path: "apps"}}},
	}.WithDefaults()
}

// ofTwoClusters is that platform in medium, rendered once for all tests.
var ofTwoClusters = sync.OnceValues(func() (generator.Rendered, error) {
	return rendered(context.Background(), twoClusters(blueprint.Medium))
})

// trees are the golden trees, and that of two clusters.
func trees(t *testing.T) map[string]generator.Rendered {
	two, err := ofTwoClusters()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]generator.Rendered{"two clusters": two}
	for _, tier := range tierNames {
		all[tier] = goldenTree(t, tier)
	}
	return all
}

// TestHealthHasNoCircle wants the health of no Application to depend on itself: those that hold each other would be what
// each is because of the other, for ever. One that holds itself is left out by Argo CD.
func TestHealthHasNoCircle(t *testing.T) {
	for name, r := range trees(t) {
		t.Run(name, func(t *testing.T) {
			held, counted := map[string][]string{}, map[string][]string{}
			for _, res := range r.Resources {
				by := res.Origin.Application
				if res.ID.Kind != "Application" || by == "" || by == res.ID.Name {
					continue
				}
				held[by] = append(held[by], res.ID.Name)
				if text(res.Object, "metadata", "annotations", "argocd.argoproj.io/ignore-healthcheck") != "true" {
					counted[by] = append(counted[by], res.ID.Name)
				}
			}
			if circle(held) == nil {
				t.Error("got no circle at all, want the roots and the Application of bootstrap/ to hold each other")
			}
			if got := circle(counted); got != nil {
				t.Errorf("the health of these hangs on each other: %q", got)
			}
		})
	}
}

// TestNamespacesComeFirst wants every namespace that the platform writes to, or waits for a Secret in, to come in the first
// wave, from a folder that README.md applies before all else; but for those of teams, and those of the cluster itself.
func TestNamespacesComeFirst(t *testing.T) {
	for name, r := range trees(t) {
		t.Run(name, func(t *testing.T) {
			there := namespacesOf(t, r)
			for at, by := range usedNamespaces(t, r) {
				if !there[at] && at.namespace != "kube-system" && at.namespace != "default" {
					t.Errorf("the namespace %s of %s is for %s, and does not come first", at.namespace, at.server, by)
				}
			}
			firstSteps(t, r)
		})
	}
}

// namespacesOf are the namespaces that come first, or with a team. Here the server of a place is the cluster's name.
func namespacesOf(t *testing.T, r generator.Rendered) map[place]bool {
	there := map[place]bool{}
	for _, res := range r.Resources {
		if res.ID.Kind != "Namespace" {
			continue
		}
		at, app := place{res.Origin.Cluster, res.ID.Name}, res.Origin.Application
		if there[at] {
			t.Errorf("%v: the namespace %s stands in two places", res.Origin.Place, at.namespace)
		}
		there[at] = app == at.server+"-namespaces" || strings.HasPrefix(app, at.server+"-team-")
		if !there[at] {
			t.Errorf("%v: the namespace %s comes with %s", res.Origin.Place, at.namespace, app)
		}
	}
	return there
}

// usedNamespaces are those that something stands in, and what does.
func usedNamespaces(t *testing.T, r generator.Rendered) map[place]string {
	used := map[place]string{}
	for _, res := range r.Resources {
		if res.ID.Namespace != "" {
			used[place{res.Origin.Cluster, res.ID.Namespace}] = res.ID.String()
		}
	}
	b, _, err := blueprint.Evaluate(t.Context(), librarySource, r.Spec)
	if err != nil {
		t.Fatal(err)
	}
	for _, platform := range b.Clusters {
		for _, c := range platform.Components {
			for _, secret := range c.Secrets {
				used[place{platform.Name, secret.Namespace}] = secret.Name
			}
		}
	}
	return used
}

// firstSteps wants README.md to apply the namespaces of each cluster before anything else there.
func firstSteps(t *testing.T, r generator.Rendered) {
	readme, _ := r.Tree.File("README.md")
	for _, c := range r.Spec.Clusters {
		dir := "clusters/" + c.Name + "/"
		namespaces := strings.Index(string(readme.Data), "apply -f "+dir+"namespaces\n")
		components := strings.Index(string(readme.Data), dir+"components/")
		if namespaces < 0 || components < namespaces {
			t.Errorf("README.md does not apply %snamespaces before %scomponents/", dir, dir)
		}
	}
}

// TestWaves wants the namespaces of a cluster in its first wave and what teams and users write in its last, where nothing
// waits for it.
func TestWaves(t *testing.T) {
	for name, r := range trees(t) {
		t.Run(name, func(t *testing.T) {
			waves, written := map[string]int{}, map[string]bool{}
			for _, res := range r.Resources {
				if res.ID.Kind != "Application" {
					continue
				}
				waves[res.ID.Name], _ = strconv.Atoi(text(res.Object, "metadata", "annotations", "argocd.argoproj.io/sync-wave"))
				written[res.ID.Name] = text(res.Object, "spec", "project") != "platform" || strings.HasSuffix(text(res.Object, "spec", "source", "path"), "/secrets")
			}
			last := slices.Max(slices.Collect(maps.Values(waves)))
			for name, wave := range waves {
				if written[name] && wave != last {
					t.Errorf("%s stands in wave %d: want it in the last, %d", name, wave, last)
				}
				cluster, what, _ := strings.Cut(name, "-")
				if first := cluster + "-namespaces"; what != "" && name != first && wave <= waves[first] {
					t.Errorf("%s stands in wave %d: want it after %s", name, wave, first)
				}
			}
		})
	}
}

// circle gives a way through a graph that comes back to where it began; nil where there is none.
func circle(graph map[string][]string) []string {
	var walk func(way []string) []string
	walk = func(way []string) []string {
		last := way[len(way)-1]
		if i := slices.Index(way, last); i < len(way)-1 {
			return way[i:]
		}
		for _, next := range graph[last] {
			if found := walk(append(slices.Clone(way), next)); found != nil {
				return found
			}
		}
		return nil
	}
	for _, from := range slices.Sorted(maps.Keys(graph)) {
		if found := walk([]string{from}); found != nil {
			return found
		}
	}
	return nil
}
