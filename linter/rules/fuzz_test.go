package rules

import (
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
)

// FuzzRules states that no rule panics, whatever objects and files say, and that each finding stands in a file.
func FuzzRules(f *testing.F) {
	for _, text := range []string{
		"{apiVersion: v1, kind: Service, metadata: {name: a, namespace: b}, spec: {selector: {c: d}, ports: [{port: 80, targetPort: e}]}}",
		"{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: b, labels: {c: d}}, spec: {containers: [{name: a, env: [{valueFrom: {secretKeyRef: {name: f, key: g}}}]}], volumes: [null, {secret: {secretName: h, items: [null]}}]}}",
		"{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a, namespace: b}, spec: {replicas: 2, serviceName: a, template: {spec: {containers: [null]}}, volumeClaimTemplates: [null, {spec: {storageClassName: i}}]}}",
		"{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a, namespace: b}, spec: {selector: {matchExpressions: [null, {key: c, operator: In, values: [1]}]}, minAvailable: 10%}}",
		"{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a, namespace: b}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: a}, minReplicas: 1.5}}",
		"{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a, namespace: b}, spec: {rules: [null, {http: {paths: [{backend: {service: {name: a, port: {number: 1}}}}]}}]}}",
		"{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a, namespace: b}, spec: {podSelector: {}, ingress: [{from: [null, {podSelector: {matchLabels: {c: x}}}]}]}}",
		"{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a, namespace: b}, roleRef: {kind: Role, name: a}, subjects: [null, {kind: ServiceAccount, name: c}]}",
		"{creation_rules: [null, {path_regex: '(', encrypted_regex: a}, {path_regex: .}]}", "sops: {encrypted_regex: '['}\na: [b, {c: d}]\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		files, err := tree.New(tree.File{Path: sopsConfig, Data: text}, tree.File{Path: "a.sops.yaml", Data: text}, tree.File{Path: "b.sops.env", Data: text})
		if err != nil {
			t.Skip()
		}
		resources, _ := manifest.Parse("a.sops.yaml", text)
		for i := range resources {
			resources[i].Origin.Cluster = []string{"home", ""}[i%2]
			resources[i].Origin.Application = "lamp"
		}
		view := linter.NewView(linter.Input{Tree: files, Resources: resources})
		for _, rule := range all {
			for _, found := range rule.Check(view).Findings {
				if found.Place.File == "" || found.Message == "" {
					t.Errorf("%s: %+v", rule.ID, found)
				}
			}
		}
	})
}
