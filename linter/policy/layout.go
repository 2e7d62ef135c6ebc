package policy

import (
	"path"
	"regexp"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// deny is what a policy of our layout is asked; conftest.go knows what files of package main are asked.
const deny = "deny"

var snakeCase = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// arrange finds the policies among the modules, and refuses modules that stand where they would not be judged.
func arrange(modules []module) ([]policy, error) {
	var policies []policy
	sources := make(map[string]module) // by package
	files := make(map[string]string)   // by rule ID
	names := conftestNames(modules)
	for _, m := range modules {
		name := PackageName(m.Module)
		if first, ok := sources[name]; ok && first.source.Name != m.source.Name && name != "main" {
			return nil, errorAt(m.Package.Loc(), "package %s stands in %s already", name, first.file())
		}
		sources[name] = m
		p, err := place(m, names)
		if err != nil {
			return nil, err
		}
		if len(p.queries) == 0 {
			continue
		}
		if first, ok := files[p.rule.ID]; ok {
			return nil, errorAt(m.Package.Loc(), "rule %q stands in %s already", p.rule.ID, first)
		}
		files[p.rule.ID] = m.file()
		p.own = m.source.Name != ""
		policies = append(policies, p)
	}
	return policies, nil
}

// PackageName is the package of a module as the file writes it: policies.pods.privileged.
func PackageName(m *ast.Module) string { return strings.TrimPrefix(m.Package.Path.String(), "data.") }

// place says what a module is by its package: a policy, or a library, which has no queries. names are those of files of package main.
func place(m module, names map[string]string) (policy, error) {
	name := PackageName(m.Module)
	parts := strings.Split(name, ".")
	switch {
	case name == "main":
		return conftest(m, names[m.path])
	case parts[0] == "policies":
		if len(parts) != 3 || !snakeCase.MatchString(parts[1]) || !snakeCase.MatchString(parts[2]) {
			return policy{}, errorAt(m.Package.Loc(), "package %s: want policies.<category>.<name> in snake_case", name)
		}
		if want := path.Join(parts[1], parts[2], parts[2]+".rego"); m.path != want {
			return policy{}, errorAt(m.Package.Loc(), "package %s: want it in %s", name, path.Join(m.source.Name, want))
		}
		return layered(m, parts[1], parts[2])
	case parts[0] == "lib":
		if len(parts) != 2 || path.Dir(m.path) != path.Join(parts...) {
			return policy{}, errorAt(m.Package.Loc(), "package %s: want lib.<name> in %s", name, path.Join(m.source.Name, "lib", "<name>"))
		}
	}
	for _, rule := range m.Rules {
		if isJudging(rule) {
			return policy{}, errorAt(rule.Loc(), "%s is never asked in package %s: want package main or policies.<category>.<name>",
				ruleName(rule), name)
		}
	}
	return policy{}, nil
}

// layered is the policy of a module in our own layout.
func layered(m module, category, name string) (policy, error) {
	p, err := readMetadata(m)
	if err != nil {
		return policy{}, err
	}
	p.rule.ID, p.pkg = kebab(category)+"/"+kebab(name), PackageName(m.Module)
	for _, rule := range m.Rules {
		if ruleName(rule) != deny {
			continue
		}
		if err := checkSet(rule); err != nil {
			return policy{}, err
		}
		if len(p.queries) == 0 {
			p.queries = []query{{name: deny, location: rule.Loc(), ref: m.Package.Path.Append(ast.StringTerm(deny))}}
		}
	}
	if len(p.queries) == 0 {
		return policy{}, errorAt(m.Package.Loc(), "package %s has no rule deny", PackageName(m.Module))
	}
	return p, nil
}

func kebab(name string) string { return strings.ReplaceAll(name, "_", "-") }

func ruleName(rule *ast.Rule) string {
	name, _ := rule.Head.Ref()[0].Value.(ast.Var)
	return string(name)
}

// checkSet refuses a rule that yields no set: OPA accepts deny[msg] if …, which says something else since Rego v1.
func checkSet(rule *ast.Rule) error {
	if rule.Head.DocKind() == ast.PartialSetDoc && len(rule.Head.Ref()) == 1 {
		return nil
	}
	return errorAt(rule.Loc(), "%s yields no set: want %s contains … if", ruleName(rule), ruleName(rule))
}
