package policies_test

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/gitopsgen/gitopsgen/golden/goldentest"
	"github.com/gitopsgen/gitopsgen/policies"
)

// files lists the Rego files, sorted.
func files(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(policies.FS, "*/*/*.rego")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func modules(t *testing.T) map[string]*ast.Module {
	t.Helper()
	modules := make(map[string]*ast.Module)
	for _, file := range files(t) {
		data, err := policies.FS.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		module, err := ast.ParseModuleWithOpts(file, string(data), ast.ParserOptions{ProcessAnnotation: true})
		if err != nil {
			t.Fatal(err)
		}
		modules[file] = module
	}
	return modules
}

func TestRego(t *testing.T) {
	results, err := tester.NewRunner().CapturePrintOutput(true).SetModules(modules(t)).RunTests(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var count int
	for result := range results {
		count++
		if !result.Pass() {
			t.Errorf("%s: %s %v %s", result.Location, result.Name, result.Error, result.Output)
		}
	}
	if count == 0 {
		t.Error("got no tests")
	}
}

// Every policy is shown to deny and to allow something, and every library is tested.
func TestEveryFolderHasTests(t *testing.T) {
	byFolder := make(map[string][]string)
	for file, module := range modules(t) {
		rules := byFolder[path.Dir(file)]
		if strings.HasSuffix(file, "_test.rego") {
			for _, rule := range module.Rules {
				rules = append(rules, rule.Head.Name.String())
			}
		}
		byFolder[path.Dir(file)] = rules
	}
	for folder, rules := range byFolder {
		want := []string{"test_denies_", "test_allows_"}
		if path.Dir(folder) == "lib" {
			want = []string{"test_"}
		}
		for _, prefix := range want {
			if !slices.ContainsFunc(rules, func(rule string) bool { return strings.HasPrefix(rule, prefix) }) {
				t.Errorf("%s: got no test %s…", folder, prefix)
			}
		}
	}
}

func TestFormat(t *testing.T) {
	for _, file := range files(t) {
		have, err := policies.FS.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := format.SourceWithOpts(file, have, format.Opts{RegoVersion: ast.RegoV1})
		if err != nil {
			t.Fatal(err)
		}
		goldentest.Compare(t, want, "policies/"+file)
	}
}

// What a library's function says of its arguments is kept while all policies judge an object, each with parameters of its own: so
// libraries see nothing but their arguments.
func TestLibrariesSeeNoInput(t *testing.T) {
	for file, module := range modules(t) {
		if !strings.HasPrefix(file, "lib/") || strings.HasSuffix(file, "_test.rego") {
			continue
		}
		ast.WalkRefs(module, func(ref ast.Ref) bool {
			if ref.HasPrefix(ast.InputRootRef) {
				t.Errorf("%s: %s: a library reads the input", ref[0].Location, ref)
			}
			return false
		})
	}
}
