package difference_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/record"
	"github.com/gitopsgen/gitopsgen/generator/render"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// side is what files render to, in the form of a txtar archive.
func side(t *testing.T, files string) difference.Side {
	t.Helper()
	var all []tree.File
	for _, f := range txtar.Parse([]byte(files)).Files {
		all = append(all, tree.File{Path: f.Name, Data: f.Data})
	}
	made, err := tree.New(all...)
	if err != nil {
		t.Fatal(err)
	}
	result, err := render.All(t.Context(), made, render.Options{Namespaced: func(group, kind string) (namespaced, known bool) {
		return kind != "Namespace" && kind != "CustomResourceDefinition" && kind != "StorageClass", group != "example.org"
	}})
	if err != nil {
		t.Fatal(err)
	}
	return difference.Side{Name: "a side", Result: result}
}

// told is a difference as lines: what happened to each object, and to each of its fields, without their places in lists.
func told(d difference.Difference) []string {
	var all []string
	both := map[string]string{} // the names of what is renamed
	for _, app := range d.Applications {
		if app.Was != "" {
			names := []string{app.Name, app.Was}
			slices.Sort(names)
			both[app.Name] = strings.Join(names, "~")
			both[app.Was] = both[app.Name]
		}
	}
	named := func(name string) string { return cmp.Or(both[name], name) }
	for _, app := range d.Applications {
		name := named(app.Name)
		if app.Change != difference.Unchanged {
			all = append(all, name+" "+string(app.Change))
		}
		for _, v := range app.Charts {
			all = append(all, fmt.Sprint(name, " chart ", v.Chart, " {", v.Old, "} {", v.New, "}"))
		}
		for _, i := range app.Images {
			for _, user := range i.Users { // what is moved is told of where it is now
				all = append(all, fmt.Sprint("image {", i.Old, "} {", i.New, "} ", user))
			}
		}
		for _, o := range app.Objects {
			id := fmt.Sprint(o.Group, "/", o.Kind, " ", o.Namespace, "/", o.Name)
			if o.Change == difference.Moved {
				all = append(all, fmt.Sprint(id, " {", named(o.From.Name), "} {", name, "}"))
			} else {
				all = append(all, fmt.Sprint(name, " ", id, " ", o.Change, " ", o.Folded))
			}
			for _, f := range o.Fields {
				var keys []string
				for _, step := range f.Path {
					if key, ok := step.(string); ok {
						keys = append(keys, key)
					}
				}
				all = append(all, fmt.Sprint(id, " ", keys, f.Within, " ", f.Change, " {", f.Old, "} {", f.New, "}"))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// mirrored are lines of the difference in the other direction.
func mirrored(lines []string) []string {
	var all []string
	for _, l := range lines {
		if before, rest, ok := strings.Cut(l, " {"); ok {
			old, rest, _ := strings.Cut(rest, "} {")
			now, rest, _ := strings.Cut(rest, "}")
			l = before + " {" + now + "} {" + old + "}" + rest
		}
		l = strings.NewReplacer(" added", " removed", " removed", " added").Replace(l)
		all = append(all, l)
	}
	slices.Sort(all)
	return all
}

// random makes up a repository of a few Applications, whose objects have few names, so that two have much in common.
func random(r *rand.Rand) difference.Side {
	var s difference.Side
	for i := range 4 {
		name := fmt.Sprint("app", i)
		if r.IntN(4) == 0 {
			continue
		}
		s.Applications = append(s.Applications, render.Application{Name: name, Cluster: "prod"})
		add := func(kind, name string, object map[string]any, app string) {
			object["apiVersion"], object["kind"], object["metadata"] = "apps/v1", kind, map[string]any{"name": name, "labels": map[string]any{"helm.sh/chart": fmt.Sprint(r.IntN(2))}}
			s.Resources = append(s.Resources, manifest.Resource{ID: manifest.NewID(object), Object: object, Origin: manifest.Origin{
				Application: app, Cluster: "prod", Chart: fmt.Sprintf("lamp 1.0.%d", r.IntN(2)),
			}})
		}
		app := map[string]any{"spec": map[string]any{"source": map[string]any{"repoURL": "https://git.example.org/a.git", "path": fmt.Sprint("p", r.IntN(5))}}}
		add("Application", name, app, "")
		s.Resources[len(s.Resources)-1].ID.Group = "argoproj.io"
		for range r.IntN(6) {
			add("Deployment", fmt.Sprint("d", r.IntN(6)), map[string]any{"spec": randomSpec(r)}, name)
		}
	}
	return s
}

func randomSpec(r *rand.Rand) map[string]any {
	var containers, args []any
	for _, name := range []string{"a", "b", "c"} {
		if r.IntN(3) > 0 {
			containers = append(containers, map[string]any{"name": name, "image": fmt.Sprintf("ghcr.io/a/%s:%d", name, r.IntN(3))})
		}
	}
	r.Shuffle(len(containers), func(i, j int) { containers[i], containers[j] = containers[j], containers[i] })
	for range r.IntN(4) {
		args = append(args, fmt.Sprint("--", r.IntN(3)))
	}
	return map[string]any{"replicas": int64(r.IntN(2)), "containers": containers, "args": args}
}

// TestLaws states what holds for any two repositories: one does not differ from itself, the order of objects does not matter,
// and the other way round all is the other way round.
func TestLaws(t *testing.T) {
	const seed = 11
	r := rand.New(rand.NewPCG(seed, 0))
	for i := range 100 {
		a, b := random(r), random(r)
		if d := difference.Between(a, a); !d.Empty() || len(d.Dangers)+len(d.Lacking) > 0 || d.Compared.Objects != len(a.Resources) {
			t.Fatalf("seed %d, %d: it differs from itself: %v, %v", seed, i, told(d), d.Dangers)
		}
		d := difference.Between(a, b)
		if got, want := told(difference.Between(b, a)), mirrored(told(d)); !slices.Equal(got, want) {
			t.Fatalf("seed %d, %d: the other way round got\n%s\nwant\n%s", seed, i, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		for _, s := range []*difference.Side{&a, &b} {
			s.Resources, s.Applications = slices.Clone(s.Resources), slices.Clone(s.Applications)
			r.Shuffle(len(s.Resources), func(i, j int) { s.Resources[i], s.Resources[j] = s.Resources[j], s.Resources[i] })
			slices.Reverse(s.Applications)
		}
		if again := difference.Between(a, b); !reflect.DeepEqual(again, d) {
			t.Fatalf("seed %d, %d: in another order got\n%s\nwant\n%s", seed, i, strings.Join(told(again), "\n"), strings.Join(told(d), "\n"))
		}
	}
}

// TestImages states which images take each other's place.
func TestImages(t *testing.T) {
	pod := "-- a.yaml --\napiVersion: v1\nkind: Pod\nmetadata: {name: it}\nspec: {containers: [%s]}\n"
	d := difference.Between(
		side(t, fmt.Sprintf(pod, `{name: a, image: "ghcr.io/a/lamp:1"}, {name: b, image: "ghcr.io/a/same:1"}, {name: c, image: "torch:1"}, {name: d, image: "old:1"}`)),
		side(t, fmt.Sprintf(pod, `{name: a, image: "ghcr.io/a/lamp:2"}, {name: b, image: "ghcr.io/a/same:1"}, {name: c, image: "mirror.example.org/torch:1"}, {name: d, image: "new:1"}`)))
	got := fmt.Sprint(d.Applications[0].Images)
	want := "[{ docker.io/library/new:1 [Pod it]} {docker.io/library/old:1  [Pod it]} {docker.io/library/torch:1 mirror.example.org/torch:1 [Pod it]} {ghcr.io/a/lamp:1 ghcr.io/a/lamp:2 [Pod it]}]"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestRecorded states that what is rendered on one side and recorded on the other is compared as far as the record goes.
func TestRecorded(t *testing.T) {
	const pod = "-- a.yaml --\napiVersion: v1\nkind: Pod\nmetadata: {name: it}\nspec: {priority: %d, containers: [{name: a, image: \"lamp:1\", args: [\"%s\"]}]}\n"
	rendered, next := side(t, fmt.Sprintf(pod, 1, strings.Repeat("long ", 100))), side(t, fmt.Sprintf(pod, 2, strings.Repeat("longer ", 100)))
	recorded := next
	recorded.Resources = slices.Clone(next.Resources)
	one := &recorded.Resources[0]
	one.Object, one.Origin.Recorded = record.Reduce(one.Object), true
	one.Object["spec"].(map[string]any)["priority"] = 2 // as YAML gives it
	if d := difference.Between(next, recorded); !d.Empty() {
		t.Errorf("got %v, want nothing", told(d))
	}
	d := difference.Between(rendered, recorded)
	want := []string{" /Pod /it changed 0", "/Pod /it [spec priority] [] changed {1} {2}"}
	if got := told(d); !slices.Equal(got, want) || !d.Applications[0].Objects[0].Partial {
		t.Errorf("got %q, want %q by its record", got, want)
	}
}
