// Package jsonnet evaluates the Jsonnet files of a repository to Kubernetes objects, as Argo CD does.
//
// It knows files, arguments and where a mistake stands, and nothing of Applications. A program reads files of the repository and
// nothing else, starts nothing, and is given up on where it takes too long or too much memory.
package jsonnet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// Program is a Jsonnet file with all that it is given.
type Program struct {
	Tree tree.Tree
	// File is its path. What does not stand beside a file is looked for in the libraries of the arguments, the last one first, and
	// then in the directory Dir.
	File, Dir string
	Arguments
	// Limits bound the evaluation.
	Limits watchdog.Limits
}

// Arguments are what Jsonnet files are given. What is not a part of their JSON does not decide what these give.
type Arguments struct {
	TLAs    []Variable `json:",omitempty"`
	ExtVars []Variable `json:",omitempty"`
	// Libs are directories, from the root of the program's repository. LibsAt is where they are named.
	Libs   []string       `json:",omitempty"`
	LibsAt manifest.Place `json:"-"`
}

// None reports whether there is no argument.
func (a Arguments) None() bool { return len(a.TLAs)+len(a.ExtVars)+len(a.Libs) == 0 }

// Variable is a text, or Jsonnet where Code is set. At is where it stands.
type Variable struct {
	Name, Value string
	Code        bool
	At          manifest.Place `json:"-"`
}

// Output are the objects that a program gives, and the files that it reads.
type Output struct {
	Resources []manifest.Resource
	Read      []string
}

// Fault is what is wrong with a program, or with what it gives.
type Fault struct {
	Place   manifest.Place
	Message string
	// Unsupported says that nothing is: Argo CD may evaluate it, and this package does not.
	Unsupported bool
}

func (f *Fault) Error() string { return f.Place.String() + ": " + f.Message }

// Evaluate evaluates a program. Its objects have the place of its file. The error is a *Fault, a *watchdog.Exceeded or that of ctx.
func (p Program) Evaluate(ctx context.Context) (Output, error) {
	var out Output
	err := p.guarded(ctx, func(files *importer) (err error) {
		out.Resources, err = p.evaluate(files)
		return err
	}, &out.Read)
	if err != nil {
		return Output{Read: out.Read}, err
	}
	return out, nil
}

// Files are the files that a program may read, whatever it is given, itself among them. What it cannot find is left out. The error
// is that of Evaluate.
func (p Program) Files(ctx context.Context) ([]string, error) {
	var read []string
	err := p.guarded(ctx, func(files *importer) error {
		p.follow(files)
		return nil
	}, &read)
	return read, err
}

// guarded calls work within the limits, and notes what it read, sorted. After an Exceeded that is the file alone.
func (p Program) guarded(ctx context.Context, work func(*importer) error, read *[]string) error {
	files := &importer{program: p, contents: map[string]jsonnet.Contents{}}
	var err error
	*read = []string{p.File}
	if stopped := watchdog.Run(ctx, p.Limits, func() { err = work(files) }); stopped != nil {
		return stopped // and it may still be running
	}
	if *read = slices.Sorted(maps.Keys(files.contents)); len(*read) == 0 {
		*read = []string{p.File}
	}
	return err
}

// evaluate evaluates the program.
func (p Program) evaluate(files *importer) ([]manifest.Resource, error) {
	if lib, out := files.leadsOut(); out {
		return nil, &Fault{Place: p.LibsAt, Message: fmt.Sprintf("library %q leads out of the repository", lib)}
	}
	files.evaluates = true
	vm := p.machine(files)
	var text string
	node, _, err := vm.ImportAST("", p.File)
	if err == nil {
		text, err = vm.Evaluate(node)
	}
	switch {
	case files.refused != nil:
		return nil, files.refused
	case err != nil:
		return nil, p.fault(err)
	}
	objects, err := objectsIn(text)
	if err != nil {
		return nil, &Fault{Place: p.place(), Message: err.Error()}
	}
	var resources []manifest.Resource
	for _, object := range objects {
		resources = append(resources, manifest.Resource{ID: manifest.NewID(object), Object: object, Origin: manifest.Origin{Place: p.place()}})
	}
	return resources, nil
}

// place is the program's own.
func (p Program) place() manifest.Place { return manifest.Top(p.File) }

// machine makes a machine with the program's arguments.
func (p Program) machine(files *importer) *jsonnet.VM {
	vm := jsonnet.MakeVM()
	vm.Importer(files)
	vm.SetTraceOut(io.Discard) // it writes what it likes to a terminal
	for _, v := range p.TLAs {
		if v.Code {
			vm.TLACode(v.Name, v.Value)
		} else {
			vm.TLAVar(v.Name, v.Value)
		}
	}
	for _, v := range p.ExtVars {
		if v.Code {
			vm.ExtCode(v.Name, v.Value)
		} else {
			vm.ExtVar(v.Name, v.Value)
		}
	}
	return vm
}

// follow reads what the program names, and what that does.
func (p Program) follow(files *importer) {
	vm := p.machine(files)
	seen := map[string]bool{p.File: true}
	for queue := []string{p.File}; len(queue) > 0; queue = queue[1:] {
		node, _, err := vm.ImportAST("", queue[0])
		if err != nil {
			continue // it is read, and names nothing
		}
		code, texts := imports(node)
		for i, name := range append(code, texts...) {
			if _, at, err := files.Import(queue[0], name); err == nil && i < len(code) && !seen[at] {
				seen[at] = true
				queue = append(queue, at)
			}
		}
	}
}

// imports are the names that are imported below a node, those of Jsonnet before those of texts.
func imports(node ast.Node) (code, texts []string) {
	inspect(node, func(node ast.Node) {
		switch node := node.(type) {
		case *ast.Import:
			code = append(code, node.File.Value)
		case *ast.ImportStr:
			texts = append(texts, node.File.Value)
		case *ast.ImportBin:
			texts = append(texts, node.File.Value)
		}
	})
	return code, texts
}

var errNoObjects = errors.New("it gives something else than objects with a kind, or a list of such")

// objectsIn reads what a program gives: an object of Kubernetes, or a list of such.
func objectsIn(text string) ([]map[string]any, error) {
	if err := manifest.Bounded([]byte(text)); err != nil {
		return nil, fmt.Errorf("what it gives is not read: %w", err)
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return nil, fmt.Errorf("what it gives is not read: %w", err)
	}
	v, err := manifest.Shape(v)
	if err != nil {
		return nil, fmt.Errorf("what it gives is not read: %w", err)
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	var objects []map[string]any
	for _, item := range list {
		object, _ := item.(map[string]any)
		if kind, _ := object["kind"].(string); kind != "" {
			objects = append(objects, object)
		} else if item != nil || !isList { // Argo CD leaves out nulls in lists
			return nil, errNoObjects
		}
	}
	return objects, nil
}
