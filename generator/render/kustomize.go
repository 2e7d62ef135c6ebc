package render

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// kustomizer builds kustomizations of one tree. It hands kustomize a copy of the tree in memory in which every
// helmCharts: entry is already inflated and stands among the resources.
type kustomizer struct {
	r  *renderer
	fs recorder
	// prepared are the kustomizations that were readied for kustomize, by directory.
	prepared map[string]*prepared
	// moves says that some kustomization sets namespaces, from which the output of charts must be spared.
	moves bool
}

// prepared is what readying one kustomization, and those that it includes, came to.
type prepared struct {
	problems    []Problem
	notRendered string
	// charts are what the files that charts were inflated into come from, by path.
	charts map[string]inflated
}

type inflated struct {
	chart string
	place manifest.Place
}

// root is where the tree stands in kustomize's file system.
const root = "/r"

// recorder notes which files kustomize reads.
type recorder struct {
	filesys.FileSystem
	read map[string]bool
}

func (f recorder) ReadFile(name string) ([]byte, error) {
	data, err := f.FileSystem.ReadFile(name)
	if err == nil {
		f.read[strings.TrimPrefix(name, root+"/")] = true
	}
	return data, err
}

func newKustomizer(r *renderer) *kustomizer {
	return &kustomizer{r: r, fs: recorder{filesys.MakeFsInMemory(), r.read}, prepared: map[string]*prepared{}}
}

var kustomizationNames = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

func isKustomization(p string) bool { return slices.Contains(kustomizationNames, path.Base(p)) }

// file gives the kustomization in dir.
func (k *kustomizer) file(dir string) (tree.File, bool) {
	for _, name := range kustomizationNames {
		if f, ok := k.r.tree.File(path.Join(dir, name)); ok {
			return f, true
		}
	}
	return tree.File{}, false
}

func (k *kustomizer) has(dir string) bool {
	_, ok := k.file(dir)
	return ok
}

// roots are those of the kustomizations among paths that no other of them includes.
func (k *kustomizer) roots(paths []string) []string {
	included := map[string]bool{}
	var all []string
	for _, p := range paths {
		if !isKustomization(p) {
			continue
		}
		all = append(all, p)
		for _, e := range k.entries(path.Dir(p)) {
			included[e.path] = true
		}
	}
	return slices.DeleteFunc(all, func(p string) bool { return included[path.Dir(p)] })
}

// build renders the kustomization in dir.
func (k *kustomizer) build(ctx context.Context, dir string) build {
	k.load()
	p := k.prepare(ctx, dir, nil)
	b := build{problems: p.problems, notRendered: p.notRendered}
	if failed(b.problems) {
		return b
	}
	kustomization, _ := k.file(dir)
	resources, err := k.run(dir)
	if err != nil {
		if b.notRendered == "" {
			b.problems = append(b.problems, Problem{
				Place:   manifest.Place{File: kustomization.Path, Line: 1, Column: 1},
				Message: kustomizeMessage(err, dir),
			})
		}
		return b
	}
	for _, res := range resources {
		one, err := k.resource(res, dir, kustomization.Path)
		if err != nil {
			b.problems = append(b.problems, Problem{Place: manifest.Place{File: kustomization.Path, Line: 1, Column: 1}, Message: err.Error()})
			continue
		}
		b.resources = append(b.resources, one)
	}
	return b
}

// load copies the tree into kustomize's file system, once.
func (k *kustomizer) load() {
	if len(k.prepared) > 0 {
		return
	}
	for _, f := range k.r.tree.Files() {
		// Writing to memory fails only where a file is a directory too, which a tree never is.
		_ = k.fs.WriteFile(root+"/"+f.Path, f.Data)
		if isKustomization(f.Path) {
			docs, _ := manifest.Documents(f.Path, f.Data)
			for _, doc := range docs {
				k.moves = k.moves || manifest.Field(doc, "namespace") != nil || manifest.Field(doc, "transformers") != nil
			}
		}
	}
}

// run calls kustomize, whose libraries may panic on odd input.
func (k *kustomizer) run(dir string) (resources []*resource.Resource, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("kustomize cannot read this: %v", r)
		}
	}()
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(k.fs, path.Join(root, dir))
	if err != nil {
		return nil, err
	}
	return built.Resources(), nil
}

