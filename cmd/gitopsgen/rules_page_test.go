package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/rogpeppe/go-internal/txtar"
	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/docs"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// TestRulesPages keeps docs/rules.md, which lists all rules with who judges them and what shows it, and the pages of each category.
// It wants every rule to say what is wrong, what to do and why, and to have an example.
func TestRulesPages(t *testing.T) {
	checkers, err := judge().Checkers(t.Context(), tree.Tree{})
	if err != nil {
		t.Fatal(err)
	}
	owners := rulesInGo(t)
	examples := newExamples(t)
	pages := map[string]*strings.Builder{}
	var index strings.Builder
	index.WriteString("# Rules\n\nWritten by `make golden` from the rules themselves. Severities are those of small, medium and enterprise; `lint.severity` in\n")
	index.WriteString("gitopsgen.yaml sets others, `lint.params` the parameters. `gitopsgen explain RULE` tells of one.\n")
	all := linter.Rules(checkers)
	for _, r := range all {
		for _, stronger := range r.Under {
			if !slices.ContainsFunc(all, func(r linter.Rule) bool { return r.ID == stronger }) {
				t.Errorf("%s: silent where %q speaks, which is no rule", r.ID, stronger)
			}
		}
		if r.Title == "" || r.Description == "" || r.Rationale == "" {
			t.Errorf("%s: title, description or rationale is missing", r.ID)
		}
		category, _, _ := strings.Cut(r.ID, "/")
		page := pages[category]
		if page == nil {
			page = &strings.Builder{}
			pages[category] = page
			fmt.Fprintf(page, "# Rules of %s\n\nWritten by `make golden`; [rules.md](../rules.md) lists all.\n", category)
			fmt.Fprintf(&index, "\n## %s\n\n| rule | what is wrong | small | medium | enterprise | judged by | shown by |\n| --- | --- | --- | --- | --- | --- | --- |\n", category)
		}
		judged, shown := owners[r.ID], "golden/findings/"+snake(r.ID)+".txtar"
		if folder := policyFolder(r.ID); exists(folder) {
			judged, shown = folder, folder+"/"+filepath.Base(folder)+"_test.rego"
		}
		if judged == "" || !exists(shown) {
			t.Errorf("%s: judged by %q, shown by %s: want both", r.ID, judged, shown)
		}
		s := r.Severity
		fmt.Fprintf(&index, "| [%s](rules/%s.md#%s) | %s | %s | %s | %s | `%s` | `%s` |\n", r.ID, category, anchor(r.ID), r.Title, s.Small, s.Medium, s.Enterprise, judged, shown)
		describe(page, r)
		example := examples.of(t, r.ID)
		if example == "" {
			t.Errorf("%s: no example", r.ID)
		}
		fmt.Fprintf(page, "\n%s\n\n%s", docs.Example, example)
	}
	goldentest.Compare(t, []byte(index.String()), "docs/rules.md")
	for _, category := range slices.Sorted(maps.Keys(pages)) {
		goldentest.Compare(t, []byte(pages[category].String()), "docs/rules/"+category+".md")
	}
}

func snake(id string) string { return strings.NewReplacer("-", "_", "/", "_").Replace(id) }

// policyFolder is where the policy of a rule stands.
func policyFolder(id string) string { return "policies/" + strings.ReplaceAll(id, "-", "_") }

func exists(name string) bool {
	_, err := os.Stat(filepath.Join(repositoryRoot, name))
	return err == nil
}

// anchor is what a heading is called in links.
func anchor(id string) string { return strings.ReplaceAll(id, "/", "") }

func describe(page *strings.Builder, r linter.Rule) {
	fmt.Fprintf(page, "\n## %s\n\n%s. %s\n\n%s\n\n", r.ID, strings.TrimSuffix(r.Title, "."), r.Description, r.Rationale)
	fmt.Fprintf(page, "Severity: %s, %s, %s.\n", r.Severity.Small, r.Severity.Medium, r.Severity.Enterprise)
	if len(r.Under) > 0 {
		fmt.Fprintf(page, "\nSilent where one of these says more of the same: %s.\n", strings.Join(r.Under, ", "))
	}
	for _, p := range r.Params {
		state := "required"
		if p.Default != nil {
			state = fmt.Sprintf("default `%v`", p.Default)
		}
		fmt.Fprintf(page, "\nParameter `%s` (%s): %s\n", p.Name, state, p.Description)
	}
	for _, reference := range r.References {
		fmt.Fprintf(page, "\n%s\n", reference)
	}
}

