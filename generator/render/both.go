package render

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Side is one of two states of a repository.
type Side struct {
	Tree    tree.Tree
	Options Options
}

// Both renders two states of a repository, and of each what differs from the other: Applications whose inputs are the same in
// both are Unchanged, and have no objects. Which Applications they render to is kept for later runs. Errors are those of All.
func Both(ctx context.Context, now, before Side, kept Kept) (is, was Result, err error) {
	f := &followed{kept: kept, objects: map[string][]manifest.Resource{}}
	repository := build.Read(now.Tree)
	builders := [2]*build.Builder{
		build.NewBuilder(repository, now.Options.Options), build.NewBuilder(repository.ReadNext(before.Tree), before.Options.Options),
	}
	sides, results := [2]Side{now, before}, [2]Result{}
	var parts [2]map[string]bool
	for i, b := range builders {
		c := &comparison{followed: f, parts: map[string]bool{}}
		says, err := c.render(ctx, b, sides[i].Options, nil)
		if err == nil && says.unrestricted {
			b.Unrestricted, c.parts = true, map[string]bool{}
			_, err = c.render(ctx, b, sides[i].Options, nil)
		}
		if err != nil {
			return is, was, err
		}
		parts[i] = c.parts
	}
	for i, b := range builders {
		c := &comparison{followed: f, parts: map[string]bool{}, other: parts[1-i]}
		if _, err := c.render(ctx, b, sides[i].Options, &results[i]); err != nil {
			return is, was, err
		}
	}
	return results[0], results[1], nil
}

// Kept is what runs keep for later ones.
type Kept struct {
	// Dir is a folder, Version that of what renders. Nothing is kept where Dir is empty.
	Dir, Version string
}

// comparison is what a renderer knows of another state of the repository.
type comparison struct {
	*followed
	// parts are the keys of what there is in this state, other those of the other one. Without these everything is only
	// followed.
	parts, other map[string]bool
}

// render renders one state, and gives what is not in the other one to result, unless that is nil.
func (c *comparison) render(ctx context.Context, b *build.Builder, o Options, result *Result) (buildOptions, error) {
	made, says, err := renderAll(ctx, newRenderer(b, o).comparing(c))
	if result != nil {
		*result = made
	}
	return says, err
}

// part notes a part of this state by all that decides it, and reports whether it is only to be followed.
func (c *comparison) part(decides ...any) (unchanged bool, err error) {
	text, err := json.Marshal(decides)
	if err != nil {
		return false, err
	}
	key := fmt.Sprintf("%x", sha256.Sum256(text))
	c.parts[key] = true
	return c.other == nil || c.other[key], nil
}

func (r *renderer) comparing(c *comparison) *renderer {
	r.compare = c
	return r
}

// compareSources marks the sources of Applications that are the same in another state of the repository.
func (r *renderer) compareSources(ctx context.Context, apps []manifest.Resource, sources []source) error {
	if r.compare == nil {
		return nil
	}
	var units []build.Unit
	var decides [][]any
	var at []int
	for i, s := range sources {
		if s.isHere() {
			units, at = append(units, s.unit), append(at, i)
			decides = append(decides, []any{apps[i].ID, s.cluster, apps[i].Object["spec"]})
		}
	}
	changed, err := r.changed(ctx, units, decides)
	for i, is := range changed {
		if !is {
			sources[at[i]].state = build.State{Kind: build.Unchanged}
		}
	}
	return err
}

// compareUnits leaves out the kustomizations that are the same in another state of the repository.
func (r *renderer) compareUnits(ctx context.Context, units []build.Unit) ([]build.Unit, error) {
	if r.compare == nil {
		return units, nil
	}
	decides := make([][]any, len(units))
	for i := range decides {
		decides[i] = []any{"kustomization"}
	}
	is, err := r.changed(ctx, units, decides)
	var changed []build.Unit
	for i, u := range units {
		if err == nil && is[i] {
			changed = append(changed, u)
		}
	}
	r.result.Unchanged += len(units) - len(changed)
	return changed, err
}

