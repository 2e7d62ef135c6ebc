package blueprint_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// fleet is an enterprise of n clusters.
func fleet(n int) blueprint.Spec {
	spec := blueprint.Spec{Tier: blueprint.Enterprise}
	for i := range n {
		c := blueprint.Cluster{Name: fmt.Sprintf("cluster-%d", i)}
		if i > 0 {
			c.Server = fmt.Sprintf("https://192.0.2.%d:6443", i)
		}
		spec.Clusters = append(spec.Clusters, c)
	}
	return spec.WithDefaults()
}

// TestEvaluateEachClusterByItself states that a cluster is the same whichever others there are besides the hub, and
// that what it learns of the hub arrives.
func TestEvaluateEachClusterByItself(t *testing.T) {
	spec := fleet(6)
	all, _, err := blueprint.Evaluate(t.Context(), source(nil), spec)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range spec.Clusters[1:] {
		two := spec
		two.Clusters = []blueprint.Cluster{spec.Clusters[0], c}
		two.Teams = append([]blueprint.Team{}, spec.Teams...)
		for j := range two.Teams {
			two.Teams[j].Clusters = []string{spec.Clusters[0].Name, c.Name}
		}
		b, _, err := blueprint.Evaluate(t.Context(), source(nil), two)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(b.Clusters[1], all.Clusters[i+1]) {
			t.Errorf("%s: it is another one beside others", c.Name)
		}
	}
	for _, c := range all.Clusters[5].Components {
		if c.Name == "gatekeeper" {
			exempt := c.Charts[0].Values["validatingWebhookExemptNamespacesLabels"].(map[string]any)["kubernetes.io/metadata.name"]
			if got, want := fmt.Sprint(exempt), "[argocd kube-system rook-ceph]"; got != want {
				t.Errorf("got the namespaces %s, want %s: that of Argo CD is known from the hub", got, want)
			}
		}
	}
}

// TestEvaluateTellsOfTheFirstCluster states that of clusters that fail the first is told of, whichever ends first.
func TestEvaluateTellsOfTheFirstCluster(t *testing.T) {
	spec, user := own(`function(spec) {
  clusters: [if i % 7 == 3 then error 'cluster %d' % i else { name: 'c', components: [] } for i in std.range(0, 99)],
}`)
	for range 20 {
		if _, _, err := blueprint.Evaluate(t.Context(), source(user), spec); err == nil || err.Error() != "my.jsonnet:2:33: cluster 3" {
			t.Fatalf("got %v, want an error of cluster 3", err)
		}
	}
}
