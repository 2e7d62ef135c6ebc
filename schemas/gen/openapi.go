package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/schemas"
)

// openAPI is a swagger file of a server's own kinds. What it requires is not judged: it says so of every field that has no mark to the
// contrary in Go, and the server does not.
type openAPI struct {
	File string `json:"file"`
	// Packages are those whose kinds are read, below the module.
	Packages []string `json:"packages"`
}

// read reads the kinds out of the folder of a module. What they have of Kubernetes is as Kubernetes describes it.
func (o openAPI) read(dir, module string, c core) ([]schemas.Entry, error) {
	data, err := os.ReadFile(filepath.Join(dir, o.File))
	if err != nil {
		return nil, err
	}
	var s swagger
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, err
	}
	definitions := maps.Clone(c.resolver.definitions)
	for name, definition := range s.Definitions {
		if _, ok := definitions[name]; !ok {
			definitions[name] = bare(definition)
		}
	}
	r := newResolver(definitions, c.resolver.enums)
	var entries []schemas.Entry
	for _, pkg := range o.Packages {
		group, err := groupOf(filepath.Join(dir, pkg, "register.go"))
		if err != nil {
			return nil, err
		}
		scopes, err := scopesOf(filepath.Join(dir, pkg, "types.go"))
		if err != nil {
			return nil, err
		}
		for _, kind := range slices.Sorted(maps.Keys(scopes)) {
			node := schemas.Normalise(r.definition(definitionName(module+"/"+pkg, kind)))
			if r.err != nil {
				return nil, fmt.Errorf("%s: %w", o.File, r.err)
			}
			properties, _ := node["properties"].(schemas.Node)
			properties["metadata"] = c.metadata
			id := schemas.Kind{Group: group, Version: filepath.Base(pkg), Kind: kind, Scope: scopes[kind]}
			entries = append(entries, schemas.Entry{Kind: id, Node: node})
		}
	}
	return entries, nil
}

// bare copies a schema without what it requires, and what stands for what is missing. By keys for patches items are told apart,
// which may repeat them.
func bare(s map[string]any) map[string]any {
	out := maps.Clone(s)
	delete(out, "required")
	delete(out, "default")
	if key, ok := s["x-kubernetes-patch-merge-key"]; ok && s["x-kubernetes-list-type"] == nil {
		out["x-kubernetes-list-type"], out["x-kubernetes-list-map-keys"], out["repeats"] = "map", []any{key}, true
	}
	for _, keyword := range []string{"items", "additionalProperties"} {
		if child, ok := s[keyword].(map[string]any); ok {
			out[keyword] = bare(child)
		}
	}
	if properties, ok := s["properties"].(map[string]any); ok {
		all := make(map[string]any, len(properties))
		for name, p := range properties {
			if p, ok := p.(map[string]any); ok {
				all[name] = bare(p)
			}
		}
		out["properties"] = all
	}
	return out
}

// scopesOf reads which kinds a file of Go types has, and where they live, as the marks for the generator of clients say.
func scopesOf(file string) (map[string]schemas.Scope, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	scopes := map[string]schemas.Scope{}
	for _, d := range parsed.Decls {
		types, ok := d.(*ast.GenDecl)
		if !ok || types.Tok != token.TYPE {
			continue
		}
		name := types.Specs[0].(*ast.TypeSpec).Name.Name
		marks := commentsAbove(parsed, types)
		switch {
		case !strings.Contains(marks, "+genclient"):
		case strings.Contains(marks, "+genclient:nonNamespaced"):
			scopes[name] = schemas.Cluster
		default:
			scopes[name] = schemas.Namespaced
		}
	}
	return scopes, nil
}

// commentsAbove gives the comments between a declaration and the one before.
func commentsAbove(file *ast.File, d ast.Decl) string {
	i := slices.Index(file.Decls, d)
	var text strings.Builder
	for _, group := range file.Comments {
		if group.End() <= d.End() && (i == 0 || group.Pos() >= file.Decls[i-1].End()) {
			for _, c := range group.List {
				fmt.Fprintln(&text, c.Text)
			}
		}
	}
	return text.String()
}
