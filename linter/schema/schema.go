// Package schema judges objects by the schemas of their kinds.
//
// It knows which schema an object has, by its cluster and by what that gets, and nothing of where schemas come from: they are
// handed in. How an object is judged by one knows verdict.
package schema

import (
	"context"
	"iter"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/schema/verdict"
)

// Source gives the schemas, which are JSON schemas, draft 4, that name every field there is. Versions of Kubernetes are
// major.minor.
type Source interface {
	// Digest names what the source knows: as long as it is the same, so are the answers.
	Digest() string
	// Schema gives the schema of a kind in a version of Kubernetes.
	Schema(apiVersion, kind, kubernetes string) (data []byte, found bool, err error)
	// Custom gives the schema of one version of the kind that a CustomResourceDefinition, or a ConstraintTemplate, defines.
	Custom(definition map[string]any, version string) (data []byte, found bool, err error)
	// Nearest is the version of Kubernetes by which objects for another one are judged, the newest for an empty one.
	Nearest(kubernetes string) (string, error)
	// Own reports whether the kinds of a group are Kubernetes' own, which no CustomResourceDefinition changes.
	Own(group string) bool
	// Served lists the kinds that there are in a version of Kubernetes, by apiVersion and kind.
	Served(kubernetes string) (iter.Seq2[string, string], error)
	// Lifecycle says in which versions of Kubernetes a kind of its own gets deprecated and removed, and the apiVersion and kind to
	// write instead; what nobody said is empty.
	Lifecycle(apiVersion, kind string) (deprecated, removed string, instead [2]string)
}

const (
	invalid     = "schema/invalid"
	unknownKind = "schema/unknown-kind"
)

// Checker judges the rules of this package.
type Checker struct {
	source   Source
	cacheDir string
	limits   watchdog.Limits
}

var _ linter.Checker = (*Checker)(nil)

// New gives a checker that keeps files below cacheDir, where several processes may do so at once. Where cacheDir is
// empty or cannot be written, they are in a temporary folder while Check runs.
func New(source Source, cacheDir string) *Checker {
	return &Checker{source: source, cacheDir: cacheDir, limits: defaultLimits}
}

// Rules lists the rules it judges, sorted by ID.
func (c *Checker) Rules() []linter.Rule {
	return []linter.Rule{
		{
			ID:          invalid,
			Title:       "Object does not match its schema",
			Description: "Write the field as the reference of the kind has it: its name, its type and its values.",
			Rationale:   "The API server refuses the object, or drops the field without a word.",
			Severity:    linter.Severities{Small: linter.Error, Medium: linter.Error, Enterprise: linter.Error},
		},
		{
			ID:          unknownKind,
			Title:       "Kind has no schema",
			Description: "Render what defines it, a CustomResourceDefinition or a ConstraintTemplate, for the same cluster, or mend apiVersion and kind.",
			Rationale:   "A mistake in such an object shows in the cluster, not before.",
			Severity:    linter.Severities{Small: linter.Info, Medium: linter.Warning, Enterprise: linter.Warning},
		},
		deprecatedAPIRule,
	}
}

// Check judges the objects of v. Findings are sorted by object and field; those of versions come first, those of unknown kinds
// last.
func (c *Checker) Check(ctx context.Context, v *linter.View) (linter.Judgement, error) {
	var all linter.Judgement
	var removed map[int]bool
	var err error
	if v.Judged[deprecatedAPI] {
		if all.Findings, removed, err = c.outdated(v.Input); err != nil {
			return all, err
		}
		all.Findings = v.Own(all.Findings)
	}
	if !v.Judged[invalid] && !v.Judged[unknownKind] {
		return all, nil
	}
	subjects, strangers, err := assign(ctx, c, v.Input, removed)
	if err != nil {
		return all, err
	}
	if v.Judged[invalid] {
		faults, err := c.judge(ctx, v, subjects)
		if err != nil {
			return all, err
		}
		all.Findings = append(all.Findings, faults...)
	}
	if v.Judged[unknownKind] {
		var unknown []linter.Finding
		for _, s := range strangers {
			unknown = append(unknown, s.finding(v.Input))
		}
		all.Findings = append(all.Findings, v.Own(unknown)...)
	}
	return all, nil
}

func (c *Checker) judge(ctx context.Context, v *linter.View, subjects map[*manifest.Resource]*subject) (findings []linter.Finding, err error) {
	f, err := verdict.Open(c.cacheDir, c.source.Digest())
	if err != nil {
		return nil, err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	s := session{folder: f, resources: v.Resources, subjects: subjects, limits: c.limits}
	if findings, err = v.Each(ctx, linter.Judge{Key: s.key, By: c.source.Digest(), Object: s.judge, Passing: s.isPassing}); err != nil {
		return nil, err
	}
	return withoutDoubles(s.once(findings)), nil
}