// kustomizeMessage is the cause of an error of kustomize, on one line, with paths as in the repository.
func kustomizeMessage(err error, dir string) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	text = strings.ReplaceAll(text, path.Join(root, dir)+"/", "")
	return "kustomize: " + strings.ReplaceAll(strings.ReplaceAll(text, root+"/", ""), "'"+root+"'", "the root")
}

// originAnnotation is where kustomize notes, because prepare asks it to, which file an object comes from.
const originAnnotation = "config.kubernetes.io/origin"

// resource turns one of kustomize's objects into ours and finds where it comes from.
func (k *kustomizer) resource(res *resource.Resource, dir, kustomization string) (manifest.Resource, error) {
	var from struct {
		Path string `yaml:"path"`
	}
	if text, ok := res.GetAnnotations(originAnnotation)[originAnnotation]; ok {
		if err := yaml.Unmarshal([]byte(text), &from); err != nil {
			return manifest.Resource{}, fmt.Errorf("%s: %w", originAnnotation, err)
		}
		if err := res.PipeE(kyaml.ClearAnnotation(originAnnotation)); err != nil {
			return manifest.Resource{}, err
		}
		if err := kyaml.ClearEmptyAnnotations(&res.RNode); err != nil {
			return manifest.Resource{}, err
		}
	}
	value, err := manifest.Value(manifest.FromKyaml(res.YNode()))
	if err != nil {
		return manifest.Resource{}, err
	}
	object, _ := value.(map[string]any)
	one := manifest.Resource{ID: manifest.NewID(object), Object: object}
	one.Origin = k.origin(path.Join(dir, from.Path), kustomization, one.ID)
	return one, nil
}

// origin finds where an object comes from: a chart's entry, a document of a plain file, or else the kustomization.
func (k *kustomizer) origin(file, kustomization string, id manifest.ID) manifest.Origin {
	for _, p := range k.prepared {
		if chart, ok := p.charts[file]; ok {
			return manifest.Origin{Chart: chart.chart, Place: chart.place}
		}
	}
	var candidates []manifest.Resource
	if isManifest(file) {
		for _, res := range k.r.file(file) {
			// A kustomization may have put a prefix, a suffix or a namespace to it.
			if res.ID.Kind == id.Kind && strings.Contains(id.Name, res.ID.Name) {
				candidates = append(candidates, res)
			}
		}
	}
	for _, res := range candidates {
		if res.ID.Name == id.Name && (res.ID.Namespace == id.Namespace || res.ID.Namespace == "") {
			return res.Origin
		}
	}
	if len(candidates) > 0 {
		return candidates[0].Origin
	}
	return manifest.Origin{Place: manifest.Place{File: kustomization, Line: 1, Column: 1}}
}

// entry is one thing that a kustomization includes.
type entry struct {
	path string
	node *yaml.Node
	// remote is what the kustomization says, where that leads out of the repository.
	remote string
}

// included are the fields that name directories or files that become part of the render.
var included = []string{"resources", "components", "bases", "crds", "generators", "transformers", "validators", "configurations"}

// entries lists what the kustomization in dir includes by name.
func (k *kustomizer) entries(dir string) []entry {
	f, ok := k.file(dir)
	if !ok {
		return nil
	}
	docs, _ := manifest.Documents(f.Path, f.Data)
	if len(docs) == 0 || docs[0].Kind != yaml.MappingNode {
		return nil
	}
	var entries []entry
	for i := 0; i+1 < len(docs[0].Content); i += 2 {
		field, list := docs[0].Content[i].Value, docs[0].Content[i+1]
		if !slices.Contains(included, field) || list.Kind != yaml.SequenceNode {
			continue
		}
		for _, item := range list.Content {
			if item.Kind != yaml.ScalarNode || strings.Contains(item.Value, "\n") {
				continue // generators and their like may stand inline
			}
			e := entry{path: path.Join(dir, item.Value), node: item}
			if isRemote(item.Value) {
				e.remote = item.Value
			}
			entries = append(entries, e)
		}
	}
	return entries
}

// isRemote reports whether kustomize would fetch what a kustomization names.
func isRemote(name string) bool {
	host, _, _ := strings.Cut(name, "/")
	return strings.Contains(name, "://") || strings.HasPrefix(name, "git@") || strings.Contains(name, "?ref=") ||
		!strings.HasPrefix(host, ".") && strings.Contains(host, ".") && strings.Count(name, "/") >= 2
}

