package render

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// repository is a tree and the manifests in it, parsed once. It does not change, so that builds can share it.
type repository struct {
	tree tree.Tree
	// paths are the files that could hold manifests: those outside of charts and hidden directories.
	paths  []string
	parsed map[string]parsed
	// unrestricted says that kustomize may read files outside of a kustomization's directory.
	unrestricted bool
}

// parsed are the objects of a file, what is wrong with it, and what it has besides objects.
type parsed struct {
	resources []manifest.Resource
	problems  []Problem
	strays    []manifest.Stray
}

func newRepository(t tree.Tree) *repository {
	r := unparsed(t)
	for _, p := range r.paths {
		f, _ := t.File(p)
		r.parsed[p] = parse(f)
	}
	return r
}

// unparsed is a repository whose files are parsed as they are asked for.
func unparsed(t tree.Tree) *repository {
	r := &repository{tree: t, parsed: map[string]parsed{}}
	charts := chartDirs(t)
	for _, f := range t.Files() {
		if mayHoldManifests(f.Path, charts) {
			r.paths = append(r.paths, f.Path)
		}
	}
	return r
}

// unread tells of what could hold manifests and was not read, and in notes of folders of which nothing was.
func (r *repository) unread() (problems []Problem, notes []string) {
	if len(r.tree.Unread()) == 0 {
		return nil, nil
	}
	charts := chartDirs(r.tree)
	for _, u := range r.tree.Unread() {
		switch {
		case u.Folder:
			notes = append(notes, u.Path+" was not read, and nothing in it is judged: "+u.Reason)
		case mayHoldManifests(u.Path, charts):
			problems = append(problems, Problem{Kind: InvalidYAML, Place: manifest.Place{File: u.Path, Line: 1, Column: 1}, Message: "not read: " + u.Reason})
		}
	}
	return problems, notes
}

// mayHoldManifests reports whether a file is one that Argo CD would look into, outside of charts and hidden directories.
func mayHoldManifests(p string, charts []string) bool {
	return (isManifest(p) || isKustomization(p)) && !strings.HasPrefix(p, ".") && !inAny(charts, p)
}

// file gives the objects of a file and what is wrong with it.
func (r *repository) file(p string) parsed {
	if known, ok := r.parsed[p]; ok {
		return known
	}
	f, _ := r.tree.File(p)
	return parse(f)
}

func parse(f tree.File) parsed {
	resources, strays, problems := manifest.ParseAll(f.Path, f.Data)
	return parsed{resources, convert(problems), strays}
}

// withStrays are the problems of a file, the strays among its documents with them.
func (p parsed) withStrays(strays []manifest.Stray) []Problem {
	all := slices.Clone(p.problems)
	for _, s := range strays {
		all = append(all, convert([]manifest.Problem{s.Problem})...)
	}
	return all
}

// likely are the strays that seem to be meant as objects.
func (p parsed) likely() []manifest.Stray {
	return slices.DeleteFunc(slices.Clone(p.strays), func(s manifest.Stray) bool { return !s.Likely })
}

func convert(found []manifest.Problem) []Problem {
	var problems []Problem
	for _, p := range found {
		kind := InvalidYAML
		if p.DuplicateKey {
			kind = DuplicateKey
		}
		problems = append(problems, Problem{Kind: kind, Place: p.Place, Message: p.Message})
	}
	return problems
}

// build renders a target. An error means that ctx has ended or a limit was passed.
func (r *repository) build(ctx context.Context, t target, o *Options) (build, error) {
	if t.kind == kustomizationTarget {
		return newBuilder(r, o).build(ctx, t.dir)
	}
	b := r.directory(t)
	if hasFailed(b.problems) {
		b.state = failed
	}
	return b, ctx.Err()
}

// directory reads the manifests of a plain directory as Argo CD does.
func (r *repository) directory(t target) build {
	var b build
	for _, f := range r.tree.Under(t.dir) {
		inside := strings.TrimPrefix(f.Path, t.dir+"/")
		if strings.Contains(inside, "/") && t.kind != recursiveTarget {
			continue
		}
		if path.Ext(f.Path) == ".jsonnet" {
			b.state = State{Kind: NotRendered, Reason: f.Path + " is Jsonnet, which this version does not render", Hint: hintUnknown}
		}
		if !isManifest(f.Path) || bytes.Contains(f.Data, []byte("+argocd:skip-file-rendering")) {
			continue
		}
		b.read = append(b.read, f.Path)
		file := r.file(f.Path)
		b.resources = append(b.resources, file.resources...)
		problems := file.withStrays(file.strays)
		if !hasFailed(problems) || len(file.resources)+len(file.likely()) > 0 || looksLikeObject(f.Data) {
			b.problems = append(b.problems, problems...)
		}
	}
	return b
}

// looksLikeObject reports whether a file means to hold Kubernetes objects: Argo CD asks this of a file that does not
// parse, and leaves it out where it does not.
func looksLikeObject(data []byte) bool {
	for _, word := range []string{"apiVersion:", "kind:", "metadata:"} {
		if !bytes.Contains(data, []byte(word)) {
			return false
		}
	}
	return true
}

// roots are where rendering begins.
type roots struct {
	// applications stand in plain files, kustomizations are directories; no kustomization includes either.
	applications   []manifest.Resource
	kustomizations []string
}

func (r *repository) roots() roots {
	var found roots
	var dirs []string
	includes, included := map[string][]string{}, map[string]bool{}
	for _, p := range r.paths {
		if !isKustomization(p) {
			continue
		}
		var k types.Kustomization
		f, _ := r.tree.File(p)
		_ = k.Unmarshal(f.Data) // whoever builds it tells what is wrong
		k.FixKustomization()
		dir := path.Dir(p)
		for _, name := range slices.Concat(k.Resources, k.Components, k.Generators, k.Transformers) {
			includes[dir] = append(includes[dir], path.Join(dir, name))
			included[path.Join(dir, name)] = true
		}
		if k.Kind != types.ComponentKind {
			dirs = append(dirs, dir)
		}
	}
	reached := map[string]bool{}
	for _, cycles := range []bool{false, true} { // what includes itself has no root: any of it will do
		for _, dir := range dirs {
			if !reached[dir] && (cycles || !included[dir]) {
				reach(dir, includes, reached)
				found.kustomizations = append(found.kustomizations, dir)
			}
		}
	}
	for _, p := range r.paths {
		if !included[p] {
			found.applications = append(found.applications, flatten(r.parsed[p].resources)...)
		}
	}
	return found
}

// reach marks what dir includes, and what that does.
func reach(dir string, includes map[string][]string, reached map[string]bool) {
	if reached[dir] {
		return
	}
	reached[dir] = true
	for _, below := range includes[dir] {
		reach(below, includes, reached)
	}
}

// kustomization gives the path of the kustomization in dir; empty where there is none.
func (r *repository) kustomization(dir string) string {
	for _, name := range kustomizationNames {
		if f, ok := r.tree.File(path.Join(dir, name)); ok {
			return f.Path
		}
	}
	return ""
}

var kustomizationNames = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

func isKustomization(p string) bool { return slices.Contains(kustomizationNames, path.Base(p)) }

func isManifest(p string) bool {
	return slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(p))
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
