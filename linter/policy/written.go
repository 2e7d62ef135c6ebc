package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/gitopsgen/gitopsgen/linter"
)

// Written is a policy as it is written, for who has it asked elsewhere.
type Written struct {
	Rule linter.Rule
	// Kinds are those that it judges, each that runs pods among them; none are all.
	Kinds []Kind
	// Package is that of our layout; empty where the policy is files of package main, as conftest has them.
	Package string
	// Own says that it is the repository's own.
	Own bool
}

// Kind names a kind of a group, which is empty for the core group and * for any.
type Kind struct{ Group, Name string }

// Written lists the policies, sorted by ID.
func (c *Checker) Written() []Written {
	all := make([]Written, len(c.policies))
	for i, p := range c.policies {
		all[i].Rule, all[i].Package, all[i].Own = p.rule, p.pkg, p.own
		for _, k := range p.kinds.listed {
			if k.any {
				k.group = "*"
			}
			all[i].Kinds = append(all[i].Kinds, Kind{k.group, k.name})
		}
	}
	return all
}

// Modules gives what was compiled, as it is written and by the compiler. Nobody may change it.
func (c *Checker) Modules() ([]*ast.Module, *ast.Compiler) {
	all := make([]*ast.Module, len(c.modules))
	for i, m := range c.modules {
		all[i] = m.Module
	}
	return all, c.compiler
}
