package fields_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/fields"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// TestCompare states how two objects are compared: by the names of things, without what follows from others, and without telling
// secrets.
func TestCompare(t *testing.T) {
	for name, c := range map[string]struct{ kind, from, to, want string }{
		"a value":               {"v1 ConfigMap", "data: {a: b}", "data: {a: c}", "data.a [] changed b c"},
		"added":                 {"v1 ConfigMap", "data: {a: b}", `data: {a: b, c.d: e}`, `data["c.d"] [] added <nil> e`},
		"removed":               {"v1 ConfigMap", "data: {a: b}", "data: {}", "data.a [] removed b <nil>"},
		"a null":                {"v1 ConfigMap", "data: {a: null}", "data: {}", "data.a [] removed <nil> <nil>"},
		"a type":                {"v1 ConfigMap", "data: {a: 1}", "data: {a: [1]}", "data.a [] changed 1 [1]"},
		"a version":             {"v1 ConfigMap", "data: {}", "data: {}\napiVersion: v2", "apiVersion [] changed v1 v2"},
		"by name":               {"apps/v1 Deployment", "spec: {containers: [{name: a, image: x}, {name: b, image: w}]}", "spec: {containers: [{name: b, image: z}]}", "spec.containers[0] [a] removed map[image:x name:a] <nil>\nspec.containers[0].image [b] changed w z"},
		"within":                {"apps/v1 Deployment", "spec: {containers: [{name: a, env: [{name: X, value: 1}, {name: V, value: 1}]}]}", "spec: {containers: [{name: a, env: [{name: W}, {name: X, value: 1}, {name: V, value: 2}]}]}", "spec.containers[0].env[0] [a W] added <nil> map[name:W]\nspec.containers[0].env[2].value [a V] changed 1 2"},
		"in another order":      {"apps/v1 Deployment", "spec: {containers: [{name: a}, {name: b}]}", "spec: {containers: [{name: b}, {name: a}]}", "spec.containers [] reordered <nil> <nil>"},
		"ports":                 {"v1 Service", "spec: {ports: [{port: 80, targetPort: 1}, {port: 81}]}", "spec: {ports: [{port: 81}, {port: 80, targetPort: 2}]}", "spec.ports[1].targetPort [80] changed 1 2\nspec.ports [] reordered <nil> <nil>"},
		"mounts":                {"apps/v1 Deployment", "spec: {volumeMounts: [{mountPath: /a, name: v}, {mountPath: /b, name: v}]}", "spec: {volumeMounts: [{mountPath: /b, name: v, readOnly: true}]}", "spec.volumeMounts[0] [/a] removed map[mountPath:/a name:v] <nil>\nspec.volumeMounts[0].readOnly [/b] added <nil> true"},
		"a name twice":          {"apps/v1 Deployment", "spec: {env: [{name: X, value: 1}, {name: X, value: 2}]}", "spec: {env: [{name: X, value: 1}, {name: X, value: 3}]}", "spec.env[1].value [] changed 2 3"},
		"texts":                 {"apps/v1 Deployment", "spec: {args: [a, b, c]}", "spec: {args: [a, x, b, c]}", "spec.args[1] [] added <nil> x"},
		"texts at the end":      {"apps/v1 Deployment", "spec: {args: [a, b, c]}", "spec: {args: [a, w]}", "spec.args[1] [] changed b w\nspec.args[2] [] removed c <nil>"},
		"checksums and labels":  {"apps/v1 Deployment", "metadata: {name: it, labels: {helm.sh/chart: a-1}}\nspec: {replicas: 1, template: {metadata: {annotations: {checksum/config: 1, config-hash: 0123456789abcdef0123456789abcdef}}}}", "metadata: {name: it, labels: {helm.sh/chart: a-2, app.kubernetes.io/version: x}}\nspec: {replicas: 2, template: {metadata: {annotations: {checksum/config: 2, config-hash: 1123456789abcdef0123456789abcdef}}}}", "spec.replicas [] changed 1 2\nand 4"},
		"those alone":           {"apps/v1 Deployment", "metadata: {name: it, labels: {helm.sh/chart: a-1}}", "metadata: {name: it, labels: {helm.sh/chart: a-2}}", "and 1"},
		"those refused":         {"apps/v1 StatefulSet", "spec: {volumeClaimTemplates: [{metadata: {name: a, labels: {helm.sh/chart: a-1}}}]}", "spec: {volumeClaimTemplates: [{metadata: {name: a, labels: {helm.sh/chart: a-2}}}]}", `spec.volumeClaimTemplates[0].metadata.labels["helm.sh/chart"] [a] changed a-1 a-2 refused`},
		"a secret":              {"v1 Secret", "data: {a: b}\nstringData: {x: y}\ntype: a", "data: {a: c, d: e}\ntype: a", "data.a [] changed secret\ndata.d [] added secret\nstringData [] removed secret"},
		"a secret of SOPS":      {"isindir.github.com/v1alpha3 SopsSecret", "spec: {secretTemplates: [{name: a, stringData: {b: c}}]}", "spec: {secretTemplates: [{name: a, stringData: {b: d}}]}", "spec.secretTemplates[0].stringData.b [a] changed secret"},
		"what is encrypted":     {"v1 ConfigMap", `data: {a: "ENC[AES256_GCM,data:1]"}`, `data: {a: plain}`, "data.a [] changed secret"},
		"a claim's size":        {"v1 PersistentVolumeClaim", "spec: {resources: {requests: {storage: 1Gi}}}", "spec: {resources: {requests: {storage: 2Gi}}}", "spec.resources.requests.storage [] changed 1Gi 2Gi"},
		"a smaller claim":       {"v1 PersistentVolumeClaim", "spec: {resources: {requests: {storage: 1Gi}}}", "spec: {resources: {requests: {storage: 1023Mi}}}", "spec.resources.requests.storage [] changed 1Gi 1023Mi refused"},
		"a claim's class":       {"v1 PersistentVolumeClaim", "spec: {storageClassName: a}", "spec: {storageClassName: b}", "spec.storageClassName [] changed a b refused"},
		"a default":             {"v1 PersistentVolumeClaim", "spec: {storageClassName: a}", "spec: {storageClassName: a, volumeMode: Filesystem}", "spec.volumeMode [] added <nil> Filesystem"},
		"a selector":            {"apps/v1 Deployment", "spec: {selector: {matchLabels: {a: b}}}", "spec: {selector: {matchLabels: {a: b, c: d}}}", "spec.selector.matchLabels.c [] added <nil> d refused"},
		"a template":            {"apps/v1 StatefulSet", "spec: {template: {a: b}, serviceName: x}", "spec: {template: {a: c}, serviceName: x}", "spec.template.a [] changed b c"},
		"a job":                 {"batch/v1 Job", "spec: {template: {a: b}}", "spec: {template: {a: c}}", "spec.template.a [] changed b c refused"},
		"a hook":                {"batch/v1 Job", "metadata: {name: it, annotations: {argocd.argoproj.io/hook: Sync}}\nspec: {template: {a: b}}", "metadata: {name: it, annotations: {argocd.argoproj.io/hook: Sync}}\nspec: {template: {a: c}}", "spec.template.a [] changed b c"},
		"an address":            {"v1 Service", "spec: {clusterIP: None}", "spec: {clusterIP: 10.0.0.1}", "spec.clusterIP [] changed None 10.0.0.1 refused"},
		"an address left out":   {"v1 Service", "spec: {clusterIP: 10.0.0.1}", "spec: {}", "spec.clusterIP [] removed 10.0.0.1 <nil>"},
		"no address":            {"v1 Service", "spec: {}", "spec: {clusterIP: None}", "spec.clusterIP [] added <nil> None refused"},
		"a role":                {"rbac.authorization.k8s.io/v1 RoleBinding", "roleRef: {name: a}", "roleRef: {name: b}", "roleRef.name [] changed a b refused"},
		"parameters of a class": {"storage.k8s.io/v1 StorageClass", "parameters: {a: b}", "{}", "parameters [] removed map[a:b] <nil> refused"},
		"another group's kind":  {"example.org/v1 Deployment", "spec: {selector: a}", "spec: {selector: b}", "spec.selector [] changed a b"},
	} {
		t.Run(name, func(t *testing.T) {
			apiVersion, kind, _ := strings.Cut(c.kind, " ")
			file := func(text string) string {
				head := ""
				for _, line := range []string{"apiVersion: " + apiVersion, "kind: " + kind, "metadata: {name: it}"} {
					if key, _, _ := strings.Cut(line, " "); !strings.Contains("\n"+text, "\n"+key) {
						head += line + "\n"
					}
				}
				return head + strings.TrimPrefix(text, "{}") + "\n"
			}
			old, now := parsed(t, file(c.from)), parsed(t, file(c.to))
			got := told(fields.Compare(now, old.Object, now.Object))
			if text := strings.Join(got, "\n"); text != c.want {
				t.Errorf("got\n%s\nwant\n%s", text, c.want)
			}
		})
	}
}

func parsed(t *testing.T, text string) manifest.Resource {
	t.Helper()
	all, problems := manifest.Parse("a.yaml", []byte(text))
	if len(all) != 1 || len(problems) > 0 {
		t.Fatalf("%s: got %d objects, %v", text, len(all), problems)
	}
	return all[0]
}

// told are differences as lines.
func told(d fields.Differences) []string {
	var all []string
	for _, f := range d.Fields {
		line := fmt.Sprint(f.Path, " ", f.Within, " ", f.Change)
		if f.Secret {
			line += " secret"
		}
		if !f.Secret || f.Old != nil || f.New != nil {
			line += fmt.Sprint(" ", f.Old, " ", f.New)
		}
		if f.Refused {
			line += " refused"
		}
		all = append(all, line)
	}
	if d.Folded > 0 {
		all = append(all, fmt.Sprint("and ", d.Folded))
	}
	return all
}
