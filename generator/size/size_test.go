package size_test

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/size"
)

// gib is a GiB in bytes.
const gib = 1 << 30

// sum sums the objects of a text, all of the component lamp.
func sum(t *testing.T, text string) (size.Sum, error) {
	t.Helper()
	resources, problems := manifest.Parse("a.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i := range resources {
		resources[i].Origin.Component = "lamp"
	}
	return size.Of(resources)
}

const (
	deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: "
	daemonSet  = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec: "
	ask        = "resources: {requests: {cpu: 100m, memory: 1Gi}}"
)

func TestOf(t *testing.T) {
	one := size.Size{CPU: 0.1, Memory: gib}
	for _, c := range []struct {
		name, text string
		want       size.Platform
	}{
		{"nothing", "", size.Platform{}},
		{"a pod where nothing says how many", deployment + "{template: {spec: {containers: [{" + ask + "}]}}}", size.Platform{Once: one}},
		{"replicas", deployment + "{replicas: 3, template: {spec: {containers: [{" + ask + "}]}}}", size.Platform{Once: one.Times(3)}},
		{"none", deployment + "{replicas: 0, template: {spec: {containers: [{" + ask + "}]}}}", size.Platform{}},
		{"on each machine", daemonSet + "{template: {spec: {containers: [{" + ask + "}]}}}", size.Platform{Each: one}},
		{"a limit without a request", deployment + "{template: {spec: {containers: [{resources: {limits: {memory: 1Gi}}}]}}}", size.Platform{Once: size.Size{Memory: gib, MemoryLimit: gib}}},
		{"what runs before asks for less", deployment + "{template: {spec: {initContainers: [{resources: {requests: {memory: 1Mi}}}], containers: [{" + ask + "}]}}}", size.Platform{Once: one}},
		{"what runs before asks for more", deployment + "{template: {spec: {initContainers: [{resources: {requests: {memory: 2Gi}}}], containers: [{" + ask + "}]}}}", size.Platform{Once: size.Size{CPU: 0.1, Memory: 2 * gib}}},
		{"what runs before goes on", deployment + "{template: {spec: {initContainers: [{restartPolicy: Always, " + ask + "}], containers: [{" + ask + "}]}}}", size.Platform{Once: one.Times(2)}},
		{"what goes on stands beside what runs after it", deployment + "{template: {spec: {initContainers: [{restartPolicy: Always, " + ask + "}, {resources: {requests: {memory: 3Gi}}}], containers: [{" + ask + "}]}}}",
			size.Platform{Once: size.Size{CPU: 0.2, Memory: 4 * gib}}},
		{"claims of each", "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: a}\nspec: {replicas: 2, template: {spec: {containers: [{" + ask + "}]}}, volumeClaimTemplates: [{spec: {resources: {requests: {storage: 2Gi}}}}]}",
			size.Platform{Once: size.Size{CPU: 0.2, Memory: 2 * gib, Claims: 4 * gib}}},
		{"a claim", "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {resources: {requests: {storage: 2Gi}}}", size.Platform{Once: size.Size{Claims: 2 * gib}}},
		{"a Job", "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{" + ask + "}]}}}", size.Platform{}},
		{"what an operator makes pods of", "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: a}\nspec: {replicas: 2, " + ask + ", storage: {volumeClaimTemplate: {spec: {resources: {requests: {storage: 2Gi}}}}}}",
			size.Platform{Once: size.Size{CPU: 0.2, Memory: 2 * gib, Claims: 4 * gib}}},
		{"an agent of an operator", "apiVersion: logging.banzaicloud.io/v1beta1\nkind: FluentbitAgent\nmetadata: {name: a}\nspec: {" + ask + "}", size.Platform{Each: one}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := sum(t, c.text)
			if err != nil || got.Whole() != c.want || len(got.Unread) > 0 {
				t.Errorf("got %+v, %v, %v, want %+v", got.Whole(), got.Unread, err, c.want)
			}
		})
	}
}

// TestUnread wants to be told of each custom resource that says what pods are to have, in a way that nobody here knows.
func TestUnread(t *testing.T) {
	got, err := sum(t, `
{apiVersion: example.org/v1, kind: Lamp, metadata: {name: b, namespace: lights}, spec: {bulbs: {resources: {limits: {memory: 1Gi}}}}}
---
{apiVersion: example.org/v1, kind: Lamp, metadata: {name: a, namespace: lights}, spec: {bulbs: [{`+ask+`}]}}
---
{apiVersion: example.org/v1, kind: Lamp, metadata: {name: c, namespace: lights}, spec: {resources: [pods], bulbs: 3}}
---
{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: d}, spec: {source: {helm: {valuesObject: {`+ask+`}}}}}
`)
	if err != nil || len(got.Unread) != 2 || got.Unread[0].Name != "a" || got.Unread[1].Name != "b" {
		t.Errorf("got %v, %v, want the lamps a and b", got.Unread, err)
	}
}

// TestBadQuantity wants the place and the name of what says a quantity that is none.
func TestBadQuantity(t *testing.T) {
	_, err := sum(t, deployment+"{template: {spec: {containers: [{resources: {requests: {memory: much}}}]}}}")
	if err == nil || !strings.HasPrefix(err.Error(), `a.yaml:1:1: Deployment a: quantity "much": `) {
		t.Errorf("got %v", err)
	}
}

// TestShare wants the parts of all machines to be the whole, however many there are.
func TestShare(t *testing.T) {
	p := size.Platform{Once: size.Size{CPU: 3, Memory: 6 * gib}, Each: size.Size{CPU: 0.5, Memory: gib}}
	for n := range 9 {
		whole, share := p.On(n), size.Cluster{Machines: n, Platform: p}.Share()
		if n == 0 && share != (size.Size{}) {
			t.Errorf("without machines: got %+v, want nothing", share)
		}
		if got := share.Memory * float64(n); n > 0 && (got-whole.Memory > 1 || whole.Memory-got > 1) {
			t.Errorf("%d machines: got %f bytes of all, want %f", n, got, whole.Memory)
		}
	}
}

func TestFigures(t *testing.T) {
	for got, want := range map[string]string{
		size.Cores(0.33): "0.33", size.Cores(2): "2", size.Cores(0.0001): "0", size.Bytes(0): "0 GiB", size.Bytes(gib): "1 GiB", size.Bytes(gib + 1): "1.01 GiB",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
