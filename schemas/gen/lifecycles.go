package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/schemas"
)

// lifecycles are those of kinds.
type lifecycles map[schemas.Kind]schemas.Lifecycle

// addLifecycles reads since when Kubernetes' own kinds are deprecated out of the Go code of some packages, by which the API server warns.
// It parses the code and does not compile it.
func addLifecycles(dir, packages string, r *schemas.Recipe) error {
	files, err := filepath.Glob(filepath.Join(dir, packages, "zz_generated.prerelease-lifecycle.go"))
	if err == nil && len(files) == 0 {
		err = errors.New("no file tells of lifecycles")
	}
	if err != nil {
		return err
	}
	if r.Lifecycles == nil {
		r.Lifecycles = lifecycles{}
	}
	for _, file := range files {
		found, err := readLifecycles(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		maps.Copy(r.Lifecycles, found)
	}
	return nil
}

// readLifecycles reads those of one version of a group, whose types' methods return numbers and names as they stand there. Kinds
// that are not deprecated are left out, and lists.
func readLifecycles(file string) (lifecycles, error) {
	dir := filepath.Dir(file)
	group, err := groupOf(filepath.Join(dir, "register.go"))
	if err != nil {
		return nil, err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	found := lifecycles{}
	for _, d := range parsed.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil {
			continue
		}
		kind := schemas.Kind{Group: group, Version: filepath.Base(dir), Kind: receiver(f)}
		l := found[kind]
		switch values := returned(f); f.Name.Name {
		case "APILifecycleDeprecated":
			l.Deprecated, err = version(values)
		case "APILifecycleRemoved":
			l.Removed, err = version(values)
		case "APILifecycleReplacement":
			if len(values) == 1 {
				set := fields(values[0])
				// That of IngressClass has the name of its list.
				name := strings.TrimSuffix(text(set["Kind"]), "List")
				l.Replacement = schemas.Kind{Group: text(set["Group"]), Version: text(set["Version"]), Kind: name}
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%s of %s: %w", f.Name.Name, kind.Kind, err)
		}
		found[kind] = l
	}
	maps.DeleteFunc(found, func(k schemas.Kind, l schemas.Lifecycle) bool {
		return l == schemas.Lifecycle{} || strings.HasSuffix(k.Kind, "List")
	})
	return found, nil
}

// groupOf reads the constant GroupName.
func groupOf(file string) (string, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	for _, d := range parsed.Decls {
		constants, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range constants.Specs {
			if v, ok := s.(*ast.ValueSpec); ok && len(v.Values) == 1 && v.Names[0].Name == "GroupName" {
				return text(v.Values[0]), nil
			}
		}
	}
	return "", fmt.Errorf("%s: it has no GroupName", file)
}

// receiver gives the type that a method is one of.
func receiver(f *ast.FuncDecl) string {
	if pointer, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok {
		if name, ok := pointer.X.(*ast.Ident); ok {
			return name.Name
		}
	}
	return ""
}

// returned are the values that a function returns, which does nothing else.
func returned(f *ast.FuncDecl) []ast.Expr {
	if r, ok := f.Body.List[len(f.Body.List)-1].(*ast.ReturnStmt); ok {
		return r.Results
	}
	return nil
}

// version writes two numbers as a version of Kubernetes.
func version(numbers []ast.Expr) (string, error) {
	var parts []string
	for _, n := range numbers {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.INT {
			parts = append(parts, literal.Value)
		}
	}
	if len(parts) != 2 {
		return "", errors.New("want two numbers")
	}
	return strings.Join(parts, "."), nil
}
