package cluster_test

import (
	"fmt"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

// seen is the cluster of some objects of the namespace lights and the Application lamp.
func seen(t *testing.T, text string) *cluster.Cluster {
	t.Helper()
	resources, problems := manifest.Parse("lamp.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var all []*manifest.Resource
	for i := range resources {
		r := &resources[i]
		r.Origin.Application = "lamp"
		if !strings.HasPrefix(r.ID.Kind, "Cluster") {
			r.ID.Namespace = "lights"
		}
		all = append(all, r)
	}
	return cluster.New(all).Bounded()
}

func pod(name, labels string) string {
	return fmt.Sprintf("---\n{apiVersion: v1, kind: Pod, metadata: {name: %s, labels: {%s}}, spec: {containers: []}}\n", name, labels)
}

// TestSelect wants a selector to match the pods that it matches when each is asked, in every small world of labels.
func TestSelect(t *testing.T) {
	var text string
	var worlds []labels.Set
	for _, app := range []string{"", "a", "b"} {
		for _, tier := range []string{"", "x", "w"} {
			set := labels.Set{}
			var written []string
			for key, value := range map[string]string{"app": app, "tier": tier} {
				if value != "" {
					set[key] = value
					written = append(written, key+": "+value)
				}
			}
			worlds = append(worlds, set)
			text += pod(fmt.Sprintf("p%d", len(worlds)), strings.Join(written, ", "))
		}
	}
	c := seen(t, text)
	for _, written := range []string{"", "app=a", "app=a,tier=x", "app in (a,b)", "app notin (a)", "app", "!app", "app,tier!=w", "app=c"} {
		s, err := labels.Parse(written)
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, set := range worlds {
			if s.Matches(set) {
				want++
			}
		}
		if got := len(c.Select("lights", s)); got != want {
			t.Errorf("%q: got %d pods, want %d", written, got, want)
		}
		if got := len(c.Select("shade", s)); got != 0 {
			t.Errorf("%q: got %d pods of another namespace", written, got)
		}
	}
}

// TestLasting wants labels to be left out that pods get when they are made or run.
func TestLasting(t *testing.T) {
	c := seen(t, pod("a", "app: a"))
	for written, want := range map[string]string{
		"app=b":             "app=b",
		"app=a,role=leader": "app=a",
		"app=a,statefulset.kubernetes.io/pod-name=a-0": "app=a",
		"statefulset.kubernetes.io/pod-name=a-0":       "",
		"ap=a":                                         "none",
	} {
		s, err := labels.Parse(written)
		if err != nil {
			t.Fatal(err)
		}
		got := "none"
		if left, ok := c.Lasting("lights", s); ok {
			got = left.String()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", written, got, want)
		}
	}
}

// TestExhausted wants a question to end that is too much: nothing is selected any more, and that is said.
func TestExhausted(t *testing.T) {
	var text strings.Builder
	for i := range 100 {
		text.WriteString(pod(fmt.Sprintf("p%d", i), "app: a"))
	}
	c := seen(t, text.String())
	s := labels.SelectorFromSet(labels.Set{"app": "a"})
	for asked := 0; !c.Exhausted(); asked++ {
		if asked > 1_000_000 {
			t.Fatal("it never ends")
		}
		c.Select("lights", s)
	}
	if got := len(c.Select("lights", s)); got != 0 {
		t.Errorf("got %d pods, want none", got)
	}
	if fresh := c.Bounded(); fresh.Exhausted() || len(fresh.Select("lights", s)) != 100 {
		t.Error("the next question is exhausted, too")
	}
}

// TestMayMake wants what operators, hooks and annotations make to be taken for there, and nothing else.
func TestMayMake(t *testing.T) {
	const role = "{apiVersion: rbac.authorization.k8s.io/v1, kind: %s, metadata: {name: a}, rules: [{apiGroups: [''], resources: [%s], verbs: [%s]}]}"
	for _, c := range []struct {
		object, kind, name string
		want               bool
	}{
		{"{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a}, spec: {secretName: a-tls}}", "Secret", "a-tls", true},
		{"{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a}, spec: {secretName: a-tls}}", "Secret", "b-tls", false},
		{"{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: a}, spec: {}}", "Secret", "a", true},
		{"{apiVersion: isindir.github.com/v1alpha3, kind: SopsSecret, metadata: {name: a}, spec: {secretTemplates: [{name: b}]}}", "Secret", "b", true},
		{"{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: db}, spec: {}}", "Secret", "db-app", true},
		{"{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: db}, spec: {}}", "Secret", "dbapp", false},
		{"{apiVersion: postgresql.cnpg.io/v1, kind: Database, metadata: {name: db}, spec: {}}", "Pod", "", true},
		{"{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a}, spec: {secretName: a-tls}}", "Pod", "", false},
		{"{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a}, spec: {endpoints: [{basicAuth: {username: {name: b}}}]}}", "Secret", "b", false},
		{"{apiVersion: v1, kind: Service, metadata: {name: a, annotations: {service.beta.openshift.io/serving-cert-secret-name: b}}}", "Secret", "b", true},
		{fmt.Sprintf(role, "Role", "secrets", "create"), "Secret", "b", true},
		{fmt.Sprintf(role, "ClusterRole", "'*'", "'*'"), "ServiceAccount", "b", true},
		{fmt.Sprintf(role, "Role", "secrets", "get"), "Secret", "b", false},
		{fmt.Sprintf(role, "Role", "secrets", "create"), "ConfigMap", "b", false},
		{fmt.Sprintf(role, "Role", "deployments", "create"), "Pod", "", true},
	} {
		by := &manifest.Resource{Origin: manifest.Origin{Application: "lamp"}}
		to := manifest.ID{Kind: c.kind, Namespace: "lights", Name: c.name}
		if got := seen(t, c.object).MayMake(by, c.kind, to); got != c.want {
			t.Errorf("%s: %s %q: got %v, want %v", c.object, c.kind, c.name, got, c.want)
		}
	}
}

// TestStorageClassInText wants a class to be there that an operator makes of a ConfigMap.
func TestStorageClassInText(t *testing.T) {
	c := seen(t, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  class.yaml: |\n    kind: StorageClass\n    apiVersion: storage.k8s.io/v1\n    metadata: {name: fast}\n")
	if len(c.Find(manifest.ID{Group: "storage.k8s.io", Kind: "StorageClass", Name: "fast"})) != 1 {
		t.Error("it is not there")
	}
}

// TestSpares wants a budget to leave as many pods as the API server would let go.
func TestSpares(t *testing.T) {
	for _, c := range []struct {
		field, value string
		pods, want   int
	}{
		{"minAvailable", "1", 1, 0}, {"minAvailable", "1", 2, 1}, {"minAvailable", "5", 2, 0}, {"minAvailable", "50%", 1, 0}, {"minAvailable", "50%", 3, 1},
		{"minAvailable", "100%", 3, 0}, {"minAvailable", "0", 3, 3}, {"maxUnavailable", "0", 3, 0}, {"maxUnavailable", "1", 1, 1}, {"maxUnavailable", "0%", 3, 0},
		{"maxUnavailable", "10%", 1, 1},
	} {
		budgets := seen(t, fmt.Sprintf("{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {selector: {}, %s: %s}}", c.field, c.value)).Budgets()
		if got, ok := budgets[0].Spares(c.pods); !ok || got != c.want {
			t.Errorf("%s %s of %d: got %d, %v, want %d", c.field, c.value, c.pods, got, ok, c.want)
		}
	}
}

// TestUnmet wants the API server's own defaults to count before a pod is said to lack what a quota demands.
func TestUnmet(t *testing.T) {
	const quota = "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {%s: 1}%s}}\n---\n"
	const limits = "{apiVersion: v1, kind: LimitRange, metadata: {name: l}, spec: {limits: [{type: %s, %s: {memory: 1Mi}}]}}\n---\n"
	const lamp = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, resources: {%s}}]%s}}"
	for _, c := range []struct{ text, want string }{
		{fmt.Sprintf(quota+lamp, "memory", "", "", ""), "requests.memory"},
		{fmt.Sprintf(quota+lamp, "pods", "", "", ""), ""},
		{fmt.Sprintf(quota+lamp, "memory", ", scopes: [Terminating]", "", ""), ""},
		{fmt.Sprintf(quota+lamp, "memory", "", "limits: {memory: 1Mi}", ""), ""},
		{fmt.Sprintf(quota+lamp, "limits.memory", "", "requests: {memory: 1Mi}", ""), "limits.memory"},
		{fmt.Sprintf(quota+limits+lamp, "limits.memory", "", "Container", "defaultRequest", "", ""), "limits.memory"},
		{fmt.Sprintf(quota+limits+lamp, "limits.memory", "", "Container", "max", "", ""), ""},
		{fmt.Sprintf(quota+limits+lamp, "requests.memory", "", "Container", "min", "", ""), ""},
		{fmt.Sprintf(quota+limits+lamp, "requests.memory", "", "Pod", "min", "", ""), "requests.memory"},
		{fmt.Sprintf(quota+lamp, "memory", "", "", ", resources: {requests: {memory: 1Mi}}"), ""},
	} {
		s := seen(t, c.text)
		if d, _ := s.Unmet(s.Pods()[0]); d.Resource != c.want {
			t.Errorf("%s: got %q, want %q", c.text, d.Resource, c.want)
		}
	}
}