// changed gives those of some units that are to be rendered, and follows the Applications in the others. Each belongs to what
// decides it besides what it is made of.
func (r *renderer) changed(ctx context.Context, units []build.Unit, decides [][]any) (changed []bool, err error) {
	changed = make([]bool, len(units))
	var same []build.Unit
	var keys []string
	for i, u := range units {
		in, err := r.builder.Inputs(ctx, u)
		if err != nil {
			return nil, err
		}
		unchanged, err := r.compare.part(append(decides[i], in.Key)...)
		if err != nil {
			return nil, err
		}
		if changed[i] = !unchanged; changed[i] {
			continue
		}
		for _, file := range in.Read {
			r.read[file] = true
		}
		same, keys = append(same, u), append(keys, in.Key)
	}
	objects, err := r.compare.objectsOf(ctx, r.builder, same, keys)
	for _, res := range objects {
		r.seen = append(r.seen, res)
		r.enqueue(res)
	}
	return changed, err
}

// followed knows what units render to as far as others depend on it: Applications, and Argo CD's options.
type followed struct {
	kept    Kept
	objects map[string][]manifest.Resource
}

// objectsOf gives what is to be followed of units. What nothing is known of is built.
func (f *followed) objectsOf(ctx context.Context, b *build.Builder, units []build.Unit, keys []string) ([]manifest.Resource, error) {
	var todo []build.Unit
	var asked []string
	for i, u := range units {
		if _, known := f.objects[keys[i]]; known {
			continue
		}
		if objects, ok := f.load(u, keys[i]); ok {
			f.objects[keys[i]] = objects
		} else {
			todo, asked = append(todo, u), append(asked, keys[i])
		}
	}
	built, err := b.Build(ctx, todo)
	if err != nil {
		return nil, err
	}
	for i, u := range todo {
		f.objects[asked[i]] = slices.DeleteFunc(flatten(built[i].Resources), func(res manifest.Resource) bool { return !isFollowed(res.ID) })
		if built[i].State == (build.State{}) {
			f.store(u, asked[i])
		}
	}
	var all []manifest.Resource
	for _, key := range keys {
		all = append(all, f.objects[key]...)
	}
	return all, nil
}

func isFollowed(id manifest.ID) bool {
	return isApplication(id) || id.Kind == "ConfigMap" && id.Group == "" && id.Name == "argocd-cm"
}

// keptObject is an object in the cache.
type keptObject struct {
	Object map[string]any
	Place  manifest.Place
}

// file is where a unit is kept; empty where it is not. What stands in plain files is read faster than it is looked up.
func (f *followed) file(u build.Unit, key string) string {
	if f.kept.Dir == "" || u.Kind != build.Kustomization {
		return ""
	}
	sum := sha256.Sum256([]byte(f.kept.Version + " " + key))
	return filepath.Join(f.kept.Dir, fmt.Sprintf("%x.json", sum[:16]))
}

// load gives what an earlier run kept. A file that is damaged is none.
func (f *followed) load(u build.Unit, key string) (objects []manifest.Resource, ok bool) {
	data, err := os.ReadFile(f.file(u, key))
	var kept []keptObject
	if err != nil || json.Unmarshal(data, &kept) != nil {
		return nil, false
	}
	for _, k := range kept {
		objects = append(objects, manifest.Resource{ID: manifest.NewID(k.Object), Object: k.Object, Origin: manifest.Origin{Place: k.Place}})
	}
	return objects, true
}

// store keeps what is followed of a unit. Where it cannot be written the next run does without.
func (f *followed) store(u build.Unit, key string) {
	kept := []keptObject{}
	for _, res := range f.objects[key] {
		if res.Origin.Fetched {
			return
		}
		kept = append(kept, keptObject{res.Object, res.Place()})
	}
	data, err := json.Marshal(kept)
	if file := f.file(u, key); err == nil && file != "" {
		_ = cache.Write(file, data)
	}
}

// unchangedFile reports whether a manifest of its own stands in the other state, too.
func (r *renderer) unchangedFile(p string) bool {
	if r.compare == nil {
		return false
	}
	f, _ := r.repository().Tree.File(p)
	unchanged, err := r.compare.part("file", p, sha256.Sum256(f.Data))
	return err == nil && unchanged
}