var ruleID = regexp.MustCompile(`"([a-z]+/[a-z0-9-]+)"`)

// rulesInGo gives the file of each rule that is written in Go: the one that gives it its ID.
func rulesInGo(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(filepath.Join(repositoryRoot, "linter"), func(name string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		data, err := os.ReadFile(name)
		for _, line := range strings.Split(string(data), "\n") {
			if m := ruleID.FindStringSubmatch(line); m != nil && (strings.Contains(line, "ID:") || strings.Contains(line, " = ")) {
				inside, _ := filepath.Rel(repositoryRoot, name)
				files[m[1]] = filepath.ToSlash(inside)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// examples find what the tests of policies show, and the golden repositories of other rules.
type examples struct {
	compiler *ast.Compiler
}

func newExamples(t *testing.T) examples {
	t.Helper()
	all := map[string]*ast.Module{}
	files, err := filepath.Glob(filepath.Join(repositoryRoot, "policies/*/*/*.rego"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if all[file], err = ast.ParseModule(file, string(data)); err != nil {
			t.Fatal(err)
		}
	}
	compiler := ast.NewCompiler()
	if compiler.Compile(all); compiler.Failed() {
		t.Fatal(compiler.Errors)
	}
	return examples{compiler}
}

func (e examples) of(t *testing.T, id string) string {
	t.Helper()
	if archive, err := txtar.ParseFile(filepath.Join(repositoryRoot, "golden/findings", snake(id)+".txtar")); err == nil {
		return repositories(archive)
	}
	var b strings.Builder
	for _, one := range []struct{ heading, constant string }{{"Wrong:", "failing"}, {"Right:", "mended"}} {
		ref := "data." + strings.ReplaceAll(policyFolder(id), "/", ".") + "_test." + one.constant
		results, err := rego.New(rego.Compiler(e.compiler), rego.Query(ref)).Eval(t.Context())
		if err != nil || len(results) == 0 {
			t.Fatalf("%s: %v %v", ref, results, err)
		}
		fmt.Fprintf(&b, "%s\n\n```yaml\n%s```\n", one.heading, ordered(t, results[0].Expressions[0].Value))
		if one.constant == "failing" {
			b.WriteString("\n")
		}
	}
	return b.String()
}

// repositories writes the two repositories of an archive, with what is found in the first.
func repositories(archive *txtar.Archive) string {
	var wrong, right, want strings.Builder
	for _, f := range archive.Files {
		text := strings.TrimRight(string(f.Data), "\n")
		switch path, isPass := strings.CutPrefix(f.Name, "pass/"); {
		case f.Name == "want":
			fmt.Fprintf(&want, "\n```\n%s\n```\n", text)
		case isPass:
			fmt.Fprintf(&right, "\n`%s`:\n\n```yaml\n%s\n```\n", path, text)
		default:
			fmt.Fprintf(&wrong, "\n`%s`:\n\n```yaml\n%s\n```\n", strings.TrimPrefix(f.Name, "fail/"), text)
		}
	}
	return "Wrong:\n" + wrong.String() + want.String() + "\nRight:\n" + right.String()
}

// first are the fields that people write before others.
var first = []string{"apiVersion", "kind", "name", "metadata"}

// ordered writes an object as people do.
func ordered(t *testing.T, value any) string {
	t.Helper()
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(node(t, value)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func node(t *testing.T, value any) *yaml.Node {
	t.Helper()
	var n yaml.Node
	switch value := value.(type) {
	case map[string]any:
		n.Kind = yaml.MappingNode
		names := slices.SortedFunc(maps.Keys(value), func(a, b string) int {
			i, j := slices.Index(first, a), slices.Index(first, b)
			switch {
			case i >= 0 && j >= 0:
				return i - j
			case i >= 0 || j >= 0:
				return j - i
			}
			return strings.Compare(a, b)
		})
		for _, name := range names {
			n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, node(t, value[name]))
		}
	case []any:
		n.Kind = yaml.SequenceNode
		for _, item := range value {
			n.Content = append(n.Content, node(t, item))
		}
	default:
		if err := n.Encode(value); err != nil {
			t.Fatal(err)
		}
	}
	return &n
}
