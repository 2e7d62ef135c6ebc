package linter

import (
	"context"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Finding is one fault of the repository.
type Finding struct {
	// Rule is the ID of the rule that was broken.
	Rule string
	// Severity is that of the rule, set by Run. Where a Checker sets one, the finding weighs no more than that.
	Severity Severity
	// Message names the offending value. Lower case, one line, no period.
	Message string
	// Place is the nearest cause that a person can edit.
	Place manifest.Place
	// Resource is the object at fault; nil where no object is.
	Resource *manifest.Resource
	// At is the path of the field at fault in the object; may be empty.
	At []any
	// Value is the path of the chart's value that sets the field, where the object is a chart's and that is known.
	Value string
	// Detail says which part of the object it is, where Place alone does not show it; may be empty.
	Detail string
	// Fix says what to do; may be empty.
	Fix string
}

// Input is what there is to judge. Checkers must not change any of it.
type Input struct {
	// Tree is the repository, Resources what it renders to, in a stable order.
	Tree      tree.Tree
	Resources []manifest.Resource
	// Problems are what reading and rendering found, by the rule that judges it.
	Problems []Finding
	// Cause gives the chart's value that sets a field of a chart's object, empty where none is known, and the nearest place
	// that a person can edit; nil knows none.
	Cause func(ctx context.Context, r *manifest.Resource, at []any) (value string, place manifest.Place)
	// Partial says that something could not be rendered, so that what is not in Resources proves nothing.
	Partial bool
	// Tier is never empty.
	Tier blueprint.Tier
	// KubernetesVersion is major.minor; a cluster with another version has an entry in ClusterVersions.
	KubernetesVersion string
	ClusterVersions   map[string]string
	// Trusted says that the policies of the repository's own come from somebody who may see what was fetched by URL.
	Trusted bool
	// Params are the settings by rule and name, defaults filled in by Run.
	Params map[string]map[string]any
	// Judged are the IDs of the rules that are not off and whose required parameters are set; filled in by Run.
	Judged map[string]bool
}

// Checker judges some rules. It is safe for one goroutine at a time.
type Checker interface {
	// Rules lists the rules it judges, sorted by ID.
	Rules() []Rule
	// Check judges the rules in in.Judged. Findings come in any order. An error means that it could not work.
	Check(ctx context.Context, in Input) ([]Finding, error)
}
