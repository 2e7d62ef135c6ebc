package image_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/image"
)

func TestWhole(t *testing.T) {
	for name, want := range map[string]string{
		"busybox":                    "docker.io/library/busybox",
		"busybox:1.37":               "docker.io/library/busybox:1.37",
		"grafana/loki:3.7.6":         "docker.io/grafana/loki:3.7.6",
		"quay.io/cilium/cilium":      "quay.io/cilium/cilium",
		"docker.io/traefik:v3":       "docker.io/library/traefik:v3",
		"localhost/lamp":             "localhost/lamp",
		"registry:5000/lamp@sha256:": "registry:5000/lamp@sha256:",
	} {
		if got := image.Whole(name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for whole, want := range map[string][2]string{
		"quay.io/a/b:v1":            {"quay.io/a/b", "v1"},
		"quay.io/a/b:v1@sha256:00":  {"quay.io/a/b", "sha256:00"},
		"registry:5000/a":           {"registry:5000/a", ""},
		"registry:5000/a@sha256:00": {"registry:5000/a", "sha256:00"},
	} {
		if name, version := image.Split(whole); name != want[0] || version != want[1] {
			t.Errorf("%s: got %s and %s, want %q", whole, name, version, want)
		}
	}
}

// TestFind looks into each place where charts name images, and into what only looks like one.
func TestFind(t *testing.T) {
	sum := "sha256:" + strings.Repeat("0", 64)
	for text, want := range map[string][]string{
		`spec: {template: {spec: {containers: [{image: lamp}], initContainers: [{image: "quay.io/a/b:v1"}], volumes: [{image: {reference: "a/vol:1"}}]}}}`: {
			"docker.io/a/vol:1", "docker.io/library/lamp", "quay.io/a/b:v1",
		},
		`spec: {image: "quay.io/a/b@` + sum + `"}`:                                 {"quay.io/a/b@" + sum},
		`spec: {cephVersion: {image: quay.io/ceph/ceph:v20.2.0}}`:                  {"quay.io/ceph/ceph:v20.2.0"},
		`args: ["--reloader=quay.io/a/reloader:v1", "--engine-image", "a/e:v2"]`:   {"docker.io/a/e:v2", "quay.io/a/reloader:v1"},
		`args: ["--engine-image=a/e:v2", --manager-image, "a/m:v3", "a/not:this"]`: {"docker.io/a/e:v2", "docker.io/a/m:v3"},
		`env: [{name: CSI_IMAGE, value: "a/csi:1"}, {name: X, value: "a/not:1"}]`:  {"docker.io/a/csi:1"},
		`env: [{name: RELATED, value: registry.example.org:5000/a/b:1.0-2}]`:       {"registry.example.org:5000/a/b:1.0-2"},
		`data: {a.yaml: "x:\n  image: ghcr.io/a/b:v1\n  other: 'ghcr.io/a/c:v2'"}`: {"ghcr.io/a/b:v1", "ghcr.io/a/c:v2"},
		`spec: {scan: {image: {registry: ghcr.io, repository: a/b, tag: "1"}}}`:    {"ghcr.io/a/b:1"},
		`spec: {pullImage: {repository: a/b, digest: "` + sum + `"}}`:              {"docker.io/a/b@" + sum},

		`spec: {imagePullPolicy: Always, imageName: x, url: "https://ghcr.io/a/b:v1"}`:     nil,
		`data: {a: "see https://quay.io/a/b:v1", b: "monitoring.coreos.com/v1", c: "a:b"}`: nil,
		`metadata: {labels: {helm.sh/chart: "lamp-1.0.0"}}`:                                nil,
		`{kind: CustomResourceDefinition, spec: {image: lamp}}`:                            nil,
	} {
		var object map[string]any
		if err := yaml.Unmarshal([]byte(text), &object); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := image.Find(object); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// TestRename states that what Find finds is what Rename renames, and that nothing else changes.
func TestRename(t *testing.T) {
	const text = `
spec: {containers: [{name: a, image: lamp, args: ["--x-image=a/x:1", "--y-image", "a/y:1", "--z=quay.io/a/z:1,2"]}, {name: b, image: "quay.io/other:1"}]}
data: {config: "one ghcr.io/a/b:v1, two https://ghcr.io/a/b:v1"}`
	const want = `
spec: {containers: [{name: a, image: r.example.org/lamp, args: ["--x-image=r.example.org/x", "--y-image", "r.example.org/y", "--z=r.example.org/z,2"]}, {name: b, image: "quay.io/other:1"}]}
data: {config: "one r.example.org/b, two https://ghcr.io/a/b:v1"}`
	var object, wanted map[string]any
	for from, to := range map[string]*map[string]any{text: &object, want: &wanted} {
		if err := yaml.Unmarshal([]byte(from), to); err != nil {
			t.Fatal(err)
		}
	}
	got := image.Rename(object, map[string]string{
		"docker.io/library/lamp": "r.example.org/lamp", "docker.io/a/x:1": "r.example.org/x", "docker.io/a/y:1": "r.example.org/y",
		"quay.io/a/z:1": "r.example.org/z", "ghcr.io/a/b:v1": "r.example.org/b",
	})
	if !reflect.DeepEqual(got, wanted) {
		t.Errorf("got  %v\nwant %v", got, wanted)
	}
	if !slices.Contains(image.Find(object), "quay.io/other:1") || len(image.Find(object)) != 6 {
		t.Errorf("got %q, want six images", image.Find(object))
	}
}
