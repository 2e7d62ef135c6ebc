package record

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// TestNotKept wants the fields to be found that the API server does not keep. What charts render to is held against them
// when it is recorded.
func TestNotKept(t *testing.T) {
	for _, c := range []struct{ object, want string }{
		{"{kind: CustomResourceDefinition, apiVersion: apiextensions.k8s.io/v1, metadata: {name: a}, spec: {preserveUnknownFields: false}}", "spec.preserveUnknownFields: its default, which no answer names"},
		{"{kind: CustomResourceDefinition, apiVersion: apiextensions.k8s.io/v1, metadata: {name: a}, status: {conditions: []}}", "status: only the API server writes it"},
		{"{kind: ClusterRole, apiVersion: rbac.authorization.k8s.io/v1, metadata: {name: a, creationTimestamp: null}}", "metadata.creationTimestamp: the API server writes its own"},
		{"{kind: Lamp, apiVersion: lights.example.org/v1, metadata: {name: a}, spec: {rooms: [{bulb: null}]}}", "spec.rooms[0].bulb: null in a custom resource"},
		{"{kind: Lamp, apiVersion: lights.example.org/v1, metadata: {name: a}, spec: {preserveUnknownFields: false}, status: {lit: true}}", ""},
		{"{kind: Deployment, apiVersion: apps/v1, metadata: {name: a}, spec: {minReadySeconds: 0, template: null}}", ""},
	} {
		resources, problems := manifest.Parse("a.yaml", []byte(c.object))
		if len(resources) != 1 {
			t.Fatalf("%s: %v", c.object, problems)
		}
		if c.want != "" {
			c.want = "the API server does not keep " + c.want
		}
		if got := strings.Join(notKept(resources[0].ID, resources[0].Object), "\n"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.object, got, c.want)
		}
	}
}

// TestLost wants it to be found when data goes with an object.
func TestLost(t *testing.T) {
	const kept = "annotations: {argocd.argoproj.io/sync-options: 'Prune=false,Delete=false'}"
	for _, c := range []struct{ object, want string }{
		{"{kind: PersistentVolumeClaim, apiVersion: v1, metadata: {name: a}}", "its data goes with its Application"},
		{"{kind: PersistentVolumeClaim, apiVersion: v1, metadata: {name: a, annotations: {argocd.argoproj.io/sync-options: Prune=false}}}", "are \"Prune=false\""},
		{"{kind: PersistentVolumeClaim, apiVersion: v1, metadata: {name: a, " + kept + "}}", ""},
		{"{kind: CephBlockPool, apiVersion: ceph.rook.io/v1, metadata: {name: a}}", "its data goes with its Application"},
		{"{kind: StatefulSet, apiVersion: apps/v1, metadata: {name: a}, spec: {persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}}}", "it deletes its claims: whenDeleted is Delete"},
		{"{kind: Prometheus, apiVersion: monitoring.coreos.com/v1, metadata: {name: a}, spec: {persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Delete}}}", "whenScaled is Delete"},
		{"{kind: StatefulSet, apiVersion: apps/v1, metadata: {name: a}}", ""},
	} {
		resources, problems := manifest.Parse("a.yaml", []byte(c.object))
		if len(resources) != 1 {
			t.Fatalf("%s: %v", c.object, problems)
		}
		got := strings.Join(lost(resources[0].ID, resources[0].Object), "\n")
		if !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: got %q, want %q", c.object, got, c.want)
		}
	}
}
