package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/gitopsgen/gitopsgen/linter"
)

// Written is a policy as it is written, for who has it asked elsewhere.
type Written struct {
	Rule linter.Rule
	// Kinds are those that it judges by their names, Pods those that it judges because they run pods; none of both are all.
	Kinds, Pods []Kind
	// Package is that of our layout; empty where the policy is files of package main, as conftest has them.
	Package string
	// Own says that it is the repository's own.
	Own bool
}

// Kind names a kind of a group, which is empty for the core group and * for any.
type Kind struct{ Group, Name string }

// Written lists the policies, sorted by ID. Compile comes first.
func (c *Checker) Written() []Written {
	all := make([]Written, len(c.policies))
	for i, p := range c.policies {
		all[i].Rule, all[i].Package, all[i].Own = p.rule, p.pkg, p.own
		all[i].Kinds, all[i].Pods = named(p.kinds.listed), named(p.kinds.running)
	}
	return all
}

func named(kinds []kind) (all []Kind) {
	for _, k := range kinds {
		if k.any {
			k.group = "*"
		}
		all = append(all, Kind{k.group, k.name})
	}
	return all
}

// Modules gives what Compile compiled, as it is written and by the compiler. Nobody may change it.
func (c *Checker) Modules() ([]*ast.Module, *ast.Compiler) {
	all := make([]*ast.Module, len(c.modules))
	for i, m := range c.modules {
		all[i] = m.Module
	}
	return all, c.compiler
}
