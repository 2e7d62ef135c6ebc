package policies_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/gitopsgen/gitopsgen/schemas"
)

// elsewhere are the kinds of lib.pods that the bundle has no schema of, and where it was read what their objects have.
var elsewhere = map[string]string{
	"argoproj.io/ClusterWorkflowTemplate":           "argo-workflows v3.7.3, workflow_types.go",
	"argoproj.io/CronWorkflow":                      "argo-workflows v3.7.3, cron_workflow_types.go",
	"argoproj.io/Workflow":                          "argo-workflows v3.7.3, workflow_types.go",
	"argoproj.io/WorkflowTemplate":                  "argo-workflows v3.7.3, workflow_types.go",
	"logging-extensions.banzaicloud.io/EventTailer": "logging-operator v0.0.0-20250424202944-7e1f9aad6e21, config/crd/bases",
	"logging-extensions.banzaicloud.io/HostTailer":  "logging-operator v0.0.0-20250424202944-7e1f9aad6e21, config/crd/bases",
	"logging.banzaicloud.io/FluentbitAgent":         "logging-operator v0.0.0-20250424202944-7e1f9aad6e21, config/crd/bases",
	"logging.banzaicloud.io/FluentdConfig":          "logging-operator v0.0.0-20250424202944-7e1f9aad6e21, config/crd/bases",
	"logging.banzaicloud.io/Logging":                "logging-operator v0.0.0-20250424202944-7e1f9aad6e21, config/crd/bases",
	"logging.banzaicloud.io/SyslogNGConfig":         "logging-operator v0.0.0-20250424202944-7e1f9aad6e21, config/crd/bases",
	"opentelemetry.io/OpenTelemetryCollector":       "opentelemetry-operator/apis v0.153.0, v1beta1/common.go",
	"serving.knative.dev/Configuration":             "knative.dev/serving v0.51.0, configuration_types.go",
	"serving.knative.dev/Revision":                  "knative.dev/serving v0.51.0, revision_types.go",
	"serving.knative.dev/Service":                   "knative.dev/serving v0.51.0, service_types.go",
	"tekton.dev/Task":                               "Tekton's documentation of Tasks",
	"vault.banzaicloud.com/Vault":                   "vault-operator at 0163dc86a0ee, vault_types.go",
}

// row is one row of lib.pods.
type row struct {
	At         string
	Unless     string
	Overlay    bool
	Pod        map[string]string
	Container  map[string]string
	Containers []string
	Sets       struct{ Pod, Container map[string]any }
}

func (r row) String() string {
	return fmt.Sprintf("the row at %q with %v, %v and %v", r.At, r.Pod, r.Container, r.Containers)
}

// isWhole says that a pod spec stands at the row's path.
func (r row) isWhole() bool { return r.Container == nil }

func podRows(t *testing.T) map[string][]row {
	t.Helper()
	compiler := ast.NewCompiler()
	if compiler.Compile(modules(t)); compiler.Failed() {
		t.Fatal(compiler.Errors)
	}
	results, err := rego.New(rego.Compiler(compiler), rego.Query("data.lib.pods.rows")).Eval(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(results[0].Expressions[0].Value)
	if err != nil {
		t.Fatal(err)
	}
	var rows map[string][]row
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestPodRows states that the paths of each row of lib.pods are those of a schema that some version of the kind has, and that
// what stands there is what a pod of Kubernetes has in that place.
func TestPodRows(t *testing.T) {
	rows := podRows(t)
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		versions := versionsOf(t, name)
		if _, told := elsewhere[name]; told == (len(versions) > 0) {
			t.Errorf("%s: got %d schemas in the bundle and %v in the list of those elsewhere", name, len(versions), told)
		}
		for _, r := range rows[name] {
			if len(versions) > 0 && !slices.ContainsFunc(versions, func(v version) bool { return len(v.faults(t, r)) == 0 }) {
				t.Errorf("%s: %v: %s", name, r, strings.Join(versions[0].faults(t, r), ", "))
			}
		}
	}
	for name := range elsewhere {
		if rows[name] == nil {
			t.Errorf("%s: got no row", name)
		}
	}
}

// version is one version of a kind with its schema.
type version struct {
	apiVersion string
	schema     node
}

func versionsOf(t *testing.T, name string) (found []version) {
	t.Helper()
	bundle := schemas.Embedded()
	kinds, err := bundle.Kinds()
	if err != nil {
		t.Fatal(err)
	}
	group, kind, _ := strings.Cut(name, "/")
	for _, k := range kinds {
		if k.Kind == kind && (k.Group == group || k.Group == "" && group == "core") {
			found = append(found, version{k.APIVersion(), schemaOf(t, k.APIVersion(), kind)})
		}
	}
	return found
}

func schemaOf(t *testing.T, apiVersion, kind string) node {
	t.Helper()
	data, found, err := schemas.Embedded().Schema(apiVersion, kind, "")
	if err != nil || !found {
		t.Fatal(apiVersion, kind, found, err)
	}
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	definitions, _ := root["definitions"].(map[string]any)
	return node{root, definitions}
}

// faults says what of a row is not so in a version.
func (v version) faults(t *testing.T, r row) (faults []string) {
	pod, _ := schemaOf(t, "v1", "Pod").at("spec")
	container, _ := pod.at("containers.*")
	at, ok := v.schema.at(r.At)
	if !ok {
		return []string{"nothing is at " + r.At}
	}
	compare := func(path string, want node) {
		if have, ok := at.at(path); !ok {
			faults = append(faults, "nothing is at "+path)
		} else if fault := have.unlike(want); fault != "" {
			faults = append(faults, path+" "+fault)
		}
	}
	for _, fields := range []struct {
		paths map[string]string
		of    node
	}{{r.Pod, pod}, {r.Container, container}} {
		for field, path := range fields.paths {
			want, ok := fields.of.at(field)
			if !ok {
				faults = append(faults, "Kubernetes has no "+field)
				continue
			}
			compare(path, want)
		}
	}
	if r.isWhole() {
		for _, field := range at.shared(pod) {
			want, _ := pod.at(field)
			compare(field, want)
		}
		if len(at.shared(pod))+len(r.Containers) == 0 {
			faults = append(faults, "it is no pod")
		}
	}
	for _, field := range r.Containers {
		compare(field, container)
	}
	if _, ok := v.schema.at(r.Unless); !ok {
		faults = append(faults, "nothing is at "+r.Unless)
	}
	return faults
}
