package policy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// piece is a field that holds a container, or one field of a container that has no place of its own.
type piece struct {
	// path leads to it; "*" is any step.
	path []string
	// name is the container's; where it is empty, the container has one itself, or that of its item.
	name string
}

// table is where pods stand, by group/Kind: the kinds that run pods, sorted, and where they have containers in pieces.
type table struct {
	kinds  []kind
	pieces map[string][]piece
}

// readTable asks our libraries where pods stand.
func readTable(ctx context.Context, compiler *ast.Compiler) (table, error) {
	t := table{pieces: map[string][]piece{}}
	for _, ref := range []string{"data.lib.pods.rows", "data.lib.own_pods.rows"} {
		q := query{ref: ast.MustParseRef(ref)}
		if err := prepare(ctx, compiler, &q); err != nil {
			return t, err
		}
		results, err := q.prepared.Eval(ctx, rego.EvalSortSets(true))
		if err != nil {
			return t, fmt.Errorf("where pods stand: %w", err)
		}
		for _, result := range results {
			if err := t.add(result.Expressions[0].Value); err != nil {
				return t, fmt.Errorf("where pods stand: %s: %w", ref, err)
			}
		}
	}
	if len(t.pieces) == 0 {
		return t, errors.New("the kinds that run pods: lib.workloads is not among the policies")
	}
	for _, name := range slices.Sorted(maps.Keys(t.pieces)) {
		k, ok := parseKind(name)
		if !ok {
			return t, fmt.Errorf("kind %q that runs pods: want group/Kind", name)
		}
		t.kinds = append(t.kinds, k)
	}
	return t, nil
}

func (t table) add(rows any) error {
	data, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	var byKind map[string][]struct {
		At, Name   string
		Container  map[string]string
		Containers []string
	}
	if err := json.Unmarshal(data, &byKind); err != nil {
		return err
	}
	for kind, rows := range byKind {
		all := t.pieces[kind]
		for _, row := range rows {
			for _, field := range row.Container {
				all = append(all, piece{below(row.At, field), row.Name})
			}
			for _, field := range row.Containers {
				all = append(all, piece{path: below(row.At, field)})
			}
		}
		t.pieces[kind] = all // none, too: it runs pods
	}
	return nil
}

// below are the steps of a path and of one below it.
func below(paths ...string) (steps []string) {
	for _, path := range paths {
		if path != "" {
			steps = append(steps, strings.Split(path, ".")...)
		}
	}
	return steps
}

// holder names the container of which a path of an object leads to a piece; empty where there is none, or several are meant.
func holder(all []piece, object any, at manifest.Path) string {
	var found string
	for _, p := range all {
		name, ok := p.holds(object, at)
		if ok && found != "" && name != found {
			return ""
		}
		if ok {
			found = name
		}
	}
	return found
}

// holds says whether a path leads to a piece or into it, and of which container that is.
func (p piece) holds(object any, at manifest.Path) (name string, ok bool) {
	if len(p.path) > len(at) {
		return "", false
	}
	item := len(p.path) - 1
	for i, step := range p.path {
		text, isText := at[i].(string)
		switch {
		case step == "*" && isText:
			name = text
		case step != "*" && text != step:
			return "", false
		}
		if step == "*" {
			item = i
		}
	}
	if p.name != "" {
		return p.name, true
	}
	for end := item + 1; end <= min(len(at), len(p.path)+1); end++ {
		fields, _ := manifest.Dig(object, at[:end]...).(map[string]any)
		if own, _ := fields["name"].(string); own != "" {
			name = own
		}
	}
	return name, true
}
