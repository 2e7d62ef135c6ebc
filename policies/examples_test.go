package policies_test

import (
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
			e := example{t, compiler, all[file]}
			for name, want := range map[string]int{"failing": 1, "mended": 0} {
				object, _ := e.constant(name).(map[string]any)
				if !e.judges(name, object) {
					if name == "failing" {
						t.Errorf("failing: got a %v, want a kind of METADATA", object["kind"])
					}
					continue // what mends it may be of another kind
				}
				findings, _ := e.eval(all[file].Package.Path.String()+".deny", map[string]any{
					"object": object, "params": e.params(), "namespace": e.namespace(), "tier": "medium",
				}).([]any)
				if len(findings) != want {
					t.Errorf("%s: got %v, want %d", name, findings, want)
				}
			}
		})
	}
}

// example is what the tests of one policy show.
type example struct {
	*testing.T
	compiler *ast.Compiler
	policy   *ast.Module
}

// constant is a value that the tests of the policy define; nil where they do not.
func (e example) constant(name string) any {
	return e.eval(e.policy.Package.Path.String()+"_test."+name, nil)
}

func (e example) eval(ref string, input any) any {
	e.Helper()
	results, err := rego.New(rego.Compiler(e.compiler), rego.Query(ref), rego.Input(input), rego.StrictBuiltinErrors(true)).Eval(e.Context())
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
	return !ok || slices.Contains(kinds, any(kind)) || slices.Contains(kinds, any(group+"/"+kind))
}
