package policies_test

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/tester"
)

// TestMutations states that no line of a policy or library can go: whatever expression, branch or rule is taken out, some
// test of its folder fails, or it does not compile.
func TestMutations(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles each policy many times")
	}
	all := modules(t)
	for _, file := range slices.Sorted(maps.Keys(all)) {
		if strings.HasSuffix(file, "_test.rego") {
			continue
		}
		t.Run(path.Dir(file), func(t *testing.T) {
			t.Parallel()
			needed := needs(all, path.Dir(file))
			if !passes(t.Context(), needed, file) {
				t.Fatal("the tests fail on what is not mutated")
			}
			for _, m := range mutants(all[file]) {
				mutated := maps.Clone(needed)
				mutated[file] = m.module
				if passes(t.Context(), mutated, file) {
					t.Errorf("%s:%d: no test fails without %s", file, m.removed.Row, text(m.removed))
				}
			}
		})
	}
}

// needs are the modules of a folder, and of the libraries that these import.
func needs(all map[string]*ast.Module, folder string) map[string]*ast.Module {
	found := make(map[string]*ast.Module)
	for file, module := range all {
		if path.Dir(file) != folder {
			continue
		}
		found[file] = module
		for _, imported := range module.Imports {
			parts := strings.Split(imported.Path.String(), ".") // data.lib.workloads_test.shapes
			if library := path.Join("lib", strings.TrimSuffix(parts[2], "_test")); parts[1] == "lib" && library != folder {
				maps.Copy(found, needs(all, library))
			}
		}
	}
	return found
}

// passes says whether the modules compile and each test that stands in the folder of file passes. What does not compile is
// no mutant: it says so by passing none.
func passes(ctx context.Context, modules map[string]*ast.Module, file string) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results, err := tester.NewRunner().SetModules(modules).Filter("^"+modules[file].Package.Path.String()+"_test[.]").RunTests(ctx, nil)
	if err != nil {
		return false
	}
	passed := true
	for result := range results {
		if !result.Pass() {
			passed = false
			cancel() // one is enough; the others end at once
		}
	}
	return passed
}

// mutant is a module without one part of it.
type mutant struct {
	module  *ast.Module
	removed *ast.Location
}

// mutants are the module without one of its rules, else-branches or expressions, each in turn.
func mutants(original *ast.Module) []mutant {
	var all []mutant
	for i, rule := range original.Rules {
		m := original.Copy()
		m.Rules = slices.Delete(m.Rules, i, i+1)
		all = append(all, mutant{m, rule.Location})
		for depth, branch := 0, rule.Else; branch != nil; depth, branch = depth+1, branch.Else {
			m, last := original.Copy(), (*ast.Rule)(nil)
			for last = m.Rules[i]; depth > 0; depth-- {
				last = last.Else
			}
			last.Else = last.Else.Else
			all = append(all, mutant{m, branch.Location})
		}
	}
	for i, body := range bodies(original) {
		for j, expr := range *body {
			if expr.Location == nil || len(expr.Location.Text) == 0 || expr.Equal(ast.NewExpr(ast.BooleanTerm(true))) {
				continue // the body of a rule that has none
			}
			m := original.Copy()
			copied := bodies(m)[i]
			rest := slices.Delete(slices.Clone(*copied), j, j+1)
			if len(rest) == 0 {
				rest = append(rest, ast.NewExpr(ast.BooleanTerm(true)))
			}
			*copied = ast.NewBody(rest...)
			all = append(all, mutant{m, expr.Location})
		}
	}
	return all
}

// bodies are those of all rules and branches, and of the comprehensions and conditions in them, always in the same order.
func bodies(module *ast.Module) []*ast.Body {
	var found []*ast.Body
	ast.NewGenericVisitor(func(node any) bool {
		switch node := node.(type) {
		case *ast.Rule:
			found = append(found, &node.Body)
		case *ast.ArrayComprehension:
			found = append(found, &node.Body)
		case *ast.SetComprehension:
			found = append(found, &node.Body)
		case *ast.ObjectComprehension:
			found = append(found, &node.Body)
		case *ast.Every:
			found = append(found, &node.Body)
		}
		return false
	}).Walk(module)
	return found
}

// text is what stands at a location, on one line.
func text(l *ast.Location) string {
	return fmt.Sprintf("%q", strings.Join(strings.Fields(string(l.Text)), " "))
}
