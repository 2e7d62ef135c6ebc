package policy

import (
	"path"
	"regexp"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/gitopsgen/gitopsgen/linter"
)

// judging are the names by which conftest asks: deny, deny_root, warn, violation.
var judging = regexp.MustCompile(`^(deny|violation|warn)(_[a-zA-Z0-9]+)*$`)

func isJudging(rule *ast.Rule) bool {
	return judging.MatchString(ruleName(rule)) && len(rule.Head.Args) == 0
}

// conftest is the policy of a file of package main. All such files are one package, which may share what it likes; to
// know which file a finding comes from, each judging rule gets a copy under a name of its file's own, and that is asked.
func conftest(m module, file string) (policy, error) {
	p := policy{rule: conftestRule(m, "main/"+file), bare: true}
	asked := make(map[string]bool)
	for _, rule := range m.Rules {
		name := ruleName(rule)
		if name == "exception" {
			return policy{}, errorAt(rule.Loc(), "exception is not asked here: want a waiver in waivers.yaml")
		}
		if !isJudging(rule) {
			continue
		}
		if err := checkSet(rule); err != nil {
			return policy{}, err
		}
		own := name + "@" + file
		m.Module.Rules = append(m.Module.Rules, renamed(rule, own))
		if asked[name] {
			continue
		}
		asked[name] = true
		severity := severityOf(name)
		p.rule.Severity = linter.Severities{
			Small:      max(p.rule.Severity.Small, severity),
			Medium:     max(p.rule.Severity.Medium, severity),
			Enterprise: max(p.rule.Severity.Enterprise, severity),
		}
		p.queries = append(p.queries, query{
			name:     name,
			location: rule.Loc(),
			ref:      m.Package.Path.Append(ast.StringTerm(own)),
			severity: severity,
		})
	}
	return p, nil
}

// conftestNames are names for the files of package main, by path: what the file is called, with its folders where others are called so.
func conftestNames(modules []module) map[string]string {
	names, count := map[string]string{}, map[string]int{}
	for _, m := range modules {
		if PackageName(m.Module) == "main" {
			names[m.path] = strings.TrimSuffix(path.Base(m.path), ".rego")
			count[names[m.path]]++
		}
	}
	for at, name := range names {
		if count[name] > 1 {
			names[at] = strings.ReplaceAll(strings.TrimSuffix(at, ".rego"), "/", "-")
		}
	}
	return names
}

// conftestRule is what people read about a file of package main: its METADATA, where it has some.
func conftestRule(m module, id string) linter.Rule {
	rule := linter.Rule{
		ID:        id,
		Title:     "Object breaks the repository's own rule",
		Rationale: "The rule is the repository's own: it stands in " + m.file() + ".",
	}
	for _, a := range m.Annotations {
		if a.Scope != "package" {
			continue
		}
		if a.Title != "" {
			rule.Title = a.Title
		}
		rule.Description = a.Description
	}
	return rule
}

func severityOf(name string) linter.Severity {
	if strings.HasPrefix(name, "warn") {
		return linter.Warning
	}
	return linter.Error
}

func renamed(rule *ast.Rule, name string) *ast.Rule {
	c := rule.Copy()
	c.Head.Name = ast.Var(name)
	c.Head.SetRef(ast.Ref{ast.VarTerm(name)})
	return c
}
