package record_test

import (
	"reflect"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/record"
)

// TestReduce wants of an object that runs nothing itself its name, whether it may be deleted, how much it asks for, and what it says
// of others.
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
		{ // what an operator makes pods of
			"{apiVersion: example.org/v1, kind: Lamps, metadata: {name: a}, spec: {image: b, podSecurityContext: {runAsUser: 1}, hostNetwork: true, env: [{value: c}], sets: [{colour: red}, {containers: [{name: d, args: [e]}]}]}}",
			"{apiVersion: example.org/v1, kind: Lamps, metadata: {name: a}, spec: {image: b, podSecurityContext: {runAsUser: 1}, hostNetwork: true, sets: [{containers: [{name: d, args: [e]}]}]}}",
		},
		{
			"{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}, spec: {count: 3}}",
			"{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}}",
		},
		{
			"{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a, labels: {b: c}}, rules: [{resources: [pods]}]}",
			"{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a}, rules: [{resources: [pods]}]}",
		},
		{
			"{apiVersion: v1, kind: Service, metadata: {name: a, labels: {b: c}}, spec: {selector: {b: c}, ports: [{port: 80, targetPort: http}], sessionAffinity: None}}",
			"{apiVersion: v1, kind: Service, metadata: {name: a, labels: {b: c}}, spec: {selector: {b: c}, ports: [{port: 80, targetPort: http}]}}",
		},
		{
			"{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, automountServiceAccountToken: false, imagePullSecrets: [{name: b}]}",
			"{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, automountServiceAccountToken: false}",
		},
		{
			"{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {b: c}, stringData: {d: e}}",
			"{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {b: null, d: null}}",
		},
		{
			"{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {b: \"kind: StorageClass\\napiVersion: storage.k8s.io/v1\\nprovisioner: c\\nmetadata: {name: d}\", kustomize.buildOptions: e}}",
			"{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {b: \"---\\napiVersion: storage.k8s.io/v1\\nkind: StorageClass\\nmetadata:\\n  name: d\\n\", kustomize.buildOptions: e}}",
		},
		{
			"{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a}, spec: {selector: {b: c}, endpoints: [{port: d, interval: 1m}]}}",
			"{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a}, spec: {selector: {b: c}, endpoints: [{port: d}]}}",
		},
		{
			"{apiVersion: example.org/v1, kind: Lamp, metadata: {name: a}, spec: {secretName: b, rooms: [{name: c, colour: d}, {colour: e}]}}",
			"{apiVersion: example.org/v1, kind: Lamp, metadata: {name: a}, spec: {secretName: b, rooms: [{name: c}]}}",
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
