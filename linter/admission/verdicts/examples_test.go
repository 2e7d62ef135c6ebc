package verdicts

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/admission"
	"github.com/gitopsgen/gitopsgen/linter/policy"
	"github.com/gitopsgen/gitopsgen/policies"
)

// TestExamples holds both against each other on what the tests of each policy show: an object that breaks it, and one that does not.
func TestExamples(t *testing.T) {
	judge, err := policy.New(t.Context(), policy.Source{Files: policies.FS})
	check(t, err)
	check(t, judge.Compile(t.Context()))
	constants := newConstants(t)
	found := 0
	for _, w := range judge.Written() {
		o := admission.Options{
			Tier: blueprint.Medium, Severity: map[string]linter.Severity{}, Params: map[string]map[string]any{w.Rule.ID: constants.of(w.Package, "params")},
		}
		for _, other := range judge.Rules() {
			o.Severity[other.ID] = linter.Off
		}
		o.Severity[w.Rule.ID] = linter.Error
		out, err := admission.New(t.Context(), judge, o)
		check(t, err)
		if len(out.Constraints) == 0 {
			continue
		}
		gatekeeper := newEngine(t, out)
		namespace := constants.of(w.Package, "namespace")
		for _, name := range []string{"failing", "mended"} {
			objects := []manifest.Resource{resource(constants.of(w.Package, name))}
			if namespace != nil {
				objects = append(objects, resource(namespaceOf(objects[0].Object, namespace)))
			}
			want := linted(t, judge, o.Tier, written(out), objects)[0]
			got := gatekeeper.verdicts(t, objects[0].Object, namespaceOf(objects[0].Object, namespace))
			compare(t, objects[0].ID, got, want)
			found += len(got)
		}
	}
	if found < 70 {
		t.Errorf("got %d findings in all", found)
	}
}

func resource(object map[string]any) manifest.Resource {
	return manifest.Resource{ID: manifest.NewID(object), Object: object}
}

// namespaceOf is the Namespace of an object, with these marks; nil where none are known.
func namespaceOf(object, marks map[string]any) map[string]any {
	if marks == nil {
		return nil
	}
	return map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{
		"name": manifest.Dig(object, "metadata", "namespace"), "labels": marks["labels"], "annotations": marks["annotations"],
	}}
}

// constants are those of the tests of policies.
type constants struct {
	*testing.T
	*ast.Compiler
}

func newConstants(t *testing.T) constants {
	t.Helper()
	names, err := fs.Glob(policies.FS, "*/*/*.rego")
	check(t, err)
	modules := map[string]*ast.Module{}
	for _, name := range names {
		data, err := fs.ReadFile(policies.FS, name)
		check(t, err)
		modules[name], err = ast.ParseModule(name, string(data))
		check(t, err)
	}
	c := ast.NewCompiler()
	if c.Compile(modules); c.Failed() {
		t.Fatal(c.Errors)
	}
	return constants{t, c}
}

// of is a constant of the tests of a policy; nil where they have none.
func (c constants) of(policy, name string) map[string]any {
	c.Helper()
	results, err := rego.New(rego.Compiler(c.Compiler), rego.Query(strings.Join([]string{"data", policy + "_test", name}, "."))).Eval(c.Context())
	check(c.T, err)
	if len(results) == 0 {
		return nil
	}
	value, _ := results[0].Expressions[0].Value.(map[string]any)
	return value
}
