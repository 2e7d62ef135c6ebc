package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

func (p *program) doctor() *cli.Command {
	return &cli.Command{
		Name:      "doctor",
		Usage:     "say what is still to be done before the bootstrap",
		UsageText: "gitopsgen doctor [DIR]",
		Description: `DIR is the current directory unless given. Each thing is told with its place and with what to do about it.

Secrets are told and not counted: whether they are there shows on the cluster alone.

status: 0 nothing is left to do, 1 something is, 3 could not work

examples:
   gitopsgen doctor
   gitopsgen doctor my-platform`,
		Action: func(c *cli.Context) error {
			dir, err := oneArg(c, ".")
			if err != nil {
				return err
			}
			file := filepath.Join(dir, blueprint.SpecFile)
			text, err := gitrepo.ReadFile(dir, blueprint.SpecFile)
			if err != nil {
				return hintError{err, "doctor is for repositories that gitopsgen scaffold made"}
			}
			b, err := p.build(c.Context, specInput{text: text, file: file, folder: dir}, nil)
			if err != nil {
				return err
			}
			return writeChores(p.stdout, b, chores(b, gitrepo.Remotes(dir)))
		},
	}
}

// chore is one thing to do before the bootstrap.
type chore struct {
	// place is where it is done; its File is empty where that is in no file.
	place    manifest.Place
	what, do string
	// unseen: whether it is done shows on the cluster alone. It is told, and nothing waits for it.
	unseen bool
}

// chores lists what is still to be done in a repository whose remotes have these URLs.
func chores(b built, remotes []string) []chore {
	var todo []chore
	add := func(what, do string, path ...any) {
		todo = append(todo, chore{place: b.document.Place(path...), what: what, do: do})
	}
	const again = ", then run gitopsgen scaffold"
	if b.spec.Domain == blueprint.DefaultDomain {
		add("domain "+b.spec.Domain+" is a placeholder", "set the DNS domain of your hosts"+again, "domain")
	}
	url := b.spec.Repository.URL
	if isPlaceholder(url) {
		add("repository "+url+" is a placeholder", "set the URL under which Argo CD reads this repository"+again, "repository", "url")
	}
	for i, team := range b.spec.Teams {
		if strings.HasSuffix(team.Owner, "@"+blueprint.DefaultDomain) {
			add("team "+team.Name+" is a placeholder", "set a name, an owner and groups, or take it away"+again, "teams", i)
		}
	}
	for i, c := range b.spec.Clusters {
		if choice := b.blueprint.Capabilities["load-balancer"]; choice.Option != "" && len(c.Networks.LoadBalancer) == 0 {
			add(fmt.Sprintf("cluster %s has no addresses for Services of type LoadBalancer", c.Name),
				"set networks.loadBalancer, such as [192.168.1.224/28]"+again, "clusters", i)
		}
	}
	for i, platform := range b.blueprint.Clusters {
		for _, c := range platform.Components {
			for _, decision := range c.Decisions {
				add(fmt.Sprintf("cluster %s: %s", platform.Name, decision.What), decision.Do+again, "clusters", i)
			}
		}
		for _, secret := range secretChores(platform) {
			secret.place = b.document.Place("clusters", i)
			todo = append(todo, secret)
		}
	}
	switch {
	case len(remotes) == 0:
		todo = append(todo, chore{what: "the repository has no Git remote", do: "git remote add origin " + escape.Shell(url) + " && git push --set-upstream origin " + b.spec.Repository.Branch})
	case !isPlaceholder(url) && !slices.ContainsFunc(remotes, func(r string) bool { return render.SameRepository(r, url) }):
		var shown []string
		for _, remote := range remotes {
			shown = append(shown, chart.Location(remote)) // a token may stand in it
		}
		add(fmt.Sprintf("no Git remote is %s; there is %s", url, strings.Join(shown, ", ")), "set repository.url to where this repository is pushed"+again, "repository", "url")
	}
	return todo
}

// secretChores are the Secrets that somebody must make on a cluster, after the namespaces that they stand in. The places
// are left out.
func secretChores(platform blueprint.Platform) []chore {
	var todo []chore
	own := false
	for _, c := range platform.Components {
		for _, secret := range c.Secrets {
			own = own || slices.ContainsFunc(platform.Components, func(c blueprint.Component) bool { return c.Namespaces[secret.Namespace] != "" })
			command := fmt.Sprintf("kubectl -n %s create secret generic %s", secret.Namespace, secret.Name)
			for _, key := range secret.Keys {
				command += " --from-literal=" + key + "=..."
			}
			todo = append(todo, chore{
				what: fmt.Sprintf("cluster %s needs the Secret %s/%s for %s", platform.Name, secret.Namespace, secret.Name, secret.Purpose),
				do:   command, unseen: true,
			})
		}
	}
	if !own {
		return todo
	}
	first := chore{
		what: fmt.Sprintf("cluster %s needs its namespaces before the Secrets in them", platform.Name),
		do:   "kubectl apply -f " + layout.NamespacesDir(platform.Name), unseen: true,
	}
	return append([]chore{first}, todo...)
}

// writeChores tells what is to be done. The error says that there is something.
func writeChores(w io.Writer, b built, todo []chore) error {
	var text strings.Builder
	left := 0
	for _, c := range todo {
		if !c.unseen {
			left++
		}
		if c.place.File != "" {
			c.place.File = filepath.ToSlash(c.place.File)
			escape.Fprintf(&text, "%s: ", c.place)
		}
		escape.Fprintf(&text, "%s\n    %s\n", c.what, c.do)
	}
	switch {
	case left > 0:
		fmt.Fprintf(&text, "%s to do before the bootstrap\n", plural(left, "thing"))
	case len(todo) > 0:
		fmt.Fprintf(&text, "%s is ready, but for what only the cluster shows: follow README.md\n", b.spec.Name)
	default:
		fmt.Fprintf(&text, "%s is ready: follow README.md\n", b.spec.Name)
	}
	if _, err := io.WriteString(w, text.String()); err != nil {
		return err
	}
	if left > 0 {
		return errFindings
	}
	return nil
}

// isPlaceholder reports whether a repository's URL is still the one that scaffold writes where nobody gives one.
func isPlaceholder(url string) bool { return strings.Contains(url, "git."+blueprint.DefaultDomain) }
