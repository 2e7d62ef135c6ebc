// Package render turns a repository into the objects that Argo CD would apply from it.
//
// It follows Applications to their sources, builds kustomizations and inflates charts, in process. It knows nothing of
// what is right or wrong with an object, and has no opinion on where charts come from.
package render

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Options say what the repository does not say of itself.
type Options struct {
	// Charts are asked for charts that the repository does not hold, in this order.
	Charts []Charts
	// URLs are those under which the repository is served. Where none is known, a source whose path exists here is
	// taken to be of this repository, and a note says so.
	URLs []string
	// Clusters are cluster names by the server URL or name in a destination.
	Clusters map[string]string
	// Namespaced says whether objects of a kind stand in a namespace; nil knows no kind.
	Namespaced func(group, kind string) (namespaced, known bool)
}

// Result is what a repository renders to.
type Result struct {
	// Applications stand in the order in which they were found, Resources in that of their Applications.
	Applications []Application
	Resources    []manifest.Resource
	// Standalone are the manifests and kustomizations that no Application reaches, by path.
	Standalone []string
	Problems   []Problem
	// Notes say what had to be assumed.
	Notes []string
}

// Application is one Argo CD Application and how far it was rendered.
type Application struct {
	Name, Cluster string
	// Place is where the Application stands.
	Place manifest.Place
	// NotRendered says why it was not rendered, or not wholly; empty where it was.
	NotRendered string
	// Failed says that rendering it failed; a Problem tells how.
	Failed bool
	// Objects counts what it rendered to.
	Objects int
}

// Problem is something that Argo CD would report in place of objects.
type Problem struct {
	Kind    ProblemKind
	Place   manifest.Place
	Message string
	// Application is the name of the Application that it keeps from being rendered; may be empty.
	Application string
}

// ProblemKind is the kind of a problem.
type ProblemKind int

// The kinds of problems.
const (
	RenderFailed ProblemKind = iota
	InvalidYAML
	DuplicateKey
)

// All renders everything in t: first what Applications reach, then what is left. An error means that ctx has ended.
func All(ctx context.Context, t tree.Tree, o Options) (Result, error) {
	r := &renderer{
		tree: t, options: o,
		parsed: map[string][]manifest.Resource{}, read: map[string]bool{}, told: map[Problem]bool{},
		known: map[string]bool{}, clusterScoped: map[string]bool{},
	}
	r.kustomize = newKustomizer(r)
	r.scan()
	for i := 0; i < len(r.queue); i++ {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		r.application(ctx, r.queue[i])
	}
	if err := r.standalone(ctx); err != nil {
		return Result{}, err
	}
	slices.Sort(r.result.Notes)
	r.result.Notes = slices.Compact(r.result.Notes)
	return r.result, nil
}

// renderer holds the state of one call of All.
type renderer struct {
	tree      tree.Tree
	options   Options
	kustomize *kustomizer
	result    Result
	// parsed are the objects of plain files by path.
	parsed map[string][]manifest.Resource
	// read are the paths that an Application reaches.
	read map[string]bool
	// queue are the Applications in the order they were found, known the names of those.
	queue []manifest.Resource
	known map[string]bool
	told  map[Problem]bool
	// clusterScoped are kinds that CustomResourceDefinitions in the tree make cluster-scoped.
	clusterScoped map[string]bool
}

// scan parses all files that could be manifests and queues the Applications in them.
func (r *renderer) scan() {
	charts := chartDirs(r.tree)
	for _, f := range r.tree.Files() {
		if !isManifest(f.Path) || strings.HasPrefix(f.Path, ".") || inAny(charts, f.Path) {
			continue
		}
		for _, res := range r.file(f.Path) {
			r.enqueue(res)
		}
	}
}

