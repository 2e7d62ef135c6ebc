package render

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// source is where an Application's objects come from and where they go.
type source struct {
	// units are the sources that can be rendered here, unchanged those that need not be.
	units, unchanged []build.Unit
	// cluster and namespace are the destination's.
	cluster, namespace string
	// state says why one of the sources, or the only one, cannot be rendered here; problems what is wrong with them.
	state    build.State
	problems []build.Problem
}

// lack takes a state in place of one that says less.
func (s *source) lack(state build.State) {
	if state.Kind > s.state.Kind {
		s.state = state
	}
}

// What helps against the reasons why a source is not rendered.
const (
	hintRevision = "check out the revision that it names"
	hintFetched  = "--show-fetched follows it, for repositories whose authors you trust"
	hintPlugin   = "only Argo CD has the plugin: check what it makes there"
)

// source finds what an Application renders.
func (r *renderer) source(res manifest.Resource) source {
	app, _ := argocd.ReadApplication(res) // a rule tells of fields of another type
	s := source{cluster: r.cluster(app.Spec.Destination), namespace: app.Spec.Destination.Namespace}
	to := app.Spec.Destination
	sources := app.Spec.Sources()
	switch {
	case app.Spec.SourceHydrator != nil:
		s.state = notRendered("it has a sourceHydrator, which this version does not render", "")
		return s
	case len(sources) == 0:
		s.state = notRendered("it has no source", "")
		return s
	}
	if to.Server != "" && to.Name != "" {
		s.wrong(app, fault{"its destination has a server and a name, and Argo CD takes one of them", manifest.Path{"spec", "destination"}})
		return s
	}
	refs, wrong := r.references(sources)
	if wrong.text != "" {
		s.wrong(app, wrong)
		return s
	}
	for _, src := range sources {
		d := decision{renderer: r, app: app, src: src, refs: refs, several: len(sources) > 1}
		if d.decide(); d.renders {
			s.units = append(s.units, d.unit)
		}
		if s.lack(d.state); d.fault.text != "" {
			s.wrong(app, d.fault)
		}
	}
	return s
}

// fault is what is wrong with an Application, and the field that is to blame.
type fault struct {
	text string
	at   manifest.Path
}

// wrong tells of something that keeps Argo CD from rendering the Application.
func (s *source) wrong(app argocd.Application, f fault) {
	s.lack(build.State{Kind: build.Failed, Reason: build.DoesNotRender})
	s.problems = append(s.problems, build.Problem{
		Place: app.Place(f.at...), Application: app.ID.Name, Message: fmt.Sprintf("Application %s: %s", app.ID.Name, f.text),
	})
}

func notRendered(reason, hint string) build.State {
	return build.State{Kind: build.NotRendered, Reason: reason, Hint: hint}
}

// elsewhere is the state of an Application whose source does not stand here; the zero state is that of one whose does.
func (r *renderer) elsewhere(src argocd.Source, dir string) build.State {
	url := chart.Location(src.RepoURL)
	if c, given := r.options.Checkouts.Find(src.RepoURL); given {
		return r.standing(c, src.TargetRevision)
	}
	is, assumed := r.here(src.RepoURL, r.exists(dir))
	if !is {
		return build.State{Kind: build.Elsewhere, Reason: "its source is another repository, " + url, Hint: build.HintCheckout}
	}
	if assumed != "" {
		r.result.Notes = append(r.result.Notes, assumed)
	}
	if !r.present(src.TargetRevision) {
		return notRendered(fmt.Sprintf("its source is the revision %q of this repository, and not what stands here", src.TargetRevision), hintRevision)
	}
	return build.State{}
}

// dirOf is the directory of a source, behind the links that lead there.
func (r *renderer) dirOf(src argocd.Source) string {
	if root := r.rootOf(src.RepoURL); root != "." {
		return r.repository().Tree.Real(path.Join(root, src.Path))
	}
	return r.repository().Tree.Real(path.Clean(src.Path))
}

// exists reports whether a directory is here, be it that it was not read.
func (r *renderer) exists(dir string) bool {
	return len(r.repository().Tree.Under(dir)) > 0 || r.repository().Tree.WhyUnread(dir) != ""
}

// wrong says what keeps Argo CD from rendering a directory of this repository, whatever stands in it.
func (r *renderer) wrong(src argocd.Source) fault {
	dir := src.Path
	unread := r.repository().Tree.WhyUnread(r.dirOf(src))
	at := src.At.With("path")
	switch {
	case dir == "":
		return fault{"its source has no path", src.At}
	case unread != "":
		return fault{fmt.Sprintf("path %q was not read: %s", dir, unread), at}
	case path.IsAbs(dir):
		return fault{fmt.Sprintf("path %q: want one relative to the repository's root", dir), at}
	case !r.exists(r.dirOf(src)), r.repository().Tree.LeadsOut(r.rootOf(src.RepoURL), r.dirOf(src)):
		return fault{fmt.Sprintf("path %q: there is no such directory", dir), at}
	}
	return fault{}
}

// present reports whether a revision is what stands here: the branch that the repository is known to have, or any branch
// where that is not known. What a pull request or a commit is called is never that.
func (r *renderer) present(revision string) bool {
	switch {
	case revision == "" || revision == "HEAD":
		return true
	case r.options.Branch != "":
		return strings.TrimPrefix(revision, "refs/heads/") == r.options.Branch
	}
	name, isBranch := strings.CutPrefix(revision, "refs/heads/")
	return (isBranch || !strings.HasPrefix(revision, "refs/")) && !commitHash.MatchString(name)
}

var commitHash = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

// cluster names the cluster that an Application's objects go to.
func (r *renderer) cluster(to argocd.Destination) string {
	where := cmp.Or(to.Server, to.Name)
	return cmp.Or(r.options.Clusters[where], where)
}

func (r *renderer) ours(url string) bool {
	return slices.ContainsFunc(r.options.URLs, func(u string) bool { return checkout.Same(u, url) })
}