// prepare readies the kustomization in dir and all that it includes. parents are the directories that include it.
func (k *kustomizer) prepare(ctx context.Context, dir string, parents []string) *prepared {
	if p, ok := k.prepared[dir]; ok {
		return p
	}
	p := &prepared{charts: map[string]inflated{}}
	k.prepared[dir] = p
	f, ok := k.file(dir)
	if !ok {
		return p
	}
	k.r.read[f.Path] = true
	place := func(n *yaml.Node) manifest.Place {
		return manifest.Place{File: f.Path, Line: n.Line, Column: n.Column}
	}
	p.problems = k.r.problems(f.Path)
	if failed(p.problems) {
		return p
	}
	docs, _ := manifest.Documents(f.Path, f.Data)
	if len(docs) != 1 || docs[0].Kind != yaml.MappingNode {
		p.problems = append(p.problems, Problem{Place: manifest.Place{File: f.Path, Line: 1, Column: 1}, Message: "a kustomization is one mapping"})
		return p
	}
	for _, e := range k.entries(dir) {
		k.include(ctx, p, e, append(parents, dir), place(e.node))
	}
	if reason := fetches(docs[0]); reason != "" && p.notRendered == "" {
		p.notRendered = reason
	}
	k.charts(ctx, p, docs[0], dir, f.Path)
	k.rewrite(p, docs[0], f.Path, len(parents) == 0)
	return p
}

// include readies one thing that a kustomization includes.
func (k *kustomizer) include(ctx context.Context, p *prepared, e entry, parents []string, place manifest.Place) {
	_, file := k.r.tree.File(e.path)
	switch {
	case e.remote != "":
		p.notRendered = fmt.Sprintf("%s is remote, which this version does not fetch", e.remote)
	case slices.Contains(parents, e.path):
		p.problems = append(p.problems, Problem{Place: place, Message: fmt.Sprintf("%q: the kustomization includes itself", e.node.Value)})
	case file:
		if isManifest(e.path) {
			p.problems = append(p.problems, k.r.problems(e.path)...)
		}
	case len(k.r.tree.Under(e.path)) == 0 || strings.HasPrefix(e.path, "../"):
		p.problems = append(p.problems, Problem{Place: place, Message: fmt.Sprintf("%q: there is no such file or directory", e.node.Value)})
	case !k.has(e.path):
		p.problems = append(p.problems, Problem{Place: place, Message: fmt.Sprintf("directory %q has no kustomization.yaml", e.node.Value)})
	default:
		below := k.prepare(ctx, e.path, parents)
		p.problems = append(p.problems, below.problems...)
		if p.notRendered == "" {
			p.notRendered = below.notRendered
		}
	}
}

// fetches says which part of a kustomization, patches and generators among them, kustomize would fetch.
func fetches(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i].Value, n.Content[i+1]
			if key == "path" && strings.HasPrefix(value.Value, "http") && strings.Contains(value.Value, "://") {
				return value.Value + " is remote, which this version does not fetch"
			}
			if reason := fetches(value); reason != "" && key != "helmCharts" {
				return reason
			}
		}
		return ""
	}
	for _, child := range n.Content {
		if child.Kind == yaml.ScalarNode && strings.HasPrefix(child.Value, "http") && strings.Contains(child.Value, "://") {
			return child.Value + " is remote, which this version does not fetch"
		}
		if reason := fetches(child); reason != "" {
			return reason
		}
	}
	return ""
}

// rewrite puts the kustomization into kustomize's file system: with its charts among the resources, and asking for the
// origin of each object.
func (k *kustomizer) rewrite(p *prepared, doc *yaml.Node, file string, top bool) {
	if len(p.charts) == 0 && p.notRendered == "" && !top {
		return
	}
	var m map[string]any
	if value, err := manifest.Value(doc); err == nil {
		m, _ = value.(map[string]any)
	}
	delete(m, "helmCharts")
	delete(m, "helmGlobals")
	resources, _ := m["resources"].([]any)
	for _, chart := range sortedKeys(p.charts) {
		if path.Dir(chart) == path.Dir(file) {
			resources = append(resources, path.Base(chart))
		}
	}
	if len(resources) > 0 {
		m["resources"] = resources
	}
	if metadata, ok := m["buildMetadata"].([]any); !ok || !slices.Contains(metadata, any("originAnnotations")) {
		m["buildMetadata"] = append(metadata, "originAnnotations")
	}
	if text, err := yaml.Marshal(m); err == nil {
		_ = k.fs.WriteFile(root+"/"+file, text)
	}
}

func sortedKeys(m map[string]inflated) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
