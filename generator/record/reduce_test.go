package record_test

import (
	"reflect"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/record"
)

// TestReduce wants of an object that runs nothing itself its name, whether it may be deleted, and how much it asks for.
func TestReduce(t *testing.T) {
	for _, c := range []struct{ object, want string }{
		{
			"{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, labels: {b: c}, annotations: {argocd.argoproj.io/sync-options: Prune=false, d: e}}, spec: {accessModes: [f], resources: {requests: {storage: 1Gi}}}}",
			"{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, annotations: {argocd.argoproj.io/sync-options: Prune=false}}, spec: {resources: {requests: {storage: 1Gi}}}}",
		},
		{
			"{apiVersion: example.org/v1, kind: Lamps, metadata: {name: a}, spec: {bulb: {count: 3, colour: red}, resources: {bulb: {limits: {memory: 1Gi}}}, shade: {replicas: {of: 2}}}}",
			"{apiVersion: example.org/v1, kind: Lamps, metadata: {name: a}, spec: {bulb: {count: 3}, resources: {bulb: {limits: {memory: 1Gi}}}}}",
		},
		{
			"{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}, spec: {count: 3}}",
			"{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}}",
		},
		{
			"{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a}, rules: [{resources: [pods]}]}",
			"{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a}}",
		},
	} {
		var object, want map[string]any
		for text, into := range map[string]*map[string]any{c.object: &object, c.want: &want} {
			if err := yaml.Unmarshal([]byte(text), into); err != nil {
				t.Fatal(err)
			}
		}
		if got := record.Reduce(object); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %v\nwant %v", c.object, got, want)
		}
	}
}
