// Package schema judges objects by the schemas of their kinds.
//
// It knows how kubeconform is asked and what its answers mean in a file, and nothing of where schemas come from:
// they are handed in.
package schema

import (
	"context"

	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter"
)

// Source gives the schemas, which are JSON schemas, draft 4, that name every field there is. All its fields are needed.
type Source struct {
	// Digest names what the functions know: as long as it is the same, so are their answers.
	Digest string
	// Schema gives the schema of a kind in a version of Kubernetes, major.minor.
	Schema func(apiVersion, kind, kubernetes string) (data []byte, found bool, err error)
	// Custom gives the schema of one version of the kind that a CustomResourceDefinition defines.
	Custom func(crd map[string]any, version string) (data []byte, found bool, err error)
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
			Description: "Render its CustomResourceDefinition for the same cluster, or mend apiVersion and kind.",
			Rationale:   "A mistake in such an object shows in the cluster, not before.",
			Severity:    linter.Severities{Small: linter.Info, Medium: linter.Warning, Enterprise: linter.Warning},
		},
	}
}

// Check judges the objects of in. Findings are sorted by object and field, those of unknown kinds come last.
func (c *Checker) Check(ctx context.Context, in linter.Input) ([]linter.Finding, error) {
	if !in.Judged[invalid] && !in.Judged[unknownKind] {
		return nil, nil
	}
	subjects, strangers, err := assign(ctx, c, in)
	if err != nil {
		return nil, err
	}
	var findings []linter.Finding
	if in.Judged[invalid] {
		if findings, err = c.judge(ctx, in, subjects); err != nil {
			return nil, err
		}
	}
	if in.Judged[unknownKind] {
		for _, s := range strangers {
			findings = append(findings, s.finding(in))
		}
	}
	return findings, nil
}

func (c *Checker) judge(ctx context.Context, in linter.Input, subjects []*subject) (findings []linter.Finding, err error) {
	f, err := openFolder(c.cacheDir, c.source.Digest)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closeErr := f.close(); err == nil {
			err = closeErr
		}
	}()
	return session{folder: f, resources: in.Resources, limits: c.limits}.judgeAll(ctx, subjects)
}
