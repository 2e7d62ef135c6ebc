package difference_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/render"
)

// TestLarge states that what a stranger makes large takes a time that grows with it, and no faster.
func TestLarge(t *testing.T) {
	const n = 10_000
	object := func(kind, name, app string, spec map[string]any) manifest.Resource {
		object := map[string]any{"apiVersion": "argoproj.io/v1alpha1", "kind": kind, "metadata": map[string]any{"name": name}, "spec": spec}
		return manifest.Resource{ID: manifest.NewID(object), Object: object, Origin: manifest.Origin{Application: app, Cluster: "prod"}}
	}
	resources := func(make func(i int) manifest.Resource) (s difference.Side) {
		for i := range n {
			res := make(i)
			if res.ID.Kind == "Application" {
				s.Applications = append(s.Applications, render.Application{Name: res.ID.Name, Cluster: "prod"})
			}
			s.Resources = append(s.Resources, res)
		}
		return s
	}
	lists := func(step int, more string) difference.Side {
		var named, texts []any
		for i := range n {
			named = append(named, map[string]any{"name": fmt.Sprint(i * step % n), "value": more})
			texts = append(texts, fmt.Sprint(i*step%n, more))
		}
		return difference.Side{Result: render.Result{Resources: []manifest.Resource{object("Lists", "a", "", map[string]any{"named": named, "texts": texts})}}}
	}
	for name, c := range map[string]struct{ from, to difference.Side }{
		"lists": {lists(1, ""), lists(7, "x")},
		"objects of one name": {
			resources(func(i int) manifest.Resource { return object("Lamp", "a", "", map[string]any{"i": int64(i)}) }),
			resources(func(i int) manifest.Resource { return object("Lamp", "a", "", map[string]any{"i": int64(2 * i)}) }),
		},
		"Applications within each other": {
			resources(func(i int) manifest.Resource {
				return object("Application", fmt.Sprint("a", i), fmt.Sprint("a", (i+1)%n), nil)
			}),
			difference.Side{},
		},
		"Applications of one name": {
			resources(func(i int) manifest.Resource {
				return object("Application", "a", fmt.Sprint("b", i), map[string]any{"i": int64(i)})
			}),
			difference.Side{},
		},
		"renamed Applications": {
			resources(func(i int) manifest.Resource { return object("Application", fmt.Sprint("a", i), "", nil) }),
			resources(func(i int) manifest.Resource { return object("Application", fmt.Sprint("b", i), "", nil) }),
		},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if difference.Between(c.from, c.to).Empty() {
				t.Error("nothing differs")
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %s", took)
			}
			t.Log(time.Since(start))
		})
	}
}
