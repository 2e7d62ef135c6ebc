package policies_test

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// TestExamples states that what the documentation shows of each policy is so: its tests have a constant failing, in which
// it finds one thing, and mended, in which it finds none. They are whole objects. The constants params and namespace stand for
// the settings and the facts of the namespace, where it needs such.
func TestExamples(t *testing.T) {
	eachPolicy(t, func(e example) {
		for name, want := range map[string]int{"failing": 1, "mended": 0} {
			object, _ := e.constant(name).(map[string]any)
			if !e.judges(name, object) {
				if name == "failing" {
					e.Errorf("failing: got a %v, want a kind of METADATA", object["kind"])
				}
				continue // what mends it may be of another kind
			}
			if findings := e.deny(object); len(findings) != want {
				e.Errorf("%s: got %v, want %d", name, findings, want)
			}
		}
	})
}

// TestOddObjects states that no object makes a policy fail: whatever stands in the place of any field of its examples, the
// policy ends, and what it finds has a message and a place.
func TestOddObjects(t *testing.T) {
	eachPolicy(t, func(e example) {
		for _, object := range append(odd(e.constant("failing")), odd(e.constant("mended"))...) {
			for _, finding := range e.deny(object) {
				if f, _ := finding.(map[string]any); f["msg"] == nil || f["at"] == nil {
					e.Errorf("%v: got %v, want msg and at", object, finding)
				}
			}
		}
	})
}

// TestShapes states that a policy about pods finds the same wherever they stand.
func TestShapes(t *testing.T) {
	eachPolicy(t, func(e example) {
		failing, _ := e.constant("failing").(map[string]any)
		kinds, _ := e.custom("kinds").([]any)
		if failing["kind"] != "Deployment" || !slices.Contains(kinds, any("pods")) {
			return
		}
		pod := failing["spec"].(map[string]any)["template"].(map[string]any)
		want := messages(e.deny(failing))
		for version, object := range map[string]map[string]any{
			"v1/Pod":                                {"metadata": pod["metadata"], "spec": pod["spec"]},
			"v1/ReplicationController":              {"spec": map[string]any{"template": pod}},
			"apps/v1/DaemonSet":                     {"spec": map[string]any{"template": pod}},
			"apps/v1/ReplicaSet":                    {"spec": map[string]any{"template": pod}},
			"apps/v1/StatefulSet":                   {"spec": map[string]any{"template": pod}},
			"apps.openshift.io/v1/DeploymentConfig": {"spec": map[string]any{"template": pod}},
			"argoproj.io/v1alpha1/Rollout":          {"spec": map[string]any{"template": pod}},
		} {
			object["apiVersion"], object["kind"] = path.Dir(version), path.Base(version)
			if got := messages(e.deny(object)); !slices.Equal(got, want) {
				e.Errorf("%s: got %q, want %q", version, got, want)
			}
		}
	})
}

func messages(findings []any) (all []string) {
	for _, finding := range findings {
		f, _ := finding.(map[string]any)
		text, _ := f["msg"].(string)
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

// odd are copies of a value, in each of which something odd stands in the place of one of its parts, or of the whole.
func odd(value any) []any {
	all := []any{nil, true, json.Number("-1"), "", "x/y", []any{}, []any{nil, "x", map[string]any{}}, map[string]any{}, map[string]any{"x": nil}}
	switch value := value.(type) {
	case map[string]any:
		for name, part := range value {
			for _, replaced := range odd(part) {
				changed := maps.Clone(value)
				changed[name] = replaced
				all = append(all, changed)
			}
		}
	case []any:
		for i, part := range value {
			for _, replaced := range odd(part) {
				changed := slices.Clone(value)
				changed[i] = replaced
				all = append(all, changed)
			}
		}
	}
	return all
}

// eachPolicy runs a check of every policy, beside each other.
func eachPolicy(t *testing.T, check func(example)) {
	all := modules(t)
	compiler := ast.NewCompiler()
	if compiler.Compile(all); compiler.Failed() {
		t.Fatal(compiler.Errors)
	}
	for _, file := range slices.Sorted(maps.Keys(all)) {
		if strings.HasPrefix(file, "lib/") || strings.HasSuffix(file, "_test.rego") {
			continue
		}
		t.Run(path.Dir(file), func(t *testing.T) {
			t.Parallel()
			query := rego.New(rego.Compiler(compiler), rego.Query(all[file].Package.Path.String()+".deny"))
			asked, err := query.PrepareForEval(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			e := example{T: t, compiler: compiler, policy: all[file], asked: asked}
			e.input = map[string]any{"params": e.params(), "namespace": e.namespace(), "tier": "medium"}
			check(e)
		})
	}
}

// example is what the tests of one policy show.
type example struct {
	*testing.T
	compiler *ast.Compiler
	policy   *ast.Module
	asked    rego.PreparedEvalQuery
	input    map[string]any // without the object
}

// deny is what the policy finds in an object.
func (e example) deny(object any) []any {
	e.Helper()
	input := maps.Clone(e.input)
	input["object"] = object
	results, err := e.asked.Eval(e.Context(), rego.EvalInput(input))
	if err != nil {
		e.Fatalf("%v: %v", object, err)
	}
	findings, _ := results[0].Expressions[0].Value.([]any)
	return findings
}

// constant is a value that the tests of the policy define; nil where they do not.
func (e example) constant(name string) any {
	return e.eval(e.policy.Package.Path.String() + "_test." + name)
}

func (e example) eval(ref string) any {
	e.Helper()
	results, err := rego.New(rego.Compiler(e.compiler), rego.Query(ref), rego.StrictBuiltinErrors(true)).Eval(e.Context())
	if err != nil {
		e.Fatal(err)
	}
	if len(results) == 0 {
		return nil
	}
	return results[0].Expressions[0].Value
}

// custom is a field of METADATA's own part.
func (e example) custom(field string) any { return e.policy.Annotations[0].Custom[field] }

// params are the defaults of METADATA, below those that the tests give.
func (e example) params() map[string]any {
	params := make(map[string]any)
	known, _ := e.custom("params").(map[string]any)
	for name, param := range known {
		if value, ok := param.(map[string]any)["default"]; ok {
			params[name] = value
		}
	}
	given, _ := e.constant("params").(map[string]any)
	maps.Copy(params, given)
	return params
}

func (e example) namespace() map[string]any {
	if given, ok := e.constant("namespace").(map[string]any); ok {
		return given
	}
	return map[string]any{}
}

// judges says whether an object is of a kind that the policy judges, and fails where it is no whole object.
func (e example) judges(name string, object map[string]any) bool {
	e.Helper()
	version, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	metadata, _ := object["metadata"].(map[string]any)
	if version == "" || kind == "" || metadata["name"] == nil {
		e.Errorf("%s: got %v, want an object with apiVersion, kind and metadata.name", name, object)
	}
	group, _, grouped := strings.Cut(version, "/")
	if !grouped {
		group = "core"
	}
	kinds, ok := e.custom("kinds").([]any)
	if slices.Contains(kinds, any("pods")) {
		pods, _ := e.eval("data.lib.workloads.kinds").([]any)
		kinds = slices.Concat(kinds, pods)
	}
	return !ok || slices.Contains(kinds, any(kind)) || slices.Contains(kinds, any(group+"/"+kind))
}
