package jsonnet

import (
	"bytes"
	"fmt"
	"path"
	"slices"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/toolutils"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// importer finds the files of a program's tree, and nothing else.
type importer struct {
	program Program
	// contents are the files that were read: the machine wants the same again.
	contents map[string]jsonnet.Contents
	// evaluates says that they are evaluated, and not read alone. refused says which of them is not, and why.
	evaluates bool
	refused   *Fault
}

// Import implements jsonnet.Importer.
func (i *importer) Import(from, name string) (jsonnet.Contents, string, error) {
	if path.IsAbs(name) {
		return jsonnet.Contents{}, "", fmt.Errorf("import %q: want a path relative to the file, or to a library", name)
	}
	why := "there is no such file beside it, or in a library"
	for _, dir := range i.places(from) {
		p := path.Join(dir, name)
		if i.isOut(p) {
			why = "it leads out of the repository"
			continue
		}
		f, ok := i.program.Tree.File(p)
		if unread := i.program.Tree.WhyUnread(p); !ok && unread != "" {
			return jsonnet.Contents{}, "", fmt.Errorf("import %q: it was not read: %s", name, unread)
		}
		if !ok {
			continue
		}
		if _, known := i.contents[p]; !known {
			i.contents[p] = jsonnet.MakeContentsRaw(f.Data)
			i.refuse(f)
		}
		if i.refused != nil {
			return jsonnet.Contents{}, "", i.refused
		}
		return i.contents[p], p, nil
	}
	return jsonnet.Contents{}, "", fmt.Errorf("import %q: %s", name, why)
}

// refuse refuses calls marked tailstrict, whose endless recursion no limit of the evaluator's ends. What is no Jsonnet, or text
// alone, is left to the evaluator.
func (i *importer) refuse(f tree.File) {
	if !i.evaluates || i.refused != nil || !bytes.Contains(f.Data, []byte("tailstrict")) {
		return
	}
	node, err := jsonnet.SnippetToAST(f.Path, string(f.Data))
	if err != nil {
		return
	}
	inspect(node, func(node ast.Node) {
		if call, ok := node.(*ast.Apply); ok && call.TailStrict && i.refused == nil {
			at := call.Loc().Begin
			i.refused = &Fault{Place: manifest.Place{File: f.Path, Line: at.Line, Column: at.Column}, Unsupported: true,
				Message: "a call is marked tailstrict, which this version does not evaluate"}
		}
	})
}

// inspect calls visit for a node and all below it.
func inspect(node ast.Node, visit func(ast.Node)) {
	visit(node)
	for _, child := range toolutils.Children(node) {
		inspect(child, visit)
	}
}

// places are where a file's imports are looked for, in this order.
func (i *importer) places(from string) []string {
	places := []string{path.Dir(from)}
	for _, lib := range slices.Backward(i.program.Libs) {
		places = append(places, path.Join(i.root(), lib))
	}
	return append(places, i.program.Dir)
}

// leadsOut gives the first library that leads out of the tree.
func (i *importer) leadsOut() (lib string, out bool) {
	at := slices.IndexFunc(i.program.Libs, func(lib string) bool { return i.isOut(path.Join(i.root(), lib)) })
	if at < 0 {
		return "", false
	}
	return i.program.Libs[at], true
}

// root is that of the program's repository in the tree, and isOut reports whether a path leads out of it.
func (i *importer) root() string { return i.program.Tree.Root(i.program.File) }

func (i *importer) isOut(p string) bool { return i.program.Tree.LeadsOut(i.program.File, p) }
