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
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// source is where an Application's objects come from and where they go.
type source struct {
	unit build.Unit
	// cluster and namespace are the destination's.
	cluster, namespace string
	// state says why the source cannot be rendered here; problem, if it has a message, what is wrong with it.
	state   build.State
	problem build.Problem
}

// isHere reports whether the source can be rendered here.
func (s source) isHere() bool { return s.state == build.State{} }

// What helps against the reasons why a source is not rendered.
const (
	hintRevision = "check out the revision that it names, or leave --require-render out"
	hintFetched  = "--show-fetched follows it, for repositories whose authors you trust"
	hintUnknown  = "this version renders no such thing: leave --require-render out"
)

// source finds what an Application renders.
func (r *renderer) source(res manifest.Resource) source {
	app, _ := argocd.ReadApplication(res) // a rule tells of fields of another type
	s := source{cluster: r.cluster(app.Spec.Destination), namespace: app.Spec.Destination.Namespace}
	if reason := unsupported(app.Spec); reason != "" {
		s.state = notRendered(reason, hintUnknown)
		return s
	}
	s.unit.Dir = path.Clean(app.Spec.Source.Path)
	if s.state = r.elsewhere(*app.Spec.Source, s.unit.Dir); !s.isHere() {
		return s
	}
	wrong, at := r.wrong(app)
	if wrong == "" {
		wrong, at = r.decide(&s, app), manifest.Path{"spec", "source", "directory"}
	}
	if wrong != "" {
		s.state = build.State{Kind: build.Failed, Reason: build.DoesNotRender}
		s.problem = build.Problem{Place: app.Place(at...), Application: app.ID.Name, Message: fmt.Sprintf("Application %s: %s", app.ID.Name, wrong)}
	}
	return s
}

func notRendered(reason, hint string) build.State {
	return build.State{Kind: build.NotRendered, Reason: reason, Hint: hint}
}

// elsewhere is the state of an Application whose source does not stand here; the zero state is that of one whose does.
func (r *renderer) elsewhere(src argocd.Source, dir string) build.State {
	url := chart.Location(src.RepoURL)
	switch {
	case len(r.options.URLs) > 0 && !r.ours(src.RepoURL), len(r.options.URLs) == 0 && !r.exists(dir):
		return build.State{Kind: build.Elsewhere, Reason: "its source is another repository, " + url}
	case len(r.options.URLs) == 0:
		r.result.Notes = append(r.result.Notes, url+" is taken to be this repository: its paths exist here")
	}
	if !r.present(src.TargetRevision) {
		return notRendered(fmt.Sprintf("its source is the revision %q of this repository, and not what stands here", src.TargetRevision), hintRevision)
	}
	return build.State{}
}

// exists reports whether a directory is here, be it that it was not read.
func (r *renderer) exists(dir string) bool {
	return len(r.repository().Tree.Under(dir)) > 0 || r.repository().Tree.WhyUnread(dir) != ""
}

// wrong says what keeps Argo CD from rendering a directory of this repository, whatever stands in it, and which field does.
func (r *renderer) wrong(app argocd.Application) (wrong string, at manifest.Path) {
	dir, to := app.Spec.Source.Path, app.Spec.Destination
	unread := r.repository().Tree.WhyUnread(path.Clean(dir))
	at = manifest.Path{"spec", "source", "path"}
	switch {
	case to.Server != "" && to.Name != "":
		return "its destination has a server and a name, and Argo CD takes one of them", manifest.Path{"spec", "destination"}
	case dir == "":
		return "its source has no path", at[:2]
	case unread != "":
		return fmt.Sprintf("path %q was not read: %s", dir, unread), at
	case path.IsAbs(dir):
		return fmt.Sprintf("path %q: want one relative to the repository's root", dir), at
	case !r.exists(path.Clean(dir)):
		return fmt.Sprintf("path %q: there is no such directory", dir), at
	}
	return "", nil
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

// decide finds out as Argo CD does how a directory is rendered, and says what is wrong where it would fail.
func (r *renderer) decide(s *source, app argocd.Application) (wrong string) {
	directory := app.Spec.Source.Directory
	file := kustomization.In(r.repository().Tree, s.unit.Dir)
	_, chart := r.repository().Tree.File(path.Join(s.unit.Dir, "Chart.yaml"))
	switch {
	case directory != nil && file != "":
		return fmt.Sprintf("directory makes Argo CD read %s as a plain manifest: leave it out", file)
	case r.overridden(s.unit.Dir, app.ID.Name):
		s.state = notRendered("its path has an .argocd-source file, which this version does not apply", hintUnknown)
	case file != "":
		s.unit.Kind = build.Kustomization
	case chart && directory == nil:
		s.state = notRendered("its source is a Helm chart in this repository, which this version does not render", hintUnknown)
	case directory != nil && directory.Recurse:
		s.unit.Kind = build.RecursiveDirectory
	default:
		s.unit.Kind = build.Directory
	}
	return ""
}

// unsupported says what an Application uses that is not rendered here.
func unsupported(spec argocd.ApplicationSpec) string {
	switch {
	case len(spec.SourceList) > 0:
		return "it has several sources, which this version does not render"
	case spec.SourceHydrator != nil:
		return "it has a sourceHydrator, which this version does not render"
	case spec.Source == nil:
		return "it has no source"
	}
	src, directory := spec.Source, cmp.Or(spec.Source.Directory, &argocd.Directory{})
	for _, field := range []struct {
		name string
		used bool
	}{
		{`"helm"`, src.Helm != nil}, {`"kustomize"`, src.Kustomize != nil}, {`"plugin"`, src.Plugin != nil}, {`"chart"`, src.Chart != ""}, {`"ref"`, src.Ref != ""},
		{"directory.include", directory.Include != ""}, {"directory.exclude", directory.Exclude != ""}, {"directory.jsonnet", directory.Jsonnet != nil},
	} {
		if field.used {
			return fmt.Sprintf("its source uses %s, which this version does not render", field.name)
		}
	}
	return ""
}

// overridden reports whether a file beside the manifests changes the source, as Argo CD lets it.
func (r *renderer) overridden(dir, application string) bool {
	for _, name := range []string{".argocd-source.yaml", ".argocd-source-" + application + ".yaml"} {
		if _, ok := r.repository().Tree.File(path.Join(dir, name)); ok {
			return true
		}
	}
	return false
}

// cluster names the cluster that an Application's objects go to.
func (r *renderer) cluster(to argocd.Destination) string {
	where := cmp.Or(to.Server, to.Name)
	return cmp.Or(r.options.Clusters[where], where)
}

func (r *renderer) ours(url string) bool {
	return slices.ContainsFunc(r.options.URLs, func(u string) bool { return SameRepository(u, url) })
}

// SameRepository reports whether two URLs are ways to write one repository's.
func SameRepository(a, b string) bool { return normalise(a) == normalise(b) }

// normalise makes the ways to write one repository's URL equal: scheme, user, .git and the scp form do not matter.
func normalise(url string) string {
	url = strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(url, "/"), ".git"))
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		rest = strings.Replace(url, ":", "/", 1)
	} else if scheme == "file" {
		return url
	}
	if _, after, ok := strings.Cut(rest, "@"); ok {
		rest = after
	}
	return rest
}
