package render

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

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

// source reads what an Application renders.
func (r *renderer) source(app manifest.Resource) source {
	if app.ID.Kind == "ApplicationSet" {
		return source{state: build.State{Kind: build.NotRendered, Reason: "it is an ApplicationSet, which this version does not render", Hint: hintUnknown}}
	}
	spec, _ := app.Object["spec"].(map[string]any)
	s := source{cluster: r.cluster(spec)}
	s.namespace, _ = manifest.Dig(spec, "destination", "namespace").(string)
	if reason := unsupported(spec); reason != "" {
		s.state = build.State{Kind: build.NotRendered, Reason: reason, Hint: hintUnknown}
		return s
	}
	url, _ := manifest.Dig(spec, "source", "repoURL").(string)
	dir, _ := manifest.Dig(spec, "source", "path").(string)
	s.unit.Dir = path.Clean(dir)
	unread := r.repository().Tree.WhyUnread(s.unit.Dir)
	exists := len(r.repository().Tree.Under(s.unit.Dir)) > 0 || unread != ""
	switch {
	case len(r.options.URLs) > 0 && !r.ours(url), len(r.options.URLs) == 0 && !exists:
		s.state = build.State{Kind: build.Elsewhere, Reason: "its source is another repository, " + chart.Location(url)}
		return s
	case len(r.options.URLs) == 0:
		r.result.Notes = append(r.result.Notes, chart.Location(url)+" is taken to be this repository: its paths exist here")
	}
	if revision, _ := manifest.Dig(spec, "source", "targetRevision").(string); !r.present(revision) {
		s.state = build.State{
			Kind: build.NotRendered, Reason: fmt.Sprintf("its source is the revision %q of this repository, and not what stands here", revision), Hint: hintRevision,
		}
		return s
	}
	var wrong string
	at := []any{"spec", "source", "path"}
	switch {
	case manifest.Dig(spec, "destination", "server") != nil && manifest.Dig(spec, "destination", "name") != nil:
		wrong, at = "its destination has a server and a name, and Argo CD takes one of them", []any{"spec", "destination"}
	case dir == "":
		wrong, at = "its source has no path", at[:2]
	case unread != "":
		wrong = fmt.Sprintf("path %q was not read: %s", dir, unread)
	case path.IsAbs(dir):
		wrong = fmt.Sprintf("path %q: want one relative to the repository's root", dir)
	case !exists:
		wrong = fmt.Sprintf("path %q: there is no such directory", dir)
	default:
		directory, _ := manifest.Dig(spec, "source", "directory").(map[string]any)
		wrong = r.decide(&s, app.ID.Name, directory)
		at[2] = "directory"
	}
	if wrong != "" {
		s.state = build.State{Kind: build.Failed, Reason: build.DoesNotRender}
		s.problem = build.Problem{Place: app.Place(at...), Application: app.ID.Name, Message: fmt.Sprintf("Application %s: %s", app.ID.Name, wrong)}
	}
	return s
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

// decide finds out as Argo CD does how a directory is rendered, and says what is wrong where it would fail. directory
// is the Application's field of that name; nil where it has none.
func (r *renderer) decide(s *source, application string, directory map[string]any) (wrong string) {
	file := kustomization.In(r.repository().Tree, s.unit.Dir)
	_, chart := r.repository().Tree.File(path.Join(s.unit.Dir, "Chart.yaml"))
	recurse, _ := directory["recurse"].(bool)
	switch {
	case directory != nil && file != "":
		return fmt.Sprintf("directory makes Argo CD read %s as a plain manifest: leave it out", file)
	case r.overridden(s.unit.Dir, application):
		s.state = build.State{Kind: build.NotRendered, Reason: "its path has an .argocd-source file, which this version does not apply", Hint: hintUnknown}
	case file != "":
		s.unit.Kind = build.Kustomization
	case chart && directory == nil:
		s.state = build.State{Kind: build.NotRendered, Reason: "its source is a Helm chart in this repository, which this version does not render", Hint: hintUnknown}
	case recurse:
		s.unit.Kind = build.RecursiveDirectory
	default:
		s.unit.Kind = build.Directory
	}
	return ""
}

// unsupported says what an Application's spec uses that is not rendered here.
func unsupported(spec map[string]any) string {
	if spec["sources"] != nil {
		return "it has several sources, which this version does not render"
	}
	if spec["sourceHydrator"] != nil {
		return "it has a sourceHydrator, which this version does not render"
	}
	src, ok := spec["source"].(map[string]any)
	if !ok {
		return "it has no source"
	}
	for _, field := range []string{"helm", "kustomize", "plugin", "chart", "ref"} {
		if src[field] != nil {
			return fmt.Sprintf("its source uses %q, which this version does not render", field)
		}
	}
	for _, field := range []string{"include", "exclude", "jsonnet"} {
		if manifest.Dig(src, "directory", field) != nil {
			return fmt.Sprintf("its source uses directory.%s, which this version does not render", field)
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
func (r *renderer) cluster(spec map[string]any) string {
	for _, key := range []string{"server", "name"} {
		where, _ := manifest.Dig(spec, "destination", key).(string)
		if where == "" {
			continue
		}
		if name, ok := r.options.Clusters[where]; ok {
			return name
		}
		return where
	}
	return ""
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
