package policy

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// TestFunctionsTakeNoMoreThanTheyMay states that no function is given a text of any length, whatever it makes of it.
func TestFunctionsTakeNoMoreThanTheyMay(t *testing.T) {
	long := ast.StringTerm(strings.Repeat("a", maxText+1))
	for _, b := range capabilities().Builtins {
		call := topdown.GetBuiltin(b.Name)
		if call == nil || b.Relation && len(b.Decl.FuncArgs().Args) == 0 {
			continue
		}
		operands := make([]*ast.Term, 0, len(b.Decl.FuncArgs().Args))
		takes := false
		for _, arg := range b.Decl.FuncArgs().Args {
			takes = takes || types.Contains(arg, types.S)
			operands = append(operands, long)
		}
		if !takes {
			continue
		}
		err := call(topdown.BuiltinContext{}, operands, func(*ast.Term) error { return nil })
		if halt := (topdown.Halt{}); !errors.As(err, &halt) || !strings.Contains(err.Error(), b.Name+" is given a text of more than 16 MiB") {
			t.Errorf("%s: got %v, want it to stop", b.Name, err)
		}
	}
}

// TestFunctionsMakeNoMoreThanTheyMay states that a policy is stopped before a function asks for memory that is not to be had.
func TestFunctionsMakeNoMoreThanTheyMay(t *testing.T) {
	const long = `s := sprintf("%1000000d", [1]); all := [s | some _ in numbers.range(1, 20)]; `
	for name, body := range map[string]string{
		"concat":        long + `count(concat("", all)) > 0`,
		"array.flatten": `many := numbers.range(1, 100000); count(array.flatten([many | some _ in numbers.range(1, 200)])) > 0`,
		"sprintf":       long + `count(sprintf("%v", [all])) > 0`,
		"json.marshal":  long + `count(json.marshal({"a": all})) > 0`,
		"yaml.marshal":  long + `count(yaml.marshal({all})) > 0`,
	} {
		t.Run(name, func(t *testing.T) { stops(t, body, name+" would make more than 16 MiB of what it is given") })
	}
	t.Run("separator", func(t *testing.T) {
		stops(t, long+`count(concat(s, ["" | some _ in numbers.range(1, 20)])) > 0`, "concat would make more than 16 MiB of what it is given")
	})
	t.Run("template", func(t *testing.T) {
		stops(t, long+"count($\"{all}\") > 0", "internal.template_string would make more than 16 MiB of what it is given")
	})
}

// stops states that a policy is stopped with this reason, and another judges on.
func stops(t *testing.T, body, want string) {
	t.Helper()
	checker, err := New(t.Context(), Source{Name: "policies", Files: fstest.MapFS{
		"odd.rego":  {Data: []byte("package main\n\ndeny contains \"x\" if { " + body + " }\n")},
		"sane.rego": {Data: []byte("package main\n\nwarn contains \"seen\"\n")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	resources, _ := manifest.Parse("lamp.yaml", []byte("{apiVersion: v1, kind: Lamp, metadata: {name: a}}\n"))
	found, err := checker.Check(t.Context(), linter.NewView(linter.Input{Resources: resources, Judged: map[string]bool{"main/odd": true, "main/sane": true}}))
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Findings) != 2 || !strings.HasSuffix(found.Findings[0].Message, want) || found.Findings[1].Message != "seen" {
		t.Errorf("got %v, want %s, and the other policy's", found.Findings, want)
	}
}
