package linter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/source"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Only chooses which findings are told; all are judged and count. The zero Only tells all.
type Only struct {
	// Rules are IDs, or category/* for the rules of a category. Paths are files or folders of the tree, or patterns that name
	// such, ** for any number of folders.
	Rules, Paths []string
}

// Check finds what chooses nothing at all, be it of some files.
func (o Only) Check(rules []Rule, files []tree.File) error {
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.ID)
	}
	for _, pattern := range o.Rules {
		if !slices.ContainsFunc(ids, func(id string) bool { return choosesRule(pattern, id) }) {
			return fmt.Errorf("--rule %q: there is no such rule%s", pattern, wording.DidYouMean(pattern, ids))
		}
	}
	for _, pattern := range o.Paths {
		if !slices.ContainsFunc(files, func(f tree.File) bool { return choosesPath(pattern, f.Path) }) {
			return fmt.Errorf("--path %q: there is no such file or folder in what is judged", pattern)
		}
	}
	return nil
}

func (o Only) rule(id string) bool {
	return len(o.Rules) == 0 || slices.ContainsFunc(o.Rules, func(pattern string) bool { return choosesRule(pattern, id) })
}

func (o Only) path(p string) bool {
	return len(o.Paths) == 0 || slices.ContainsFunc(o.Paths, func(pattern string) bool { return choosesPath(pattern, p) })
}

func choosesRule(pattern, id string) bool {
	category, all := strings.CutSuffix(pattern, "/*")
	return pattern == id || all && strings.HasPrefix(id, category+"/")
}

func choosesPath(pattern, p string) bool {
	return tree.Within(p, pattern) || source.Matches(pattern+"/**", p)
}

// choose leaves out the findings that are not chosen, and counts them.
func (o Only) choose(findings []Finding) (chosen []Finding, others Counts) {
	for _, f := range findings {
		if o.rule(f.Rule) && o.path(f.Place.File) {
			chosen = append(chosen, f)
		} else {
			others.Add(f.Severity)
		}
	}
	return chosen, others
}

// isAll reports whether everything is told.
func (o Only) isAll() bool { return len(o.Rules)+len(o.Paths) == 0 }

// idle are the rules that are chosen and judge nothing: that nothing is told of them says nothing.
func (o Only) idle(r Report) (all []NotJudged) {
	for _, rule := range r.Rules {
		if _, weighs := r.Weigh(rule); weighs == Off && len(o.Rules) > 0 && o.rule(rule.ID) {
			all = append(all, NotJudged{Rule: rule.ID, Reason: "it is off"})
		}
	}
	return all
}

// Counts are numbers of findings by severity.
type Counts struct {
	Errors, Warnings, Infos int
}

// Add counts one more.
func (c *Counts) Add(s Severity) {
	switch s {
	case Error:
		c.Errors++
	case Warning:
		c.Warnings++
	case Info:
		c.Infos++
	}
}

// All counts them together.
func (c Counts) All() int { return c.Errors + c.Warnings + c.Infos }

// worst is the highest severity that there is one of; Off where there is none.
func (c Counts) worst() Severity {
	switch {
	case c.Errors > 0:
		return Error
	case c.Warnings > 0:
		return Warning
	case c.Infos > 0:
		return Info
	}
	return Off
}