// file gives the objects of a plain file. Its problems are told when something reads the file.
func (r *renderer) file(p string) []manifest.Resource {
	resources, ok := r.parsed[p]
	if !ok {
		f, _ := r.tree.File(p)
		resources, _ = manifest.Parse(p, f.Data)
		r.parsed[p] = resources
	}
	return resources
}

// problems gives what is wrong with a plain file that something reads.
func (r *renderer) problems(p string) []Problem {
	f, _ := r.tree.File(p)
	_, found := manifest.Parse(p, f.Data)
	var problems []Problem
	for _, problem := range found {
		kind := InvalidYAML
		if problem.DuplicateKey {
			kind = DuplicateKey
		}
		problems = append(problems, Problem{Kind: kind, Place: problem.Place, Message: problem.Message})
	}
	return problems
}

// failed reports whether problems keep their file or kustomization from being rendered.
func failed(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Kind != DuplicateKey })
}

func (r *renderer) tell(p Problem) {
	key := p
	key.Application = ""
	if !r.told[key] {
		r.told[key] = true
		r.result.Problems = append(r.result.Problems, p)
	}
}

func (r *renderer) enqueue(res manifest.Resource) {
	if res.ID.Group != "argoproj.io" || res.ID.Kind != "Application" {
		return
	}
	key := res.ID.Namespace + "/" + res.ID.Name
	if !r.known[key] {
		r.known[key] = true
		r.queue = append(r.queue, res)
	}
}

// application renders the source of one Application.
func (r *renderer) application(ctx context.Context, res manifest.Resource) {
	app := Application{Name: res.ID.Name, Place: res.Place()}
	source, why := r.source(res)
	app.Cluster = source.cluster
	if why == "" {
		var built build
		switch {
		case r.kustomize.has(source.path):
			built = r.kustomize.build(ctx, source.path)
		default:
			built = r.directory(source)
		}
		why = built.notRendered
		for _, p := range built.problems {
			p.Application = app.Name
			r.tell(p)
		}
		if app.Failed = failed(built.problems); app.Failed {
			why = "it does not render"
		}
		app.Objects = r.keep(built.resources, res.ID.Name, source)
	}
	app.NotRendered = why
	r.result.Applications = append(r.result.Applications, app)
}

// build is what a directory or a kustomization renders to.
type build struct {
	resources   []manifest.Resource
	problems    []Problem
	notRendered string
}

// keep adds what an Application renders to, as Argo CD would apply it: lists unfolded, namespaces filled in.
func (r *renderer) keep(resources []manifest.Resource, application string, s source) int {
	resources = flatten(resources)
	for _, res := range resources {
		if res.ID.Kind == "CustomResourceDefinition" && dig(res.Object, "spec", "scope") == "Cluster" {
			r.clusterScoped[fmt.Sprint(dig(res.Object, "spec", "group"))+"/"+fmt.Sprint(dig(res.Object, "spec", "names", "kind"))] = true
		}
	}
	for _, res := range resources {
		res.Origin.Application, res.Origin.Cluster = application, s.cluster
		if res.ID.Namespace == "" && s.namespace != "" && r.namespaced(res.ID) {
			res = withNamespace(res, s.namespace)
		}
		r.result.Resources = append(r.result.Resources, res)
		r.enqueue(res)
	}
	return len(resources)
}

func (r *renderer) namespaced(id manifest.ID) bool {
	if r.clusterScoped[id.Group+"/"+id.Kind] || r.options.Namespaced == nil {
		return false
	}
	namespaced, known := r.options.Namespaced(id.Group, id.Kind)
	return namespaced && known
}

func withNamespace(res manifest.Resource, namespace string) manifest.Resource {
	object := make(map[string]any, len(res.Object))
	for k, v := range res.Object {
		object[k] = v
	}
	metadata := map[string]any{"namespace": namespace}
	if old, ok := res.Object["metadata"].(map[string]any); ok {
		for k, v := range old {
			if k != "namespace" {
				metadata[k] = v
			}
		}
	}
	object["metadata"] = metadata
	res.Object, res.ID.Namespace = object, namespace
	return res
}

