package render

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Side is one of two states of a repository.
type Side struct {
	Tree    tree.Tree
	Options Options
}

// Since renders a state of a repository, and earlier ones, of each what differs: of now the Applications whose inputs are in none
// of the others, and of these what is not in now. All other Applications are Unchanged, and have no objects. Which Applications
// they render to is kept for later runs. Errors are those of All.
func Since(ctx context.Context, now Side, before []Side) (is Result, was []Result, err error) {
	f := newFollowed(now.Options.Kept)
	sides := append([]Side{now}, before...)
	plain := build.KeptPlain(now.Options.Kept, now.Options.Of)
	trees := make([]tree.Tree, len(sides))
	for i, side := range sides {
		trees[i] = side.Tree
	}
	repositories := build.ReadStates(plain, trees...)
	plain.Keep()
	builders, from := make([]*build.Builder, len(sides)), make([]roots, len(sides))
	parts, results := make([]map[string]bool, len(sides)), make([]Result, len(sides))
	for i, side := range sides {
		builders[i] = build.NewBuilder(repositories[i], side.Options.Options)
		from[i] = rootsOf(builders[i].Repository)
		if parts[i], err = f.partsOf(ctx, builders[i], side.Options, from[i]); err != nil {
			return is, nil, err
		}
	}
	known := map[string]bool{}
	for _, of := range parts[1:] {
		maps.Copy(known, of)
	}
	for i, side := range sides {
		c := &comparison{followed: f, parts: map[string]bool{}, other: parts[0], read: map[string][]string{}}
		if i == 0 {
			c.other = known
		}
		if results[i], _, err = renderAll(ctx, newRenderer(builders[i], side.Options).comparing(c), from[i]); err != nil {
			return is, nil, err
		}
	}
	return results[0], results[1:], nil
}

// partsOf gives the keys of all that there is in a state. Argo CD's options stand in it, too.
func (f *followed) partsOf(ctx context.Context, b *build.Builder, o Options, from roots) (map[string]bool, error) {
	for {
		c := &comparison{followed: f, parts: map[string]bool{}, read: map[string][]string{}}
		_, says, err := renderAll(ctx, newRenderer(b, o).comparing(c), from)
		if err != nil || !says.unrestricted || b.Unrestricted {
			return c.parts, err
		}
		b.Unrestricted = true
	}
}

// comparison is what a renderer knows of another state of the repository.
type comparison struct {
	*followed
	// parts are the keys of what there is in this state, other those of the other one. Without these everything is only
	// followed.
	parts, other map[string]bool
	// read are the files of units by their keys.
	read map[string][]string
}

// part notes a part of this state by all that decides it, and reports whether it is only to be followed.
func (c *comparison) part(decides ...any) (unchanged bool, err error) {
	text, err := json.Marshal(decides)
	if err != nil {
		return false, err
	}
	return c.note(fmt.Sprintf("%x", sha256.Sum256(text))), nil
}

// note notes a part of this state by its key.
func (c *comparison) note(key string) (unchanged bool) {
	c.parts[key] = true
	return c.other == nil || c.other[key]
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
	var units [][]build.Unit
	var decides [][]any
	var at []int
	for i, s := range sources {
		if len(s.units) > 0 {
			units, at = append(units, s.units), append(at, i)
			decides = append(decides, []any{apps[i].ID, s.cluster, apps[i].Object["spec"]})
		}
	}
	changed, err := r.changed(ctx, units, decides)
	for i, is := range changed {
		if s := &sources[at[i]]; !is {
			s.units, s.unchanged = nil, s.units
			s.lack(build.State{Kind: build.Unchanged})
		}
	}
	return err
}

// compareUnits leaves out the kustomizations, charts and Jsonnet files that are the same in another state of the repository.
func (r *renderer) compareUnits(ctx context.Context, units []build.Unit) ([]build.Unit, error) {
	if r.compare == nil {
		return units, nil
	}
	decides := make([][]any, len(units))
	for i := range decides {
		decides[i] = []any{"kustomization"}
	}
	alone := make([][]build.Unit, len(units))
	for i, u := range units {
		alone[i] = []build.Unit{u}
	}
	is, err := r.changed(ctx, alone, decides)
	var changed []build.Unit
	for i, u := range units {
		if err == nil && is[i] {
			changed = append(changed, u)
			continue
		}
		file := u.Place.File
		switch u.Kind {
		case build.Kustomization:
			file = kustomization.In(r.repository().Tree, u.Dir)
		case build.Jsonnet:
			file = u.Dir
		}
		r.unchanged(file, Read{u.Kind, r.compare.read[u.Key()]}, nil)
	}
	return changed, err
}

