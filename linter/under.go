package linter

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// strongest leaves out the findings about a part of an object of which a rule that says more found something, too: one root cause, one
// finding. What says more and weighs less takes no place: who softens one rule softens no other.
func strongest(findings []Finding, rules []Rule) []Finding {
	under := map[string][]string{}
	for _, rule := range rules {
		if len(rule.Under) > 0 {
			under[rule.ID] = rule.Under
		}
	}
	type object struct {
		rule     string
		resource *manifest.Resource
	}
	all := map[object][]Finding{}
	for _, f := range findings {
		if f.Resource != nil {
			o := object{f.Rule, f.Resource}
			all[o] = append(all[o], f)
		}
	}
	return slices.DeleteFunc(findings, func(f Finding) bool {
		return f.Resource != nil && slices.ContainsFunc(under[f.Rule], func(stronger string) bool {
			return slices.ContainsFunc(all[object{stronger, f.Resource}], func(s Finding) bool {
				return s.Severity >= f.Severity && within(part(s.At), part(f.At))
			})
		})
	})
}

// part is the innermost item of a list that a path runs through: a container, a volume, a port; without any, the whole object.
func part(at manifest.Path) manifest.Path {
	for i := len(at) - 1; i >= 0; i-- {
		if _, isItem := at[i].(int); isItem {
			return at[:i+1]
		}
	}
	return nil
}

// within says whether one of two paths leads through the other.
func within(a, b manifest.Path) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}
