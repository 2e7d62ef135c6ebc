package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// The steps of a path from a list to its items and from a map to its values.
const (
	itemStep  = "[]"
	valueStep = "{}"
)

// enums are the values that a field may have, by the definition's name and the path below it.
type enums map[string][]any

// readEnums reads the enums out of generated Go code, which it parses but does not compile. In that code
// GetOpenAPIDefinitions names the function of each type, and the function returns its schema.
func readEnums(file string) (enums, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	functions := map[string]*ast.FuncDecl{}
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			functions[f.Name.Name] = f
		}
	}
	found := enums{}
	for function, definition := range definitionNames(functions["GetOpenAPIDefinitions"], imports(parsed)) {
		if f := functions[function]; f != nil {
			found.addReturned(f, definition)
		}
	}
	return found, nil
}

// imports lists the packages of a file by the name they have in it.
func imports(file *ast.File) map[string]string {
	packages := map[string]string{}
	for _, i := range file.Imports {
		path := text(i.Path)
		name := path[strings.LastIndexByte(path, '/')+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		packages[name] = path
	}
	return packages
}

// definitionNames lists the names of definitions by the function that returns their schema. An element of the map that
// f returns is either "path/to/pkg.Type": function(ref) or pkg.Type{}.OpenAPIModelName(): function(ref).
func definitionNames(f *ast.FuncDecl, packages map[string]string) map[string]string {
	names := map[string]string{}
	if f == nil {
		return names
	}
	ast.Inspect(f, func(n ast.Node) bool {
		element, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		call, ok := element.Value.(*ast.CallExpr)
		if !ok {
			return true
		}
		function, ok := call.Fun.(*ast.Ident)
		if !ok {
			return true
		}
		if pkg, typ := goType(element.Key, packages); typ != "" {
			names[function.Name] = definitionName(pkg, typ)
		}
		return true
	})
	return names
}

// goType reads the package and type that a key of the map names.
func goType(key ast.Expr, packages map[string]string) (pkg, typ string) {
	switch k := key.(type) {
	case *ast.BasicLit:
		name := text(k)
		i := max(0, strings.LastIndexByte(name, '.'))
		return name[:i], strings.TrimPrefix(name[i:], ".")
	case *ast.CallExpr:
		method, _ := k.Fun.(*ast.SelectorExpr)
		if method == nil {
			return "", ""
		}
		literal, _ := method.X.(*ast.CompositeLit)
		if literal == nil {
			return "", ""
		}
		qualified, _ := literal.Type.(*ast.SelectorExpr)
		if qualified == nil {
			return "", ""
		}
		if name, ok := qualified.X.(*ast.Ident); ok {
			return packages[name.Name], qualified.Sel.Name
		}
	}
	return "", ""
}

// definitionName turns a Go type into the name of its definition: k8s.io/api/core/v1 and Pod into
// io.k8s.api.core.v1.Pod.
func definitionName(pkg, typ string) string {
	steps := strings.Split(pkg, "/")
	host := strings.Split(steps[0], ".")
	slices.Reverse(host)
	steps[0] = strings.Join(host, ".")
	return strings.Join(append(steps, typ), ".")
}

// addReturned adds the enums of the schema that f returns.
func (e enums) addReturned(f *ast.FuncDecl, definition string) {
	for _, statement := range f.Body.List {
		r, ok := statement.(*ast.ReturnStmt)
		if !ok || len(r.Results) != 1 {
			continue
		}
		e.add(r.Results[0], definition)
	}
}

// add adds the enums of the schema that a composite literal makes.
func (e enums) add(schema ast.Expr, path string) {
	for name, value := range fields(schema) {
		switch name {
		case "Schema", "SchemaProps":
			e.add(value, path)
		case "Items":
			e.add(value, path+itemStep)
		case "AdditionalProperties":
			e.add(value, path+valueStep)
		case "Properties":
			for _, element := range elements(value) {
				if p, ok := element.(*ast.KeyValueExpr); ok {
					e.add(p.Value, path+"."+text(p.Key))
				}
			}
		case "Enum":
			for _, element := range elements(value) {
				e[path] = append(e[path], text(element))
			}
		}
	}
}

// fields lists the fields that a composite literal sets, or the one that a pointer to it points to.
func fields(e ast.Expr) map[string]ast.Expr {
	if pointer, ok := e.(*ast.UnaryExpr); ok {
		e = pointer.X
	}
	set := map[string]ast.Expr{}
	for _, element := range elements(e) {
		field, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if name, ok := field.Key.(*ast.Ident); ok {
			set[name.Name] = field.Value
		}
	}
	return set
}

func elements(e ast.Expr) []ast.Expr {
	if literal, ok := e.(*ast.CompositeLit); ok {
		return literal.Elts
	}
	return nil
}

// text gives the value of a string literal; empty for anything else.
func text(e ast.Expr) string {
	literal, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	s, err := strconv.Unquote(literal.Value)
	if err != nil {
		return ""
	}
	return s
}
