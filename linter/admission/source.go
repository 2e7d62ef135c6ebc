package admission

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"

	"github.com/gitopsgen/gitopsgen/linter/policy"
)

// entry asks the policy that a constraint names, which stands among the libraries, as Gatekeeper asks.
const entry = `package gitopsgen

import data.lib.gatekeeper

violation contains {"msg": finding.msg, "details": {"at": gatekeeper.at(finding)}} if {
	gatekeeper.is_judged(input.review)
	policy := input.parameters.policy
	found := data.lib.policies.%s[policy].deny with input as gatekeeper.asked(input.review, input.parameters)
	some finding in found
	not gatekeeper.is_excused(input.review, finding, input.parameters.waivers)
}
`

// between is the library that stands between Gatekeeper and a policy.
const between = "lib.gatekeeper"

// source writes the Rego of a template: the module that Gatekeeper asks, and the others. The policies become libraries, for it knows no
// other modules.
func source(c *policy.Checker, k kind) (asked string, others []any) {
	for _, m := range reached(c, append([]string{between}, k.packages...)...) {
		if path := m.Package.Path; !path.HasPrefix(libraries) {
			m.Package = &ast.Package{Path: slices.Concat(libraries, path[1:]), Location: m.Package.Location}
		}
		others = append(others, written(m))
	}
	return indented(fmt.Sprintf(entry, strings.ReplaceAll(k.category, "-", "_"))), others
}

func written(m *ast.Module) string {
	text, err := format.Ast(m)
	if err != nil {
		panic(err) // unusable would have said so
	}
	return indented(string(text))
}

// indented is Rego with blanks for tabs, which YAML has no room for.
func indented(text string) string { return strings.ReplaceAll(text, "\t", "  ") }

// unusable says why a policy cannot be among the libraries; empty where it can.
func (p *Policies) unusable(name string) string {
	for _, m := range reached(p.checker, name) {
		if other := stranger(m); other != nil {
			return fmt.Sprintf("it refers to %s, and there are libraries alone", other)
		}
		if p.isWhole(m.Package.Loc().File) {
			continue
		}
		if _, err := format.Ast(m); err != nil {
			return fmt.Sprintf("it cannot be written: %v", err)
		}
	}
	return ""
}

// isWhole reports whether all of a file can be written, and so each part of it. Most policies refer to the same ones.
func (p *Policies) isWhole(file string) bool {
	whole, known := p.whole[file]
	if known {
		return whole
	}
	modules, _ := p.checker.Modules()
	for _, m := range modules {
		if m.Package.Loc().File == file {
			_, err := format.Ast(m)
			whole = err == nil
		}
	}
	p.whole[file] = whole
	return whole
}

// libraries are all that Gatekeeper lets Rego refer to.
var libraries = ast.MustParseRef("data.lib")

// stranger is a reference of a module to anything else; nil where there is none.
func stranger(m *ast.Module) (other ast.Ref) {
	ast.WalkRefs(m, func(ref ast.Ref) bool {
		if other == nil && ref.HasPrefix(ast.DefaultRootRef) && !ref.HasPrefix(libraries) && !ref.Equal(m.Package.Path) {
			other = ref
		}
		return other != nil
	})
	return other
}
