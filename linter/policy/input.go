package policy

import (
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// inputs holds what policies see beside the object.
type inputs struct {
	tier       *ast.Term
	params     map[string]*ast.Term // by rule ID, of those that have any
	namespaces map[namespace]space
	// tokenless are the ServiceAccounts of a namespace that give no pod a token.
	tokenless map[namespace]space
}

// space is what policies see of a namespace, as a term and as a text.
type space struct {
	term *ast.Term
	text string
}

// namespace names a Namespace among all clusters.
type namespace struct{ cluster, name string }

func newInputs(in linter.Input) (inputs, error) {
	all := inputs{
		tier:       ast.StringTerm(string(in.Tier)),
		params:     make(map[string]*ast.Term),
		namespaces: make(map[namespace]space),
		tokenless:  make(map[namespace]space),
	}
	for id, params := range in.Params {
		if len(params) == 0 {
			continue
		}
		t, err := term(params)
		if err != nil {
			return inputs{}, fmt.Errorf("params of rule %q: %w", id, err)
		}
		all.params[id] = t
	}
	for _, r := range in.Resources {
		key := namespace{r.Origin.Cluster, r.ID.Name}
		if r.ID.Group != "" || r.ID.Kind != "Namespace" || all.namespaces[key].term != nil || r.Origin.Fetched && !in.Trusted {
			continue
		}
		t, err := term(marks(r.Object))
		if err != nil {
			return inputs{}, fmt.Errorf("%s: %w", r.ID, err)
		}
		all.namespaces[key] = space{t, t.String()}
	}
	for key, names := range tokenless(in) {
		t, err := term(names)
		if err != nil {
			return inputs{}, fmt.Errorf("ServiceAccounts of %q: %w", key.name, err)
		}
		all.tokenless[key] = space{t, t.String()}
	}
	return all, nil
}

// tokenless names the ServiceAccounts of each namespace that give no pod a token, sorted.
func tokenless(in linter.Input) map[namespace][]string {
	found := make(map[namespace][]string)
	for _, r := range in.Resources {
		key := namespace{r.Origin.Cluster, r.ID.Namespace}
		if r.ID.Group == "" && r.ID.Kind == "ServiceAccount" && r.Object["automountServiceAccountToken"] == false && (in.Trusted || !r.Origin.Fetched) {
			found[key] = append(found[key], r.ID.Name)
		}
	}
	for _, names := range found {
		slices.Sort(names)
	}
	return found
}

// marks are the labels and annotations of an object; each is there, if empty.
func marks(object map[string]any) map[string]any {
	found := map[string]any{"labels": map[string]any{}, "annotations": map[string]any{}}
	metadata, _ := object["metadata"].(map[string]any)
	for field := range found {
		if values, ok := metadata[field].(map[string]any); ok {
			found[field] = values
		}
	}
	return found
}

// of is the input of a policy about one object.
func (all inputs) of(r *manifest.Resource, object, params *ast.Term) ast.Value {
	return ast.NewObject(
		ast.Item(ast.StringTerm("object"), object),
		ast.Item(ast.StringTerm("namespace"), around(all.namespaces, r, ast.ObjectTerm()).term),
		ast.Item(ast.StringTerm("tokenless"), around(all.tokenless, r, ast.ArrayTerm()).term),
		ast.Item(ast.StringTerm("params"), params),
		ast.Item(ast.StringTerm("tier"), all.tier),
	)
}

// around is what stands in spaces of the namespace that an object stands in, or none.
func around(spaces map[namespace]space, r *manifest.Resource, none *ast.Term) space {
	if s, ok := spaces[namespace{r.Origin.Cluster, r.ID.Namespace}]; ok {
		return s
	}
	return space{term: none}
}

func term(value any) (*ast.Term, error) {
	v, err := ast.InterfaceToValue(value)
	if err != nil {
		return nil, err
	}
	return ast.NewTerm(v), nil
}
