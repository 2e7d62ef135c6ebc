package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// kinds are those that a policy judges; the zero value are all.
type kinds struct {
	listed []kind
	// pods says that the kinds that run pods are to be listed, too: lib.workloads knows them.
	pods bool
}

// kind names a kind, of all groups where any says so.
type kind struct {
	group, name string
	any         bool
}

// withPods stands in METADATA for all kinds that run pods.
const withPods = "pods"

// parseKind reads Kind, which any group may have, or group/Kind.
func parseKind(text string) (k kind, ok bool) {
	group, name, given := strings.Cut(text, "/")
	if !given {
		return kind{name: text, any: true}, text != ""
	}
	if group == "core" {
		group = ""
	}
	return kind{group: group, name: name}, name != "" && !strings.Contains(name, "/") && (group != "" || strings.HasPrefix(text, "core/"))
}

func (k kinds) has(id manifest.ID) bool {
	return len(k.listed) == 0 && !k.pods || slices.ContainsFunc(k.listed, func(k kind) bool {
		return k.name == id.Kind && (k.any || k.group == id.Group)
	})
}

// podKinds asks lib.workloads which kinds run pods.
func podKinds(ctx context.Context, compiler *ast.Compiler) ([]kind, error) {
	q := query{ref: ast.MustParseRef("data.lib.workloads.kinds")}
	if err := prepare(ctx, compiler, &q); err != nil {
		return nil, err
	}
	results, err := q.prepared.Eval(ctx, rego.EvalSortSets(true))
	if err != nil {
		return nil, fmt.Errorf("the kinds that run pods: %w", err)
	}
	if len(results) == 0 {
		return nil, errors.New("the kinds that run pods: lib.workloads is not among the policies")
	}
	var all []kind
	names, _ := results[0].Expressions[0].Value.([]any)
	for _, name := range names {
		text, _ := name.(string)
		k, ok := parseKind(text)
		if !ok {
			return nil, fmt.Errorf("kind %q that runs pods: want group/Kind", text)
		}
		all = append(all, k)
	}
	return all, nil
}
