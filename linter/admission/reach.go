package admission

import (
	"cmp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/gitopsgen/gitopsgen/linter/policy"
)

// reached gives the modules that some packages consist of and refer to, sorted by package: with the rules alone that these packages
// need, and without comments. What stands in them is the checker's, and nobody may change it.
func reached(c *policy.Checker, packages ...string) []*ast.Module {
	modules, compiler := c.Modules()
	needed := places{}
	for _, m := range compiler.Modules {
		if slices.Contains(packages, policy.PackageName(m)) {
			for _, rule := range m.Rules {
				needed.add(rule, compiler)
			}
		}
	}
	var found []*ast.Module
	for _, m := range modules {
		if !slices.ContainsFunc(m.Rules, needed.has) {
			continue
		}
		part := *m
		part.Comments, part.Annotations = nil, nil
		part.Rules = slices.DeleteFunc(slices.Clone(m.Rules), func(r *ast.Rule) bool { return !needed.has(r) })
		found = append(found, &part)
	}
	slices.SortFunc(found, func(a, b *ast.Module) int {
		return cmp.Or(strings.Compare(policy.PackageName(a), policy.PackageName(b)), strings.Compare(a.Package.Loc().File, b.Package.Loc().File))
	})
	return found
}

// place is where a rule begins. The compiler changes rules, and leaves them where they are.
type place struct {
	file   string
	offset int
}

func placeOf(r *ast.Rule) place { return place{r.Loc().File, r.Loc().Offset} }

type places map[place]bool

func (p places) has(r *ast.Rule) bool { return p[placeOf(r)] }

// add adds a rule, and those that it refers to.
func (p places) add(rule *ast.Rule, compiler *ast.Compiler) {
	if at := placeOf(rule); !p[at] {
		p[at] = true
		for other := range compiler.Graph.Dependencies(rule) {
			p.add(other.(*ast.Rule), compiler)
		}
	}
}
