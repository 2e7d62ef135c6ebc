// Package doctor says what is still to be done before a repository can be bootstrapped.
//
// It reads specs and blueprints, and asks no cluster.
package doctor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Input is the repository to be looked at.
type Input struct {
	Document *blueprint.Document
	// Spec has its defaults filled in, Blueprint is what it evaluates to.
	Spec      blueprint.Spec
	Blueprint blueprint.Blueprint
	// Remotes are the URLs under which Git knows the repository.
	Remotes []string
}

// Chore is one thing to do before the bootstrap.
type Chore struct {
	// Place is where it is done; its File is empty where that is in no file.
	Place manifest.Place
	// What is to be done, and Do is how.
	What, Do string
	// Unseen: whether it is done shows on the cluster alone. It is told, and nothing waits for it.
	Unseen bool
	// Lost: without it something is lost with the cluster. It is told, and no bootstrap waits for it.
	Lost bool
}

// Chores lists what is still to be done.
func Chores(in Input) []Chore {
	var todo []Chore
	add := func(what, do string, path ...any) {
		todo = append(todo, Chore{Place: in.Document.Place(path...), What: what, Do: do})
	}
	if in.Spec.Domain == blueprint.DefaultDomain {
		add("domain "+in.Spec.Domain+" is a placeholder", "set the DNS domain of your hosts"+again, "domain")
	}
	url := in.Spec.Repository.URL
	if isPlaceholder(url) {
		add("repository "+url+" is a placeholder", "set the URL under which Argo CD reads this repository"+again, "repository", "url")
	}
	for i, team := range in.Spec.Teams {
		if strings.HasSuffix(team.Owner, "@"+blueprint.DefaultDomain) {
			add("team "+team.Name+" is a placeholder", "set a name, an owner and groups, or take it away"+again, "teams", i)
		}
	}
	return slices.Concat(todo, in.clusters(), in.remote(), in.lost())
}

// again ends what is to be done in gitopsgen.yaml.
const again = ", then run gitopsgen scaffold"

// clusters is what is to be done for each cluster.
func (in Input) clusters() (todo []Chore) {
	add := func(what, do string, i int) {
		todo = append(todo, Chore{Place: in.Document.Place("clusters", i), What: what, Do: do + again})
	}
	for i, platform := range in.Blueprint.Clusters {
		for _, c := range platform.Components {
			for _, decision := range c.Decisions {
				add(fmt.Sprintf("cluster %s: %s", platform.Name, decision.What), decision.Do, i)
			}
		}
		for _, secret := range secrets(platform) {
			secret.Place = in.Document.Place("clusters", i)
			todo = append(todo, secret)
		}
	}
	return todo
}

// remote is what is to be done so that Argo CD finds the repository.
func (in Input) remote() []Chore {
	url := in.Spec.Repository.URL
	switch {
	case len(in.Remotes) == 0:
		return []Chore{{What: "the repository has no Git remote", Do: "git remote add origin " + escape.Shell(url) + " && git push --set-upstream origin " + in.Spec.Repository.Branch}}
	case !isPlaceholder(url) && !slices.ContainsFunc(in.Remotes, func(r string) bool { return checkout.Same(r, url) }):
		var shown []string
		for _, remote := range in.Remotes {
			shown = append(shown, chart.Location(remote)) // a token may stand in it
		}
		return []Chore{{
			Place: in.Document.Place("repository", "url"), What: fmt.Sprintf("no Git remote is %s; there is %s", url, strings.Join(shown, ", ")),
			Do: "set repository.url to where this repository is pushed" + again,
		}}
	}
	return nil
}

// lost is what nothing backs up.
func (in Input) lost() (todo []Chore) {
	for i, platform := range in.Blueprint.Clusters {
		for _, c := range platform.Components {
			for _, held := range c.Data {
				if held.Backup == "" && held.Dispensable == "" {
					loss := held.Loss
					if held.History {
						loss += "; all works without"
					}
					todo = append(todo, Chore{
						Place: in.Document.Place("clusters", i), Lost: true, Do: held.Keep,
						What: fmt.Sprintf("cluster %s: nothing backs up %s (%s); lost with the cluster: %s", platform.Name, held.What, held.Where, loss),
					})
				}
			}
		}
	}
	return todo
}

// secrets are the Secrets that somebody must make on a cluster, after the namespaces that they stand in. The places
// are left out.
func secrets(platform blueprint.Platform) []Chore {
	var todo []Chore
	own := false
	for _, c := range platform.Components {
		for _, secret := range c.Secrets {
			own = own || slices.ContainsFunc(platform.Components, func(c blueprint.Component) bool { return c.Namespaces[secret.Namespace] != "" })
			command := fmt.Sprintf("kubectl -n %s create secret generic %s", secret.Namespace, secret.Name)
			for _, key := range secret.Keys {
				command += " --from-literal=" + key + "=..."
			}
			todo = append(todo, Chore{
				What: fmt.Sprintf("cluster %s needs the Secret %s/%s for %s", platform.Name, secret.Namespace, secret.Name, secret.Purpose),
				Do:   command, Unseen: true,
			})
		}
	}
	if !own {
		return todo
	}
	first := Chore{
		What: fmt.Sprintf("cluster %s needs its namespaces before the Secrets in them", platform.Name),
		Do:   "kubectl apply -f " + layout.NamespacesDir(platform.Name), Unseen: true,
	}
	return append([]Chore{first}, todo...)
}

// isPlaceholder reports whether a repository's URL is still the one that scaffold writes where nobody gives one.
func isPlaceholder(url string) bool { return strings.Contains(url, "git."+blueprint.DefaultDomain) }
