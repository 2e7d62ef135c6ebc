// Command figures prints the sizes that make us look twice: make figures.
//
//	figures [DIR]
//
// DIR is a checkout, the working directory unless given. Tests are not counted.
package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The sizes from which on something is named.
const (
	largePackage  = 1200
	largeFile     = 300
	largeFunction = 40
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) > 1 {
		fmt.Fprintln(stderr, "usage: figures [DIR]")
		return 2
	}
	f, err := measure(cmp.Or(append(args, ".")...))
	if err != nil {
		fmt.Fprintln(stderr, "figures:", err)
		return 1
	}
	f.print(stdout)
	return 0
}

// sized is something with its number of lines.
type sized struct {
	name  string
	lines int
}

// figures are those of one checkout.
type figures struct {
	packages                 map[string]int
	files, functions         []sized
	interfaces               []string
	exported, documented     int
	generated, ours, goLines int
}

// measure reads all Go files of a checkout, and counts those of the largest generated repository.
func measure(dir string) (figures, error) {
	f := figures{packages: map[string]int{}}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && (name == "testdata" || name == "golden" || name == "bin" || strings.HasPrefix(name, ".") && name != "."):
			return fs.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		return f.file(path, text)
	})
	if err != nil {
		return f, err
	}
	return f, f.tree(root, "golden/trees/enterprise")
}

// file adds the figures of one file.
func (f *figures) file(path string, text []byte) error {
	positions := token.NewFileSet()
	parsed, err := parser.ParseFile(positions, path, text, parser.ParseComments)
	if err != nil {
		return err
	}
	lines := bytes.Count(text, []byte("\n"))
	f.goLines += lines
	f.packages[filepath.ToSlash(filepath.Dir(path))] += lines
	f.files = append(f.files, sized{path, lines})
	for _, d := range parsed.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			length := positions.Position(d.End()).Line - positions.Position(d.Pos()).Line + 1
			f.functions = append(f.functions, sized{fmt.Sprintf("%s %s", path, d.Name.Name), length})
			f.name(d.Name, d.Doc)
		case *ast.GenDecl:
			f.declared(path, d)
		}
	}
	return nil
}

// declared counts the names of a declaration, each with its own comment or that of the group.
func (f *figures) declared(path string, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			f.name(s.Name, d.Doc, s.Doc)
			if i, ok := s.Type.(*ast.InterfaceType); ok && len(i.Methods.List) > 0 {
				f.interfaces = append(f.interfaces, path+" "+s.Name.Name)
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				f.name(name, d.Doc, s.Doc, s.Comment)
			}
		}
	}
}

// name counts an exported name, and whether any comment is about it.
func (f *figures) name(name *ast.Ident, comments ...*ast.CommentGroup) {
	if !name.IsExported() {
		return
	}
	f.exported++
	if slices.ContainsFunc(comments, func(c *ast.CommentGroup) bool { return c != nil }) {
		f.documented++
	}
}

// tree counts the files of a generated repository, and those that nobody but gitopsgen reads.
func (f *figures) tree(root fs.FS, dir string) error {
	return fs.WalkDir(root, dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f.generated++
		if strings.HasPrefix(path, dir+"/.gitopsgen/") {
			f.ours++
		}
		return nil
	})
}

func (f figures) print(w io.Writer) {
	fmt.Fprintf(w, "%d lines of Go in %d packages, %d files, %d functions; tests not counted\n\n", f.goLines, len(f.packages), len(f.files), len(f.functions))
	fmt.Fprintln(w, "| package | lines |\n| --- | --- |")
	for _, name := range slices.Sorted(maps.Keys(f.packages)) {
		fmt.Fprintf(w, "| %s | %d |\n", name, f.packages[name])
	}
	var packages []sized
	for name, lines := range f.packages {
		packages = append(packages, sized{name, lines})
	}
	slices.SortFunc(f.functions, func(a, b sized) int { return cmp.Compare(a.lines, b.lines) })
	fmt.Fprintf(w, "\nfunctions: median %d lines, p90 %d\n", f.at(50), f.at(90))
	over(w, "packages", packages, largePackage)
	over(w, "files", f.files, largeFile)
	over(w, "functions", f.functions, largeFunction)
	fmt.Fprintf(w, "interfaces: %d: %s\n", len(f.interfaces), strings.Join(f.interfaces, ", "))
	fmt.Fprintf(w, "exported names: %d, %d of them documented\n", f.exported, f.documented)
	fmt.Fprintf(w, "generated enterprise repository: %d files, %d of them gitopsgen's alone\n", f.generated, f.ours)
}

// at gives the length of the function below which a part of all functions is, in percent.
func (f figures) at(percent int) int {
	if len(f.functions) == 0 {
		return 0
	}
	return f.functions[(len(f.functions)-1)*percent/100].lines
}

// over names what has more lines than that, the largest first.
func over(w io.Writer, what string, all []sized, limit int) {
	all = slices.DeleteFunc(slices.Clone(all), func(s sized) bool { return s.lines <= limit })
	slices.SortFunc(all, func(a, b sized) int { return cmp.Or(cmp.Compare(b.lines, a.lines), strings.Compare(a.name, b.name)) })
	fmt.Fprintf(w, "%s over %d lines: %d\n", what, limit, len(all))
	for _, s := range all {
		fmt.Fprintf(w, "  %5d %s\n", s.lines, s.name)
	}
}
