package linter_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// parsed reads the objects of a text, which an Application brings to a cluster.
func parsed(t *testing.T, application, cluster, text string) []manifest.Resource {
	t.Helper()
	resources, problems := manifest.Parse(cluster+".yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i := range resources {
		resources[i].Origin.Application, resources[i].Origin.Cluster = application, cluster
	}
	return resources
}

const lights = `apiVersion: v1
kind: ConfigMap
metadata: {name: lamp, namespace: lights}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: bulb, namespace: lights}
---
apiVersion: v1
kind: Namespace
metadata: {name: lights}
`

// names writes objects as a text.
func names(resources []*manifest.Resource) string {
	var all []string
	for _, r := range resources {
		all = append(all, r.Origin.Cluster+" "+r.ID.String())
	}
	return strings.Join(all, ", ")
}

// TestView states that a view finds objects by name, cluster and namespace, and Applications with what they bring.
func TestView(t *testing.T) {
	resources := slices.Concat(parsed(t, "", "hub", `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: lamps}
spec: {project: lights, destination: {server: https://prod.example.org}}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: dark}
spec: {destination: {name: test}}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: lights}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: lamps.example.org}
spec: {group: example.org, scope: Cluster, names: {kind: Lamp}}
`), parsed(t, "lamps", "prod", lights), parsed(t, "lamps", "test", lights))
	v := linter.NewView(linter.Input{
		Resources: resources, Clusters: map[string]string{"https://prod.example.org": "prod"},
		Applications: []linter.State{{Name: "lamps", Cluster: "prod", Complete: true}, {Name: "dark", Cluster: "test"}},
	})
	id := manifest.ID{Group: "", Version: "any", Kind: "ConfigMap", Namespace: "lights", Name: "bulb"}
	for _, c := range []struct{ what, got, want string }{
		{"by name", names(v.Objects("prod", id)), "prod ConfigMap lights/bulb"},
		{"by another cluster", names(v.Objects("", id)), ""},
		{"in a cluster", names(v.InCluster("test")), "test ConfigMap lights/lamp, test ConfigMap lights/bulb, test Namespace lights"},
		{"in a namespace", names(v.InNamespace("prod", "lights")), "prod ConfigMap lights/lamp, prod ConfigMap lights/bulb"},
		{"in none", names(v.InNamespace("prod", "")), "prod Namespace lights"},
		{"not complete", strings.Join(v.Incomplete(), ", "), "dark"},
		{"projects", fmt.Sprint(v.ProjectNames(), len(v.Projects("lights", "hub")), len(v.Projects("lights", "prod")), len(v.Projects("lights", ""))), "[lights] 1 0 1"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, c.got, c.want)
		}
	}
	apps := v.Applications()
	if len(apps) != 2 || apps[0].Cluster != "prod" || !apps[0].Complete || apps[1].Cluster != "test" || apps[1].Complete || names(apps[1].Objects) != "" {
		t.Fatalf("got the Applications %+v", apps)
	}
	if got := names(apps[0].Objects); got != "prod ConfigMap lights/lamp, prod ConfigMap lights/bulb, prod Namespace lights" {
		t.Errorf("lamps brings %s", got)
	}
	if namespaced, known := v.Scope("example.org", "Lamp"); namespaced || !known {
		t.Errorf("got %v, %v, want a kind of the cluster", namespaced, known)
	}
	if _, known := v.Scope("example.org", "Bulb"); known {
		t.Error("the scope of Bulb is known")
	}
	if steps := v.Steps(); len(steps) != len(resources) || steps[0].ID.Kind != "CustomResourceDefinition" {
		t.Errorf("got %d steps, the first %s", len(steps), steps[0].ID)
	}
}

// TestEach states that of equal objects with equal keys one is judged, that each has its findings at a place of its own, and
// that they come in the order of the objects.
func TestEach(t *testing.T) {
	var resources []manifest.Resource
	for i := range 20 {
		resources = append(resources, parsed(t, "lamps", fmt.Sprint("c", i), lights)...)
	}
	resources = append(resources, parsed(t, "lamps", "last", strings.Replace(lights, "{name: lamp, ", "{name: lamp, labels: {lit: high}, ", 1))...)
	var judged atomic.Int64
	judge := linter.Judge{
		Key: func(r *manifest.Resource) string {
			if r.ID.Kind == "Namespace" {
				return ""
			}
			return "all"
		},
		Object: func(_ context.Context, r *manifest.Resource) ([]linter.Finding, error) {
			judged.Add(1)
			return []linter.Finding{{Message: r.ID.Name, At: manifest.Path{"metadata", "name"}}}, nil
		},
	}
	for _, judge.InOrder = range []bool{false, true} {
		judged.Store(0)
		found, err := linter.NewView(linter.Input{Resources: resources}).Each(t.Context(), judge)
		if err != nil {
			t.Fatal(err)
		}
		if got := judged.Load(); got != 24 {
			t.Errorf("%d objects were judged, want two ConfigMaps, one that differs, and 21 Namespaces", got)
		}
		if len(found) != len(resources) {
			t.Fatalf("got %d findings, want one for each of %d objects", len(found), len(resources))
		}
		for i, f := range found {
			if f.Resource != &resources[i] || f.Message != resources[i].ID.Name || f.Place.File != resources[i].Origin.Cluster+".yaml" || f.Place.Column < 10 {
				t.Errorf("got the finding %+v of object %d", f, i)
			}
		}
	}
}

// TestEachFails states that the error of the first object that has one is told.
func TestEachFails(t *testing.T) {
	var resources []manifest.Resource
	for i := range 50 {
		resources = append(resources, manifest.Resource{ID: manifest.ID{Name: fmt.Sprint(i)}})
	}
	_, err := linter.NewView(linter.Input{Resources: resources}).Each(t.Context(), linter.Judge{
		Key: func(*manifest.Resource) string { return "" },
		Object: func(_ context.Context, r *manifest.Resource) ([]linter.Finding, error) {
			if r.ID.Name >= "3" { // 3 to 9, 30 to 49
				return nil, errors.New(r.ID.Name)
			}
			return nil, nil
		},
	})
	if err == nil || err.Error() != "3" {
		t.Errorf("got %v, want that of object 3", err)
	}
}