// changed gives those of some lists of units that are to be rendered, and follows the Applications in the others. Each belongs
// to what decides it besides what it is made of.
func (r *renderer) changed(ctx context.Context, units [][]build.Unit, decides [][]any) (changed []bool, err error) {
	changed = make([]bool, len(units))
	var same []build.Unit
	var keys []string
	all, err := r.builder.Inputs(ctx, slices.Concat(units...))
	if err != nil {
		return nil, err
	}
	for i, list := range units {
		var of, read []string
		for _, u := range list {
			in := all[0]
			all = all[1:]
			of, read = append(of, in.Key), append(read, in.Read...)
			r.compare.read[u.Key()] = in.Read
		}
		unchanged, err := r.compare.part(append(decides[i], of)...)
		if err != nil {
			return nil, err
		}
		if changed[i] = !unchanged; changed[i] {
			continue
		}
		for _, file := range read {
			r.read[file] = true
		}
		same, keys = append(same, list...), append(keys, of...)
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
	kept    *cache.Store
	objects map[string][]manifest.Resource
}

func newFollowed(kept *cache.Store) *followed {
	return &followed{kept: kept, objects: map[string][]manifest.Resource{}}
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
		f.know(u, asked[i], built[i])
	}
	var all []manifest.Resource
	for _, key := range keys {
		all = append(all, f.objects[key]...)
	}
	return all, nil
}

// know takes what a unit rendered to.
func (f *followed) know(u build.Unit, key string, built build.Built) {
	f.objects[key] = slices.DeleteFunc(flatten(built.Resources), func(res manifest.Resource) bool { return !isFollowed(res.ID) })
	// A record names all objects, too. A version that was chosen today may be another one tomorrow.
	if built.State.Known() && len(built.Notes) == 0 {
		f.store(u, key)
	}
}

// keep keeps what all that was built rendered to, unless an earlier run did.
func (f *followed) keep(ctx context.Context, r *renderer) {
	all, err := r.builder.Inputs(ctx, r.units)
	if err != nil {
		return // then later runs find it out
	}
	for i, u := range r.units {
		if _, known := f.load(u, all[i].Key); !known {
			f.know(u, all[i].Key, r.builds[u.Key()])
		}
	}
}

func isFollowed(id manifest.ID) bool {
	return isApplication(id) || id.Kind == "ConfigMap" && id.Group == "" && id.Name == "argocd-cm"
}

// keptObject is an object in the cache.
type keptObject struct {
	Object map[string]any
	Place  manifest.Place
}

// key is what a unit is kept by. What stands in plain files is not kept: it is read faster than it is looked up.
func (f *followed) key(u build.Unit, key string) (k cache.Key, ok bool) {
	if u.Kind != build.Kustomization && u.Kind != build.Helm && u.Kind != build.Jsonnet {
		return k, false
	}
	return f.kept.Key("followed", key)
}

// load gives what an earlier run kept.
func (f *followed) load(u build.Unit, key string) (objects []manifest.Resource, ok bool) {
	k, ok := f.key(u, key)
	if !ok {
		return nil, false
	}
	data, ok := f.kept.Get(k)
	var kept []keptObject
	if !ok || json.Unmarshal(data, &kept) != nil {
		return nil, false
	}
	for _, k := range kept {
		objects = append(objects, manifest.Resource{ID: manifest.NewID(k.Object), Object: k.Object, Origin: manifest.Origin{Place: k.Place}})
	}
	return objects, true
}

// store keeps what is followed of a unit.
func (f *followed) store(u build.Unit, key string) {
	kept := []keptObject{}
	for _, res := range f.objects[key] {
		if res.Origin.Fetched {
			return
		}
		kept = append(kept, keptObject{res.Object, res.Place()})
	}
	data, err := json.Marshal(kept)
	if k, ok := f.key(u, key); ok && err == nil {
		f.kept.Put(k, data)
	}
}

// unchangedFile reports whether a manifest of its own stands in the other state, too.
func (r *renderer) unchangedFile(p string) bool {
	if r.compare == nil {
		return false
	}
	if name, known := r.repository().Text(p); known {
		return r.compare.note(name)
	}
	f, _ := r.repository().Tree.File(p)
	unchanged, err := r.compare.part("file", p, sha256.Sum256(f.Data))
	return err == nil && unchanged
}
