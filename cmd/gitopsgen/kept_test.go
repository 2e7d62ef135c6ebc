package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// owners are the kinds with which data goes when they are deleted, and everything of the group cephGroup.
var owners = []string{"CustomResourceDefinition", "Namespace", "ObjectBucketClaim", "PersistentVolumeClaim"}

const (
	cephGroup = "ceph.rook.io"
	keep      = "Prune=false,Delete=false"
)

// lost says by what an object would take data with it: it is deleted with its Application, or what it makes claims for
// deletes these.
func lost(id manifest.ID, object map[string]any) []string {
	var found []string
	options := text(object, "metadata", "annotations", "argocd.argoproj.io/sync-options")
	if (slices.Contains(owners, id.Kind) || id.Group == cephGroup) && options != keep {
		found = append(found, "its data goes with its Application: its sync-options are \""+options+"\", want "+keep)
	}
	retention, _ := field(object, "spec", "persistentVolumeClaimRetentionPolicy").(map[string]any)
	for _, when := range []string{"whenDeleted", "whenScaled"} {
		if retention[when] == "Delete" {
			found = append(found, "it deletes its claims: "+when+" is Delete")
		}
	}
	return found
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

// TestDataStays wants what holds data to stay when its Application goes, in our own objects and in what charts were
// recorded to render to.
func TestDataStays(t *testing.T) {
	for name, r := range trees(t) {
		claims := 0
		for _, res := range r.result.Resources {
			if strings.HasSuffix(res.ID.Kind, "Claim") {
				claims++
			}
			for _, fault := range lost(res.ID, res.Object) {
				t.Errorf("%s: %s: %s", name, res.ID, fault)
			}
		}
		if claims == 0 {
			t.Errorf("%s: there are no claims", name)
		}
	}
}