// flatten unfolds lists (kind List, ConfigMapList, ...) into their items.
func flatten(resources []manifest.Resource) []manifest.Resource {
	var flat []manifest.Resource
	for _, res := range resources {
		items, ok := res.Object["items"].([]any)
		if !ok || !strings.HasSuffix(res.ID.Kind, "List") {
			flat = append(flat, res)
			continue
		}
		for i, item := range items {
			object, ok := item.(map[string]any)
			if !ok {
				continue
			}
			one := manifest.Resource{ID: manifest.NewID(object), Object: object, Origin: res.Origin}
			if res.Origin.Node != nil {
				one.Origin.Node = manifest.Find(res.Origin.Node, "items", i)
			}
			flat = append(flat, one)
		}
	}
	return flat
}

// directory reads the manifests of a plain directory.
func (r *renderer) directory(s source) build {
	var b build
	for _, f := range r.tree.Under(s.path) {
		inside := f.Path
		if s.path != "." {
			inside = strings.TrimPrefix(f.Path, s.path+"/")
		}
		if !isManifest(f.Path) || strings.Contains(inside, "/") && !s.recurse {
			continue
		}
		r.read[f.Path] = true
		b.problems = append(b.problems, r.problems(f.Path)...)
		b.resources = append(b.resources, r.file(f.Path)...)
	}
	return b
}

// standalone judges what no Application reaches: each kustomization that no other one includes, and each manifest.
func (r *renderer) standalone(ctx context.Context) error {
	charts := chartDirs(r.tree)
	var left []string
	for _, f := range r.tree.Files() {
		if isManifest(f.Path) && !r.read[f.Path] && !strings.HasPrefix(f.Path, ".") && !inAny(charts, f.Path) {
			left = append(left, f.Path)
		}
	}
	for _, p := range r.kustomize.roots(left) {
		if err := ctx.Err(); err != nil {
			return err
		}
		dir := path.Dir(p)
		built := r.kustomize.build(ctx, dir)
		for _, problem := range built.problems {
			r.tell(problem)
		}
		if built.notRendered != "" {
			r.result.Applications = append(r.result.Applications, Application{Name: dir, Place: manifest.Place{File: p, Line: 1, Column: 1}, NotRendered: built.notRendered})
		}
		r.result.Resources = append(r.result.Resources, flatten(built.resources)...)
		r.result.Standalone = append(r.result.Standalone, p)
	}
	for _, p := range left {
		if r.read[p] || isKustomization(p) {
			continue
		}
		resources := r.file(p)
		if len(resources) == 0 && !looksLikeObject(r.tree, p) {
			continue
		}
		for _, problem := range r.problems(p) {
			r.tell(problem)
		}
		r.result.Resources = append(r.result.Resources, flatten(resources)...)
		r.result.Standalone = append(r.result.Standalone, p)
	}
	return nil
}

// looksLikeObject reports whether a file means to hold Kubernetes objects: Argo CD asks the same of a file that does
// not parse.
func looksLikeObject(t tree.Tree, p string) bool {
	f, _ := t.File(p)
	text := string(f.Data)
	return strings.Contains(text, "apiVersion:") && strings.Contains(text, "kind:")
}

func isManifest(p string) bool {
	switch path.Ext(p) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return false
}

// chartDirs are the directories that hold a Helm chart.
func chartDirs(t tree.Tree) []string {
	var dirs []string
	for _, f := range t.Files() {
		if path.Base(f.Path) == "Chart.yaml" {
			dirs = append(dirs, path.Dir(f.Path)+"/")
		}
	}
	return dirs
}

func inAny(dirs []string, p string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool { return dir == "./" || strings.HasPrefix(p, dir) })
}

// dig gives the value at path inside of an object; nil where it is not there.
func dig(v any, path ...string) any {
	for _, step := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[step]
	}
	return v
}
