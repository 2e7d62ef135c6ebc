package blueprint

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/toolutils"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// libraryPrefix is what users' blueprints import the library's files by.
const libraryPrefix = "gitopsgen/"

// importer finds files in the library and in the user's folder, and nowhere else.
type importer struct {
	source Source
	cache  map[string]jsonnet.Contents
	// imported are the user's files that were read, sorted by path.
	imported []tree.File
}

// Import implements jsonnet.Importer.
func (i *importer) Import(from, imported string) (jsonnet.Contents, string, error) {
	at, err := i.resolve(from, imported)
	if err != nil {
		return jsonnet.Contents{}, "", err
	}
	if c, ok := i.cache[at]; ok {
		return c, at, nil
	}
	data, err := i.read(at)
	if err != nil {
		return jsonnet.Contents{}, "", err
	}
	c := jsonnet.MakeContentsRaw(data)
	i.cache[at] = c
	return c, at, nil
}

func (i *importer) resolve(from, imported string) (string, error) {
	if path.IsAbs(imported) {
		return "", fmt.Errorf("import %q: an absolute path; a blueprint sees its own folder and %s only", imported, libraryPrefix)
	}
	at := path.Join(path.Dir(from), imported)
	if strings.HasPrefix(imported, libraryPrefix) {
		at = imported
	}
	if !fs.ValidPath(at) || strings.HasPrefix(from, libraryPrefix) && !strings.HasPrefix(at, libraryPrefix) {
		return "", fmt.Errorf("import %q: leads out of the blueprint's folder", imported)
	}
	return at, nil
}

func (i *importer) read(at string) ([]byte, error) {
	if inside, ok := strings.CutPrefix(at, libraryPrefix); ok {
		data, err := fs.ReadFile(i.source.Library, inside)
		if err != nil {
			return nil, fmt.Errorf("import %q: no such file in the library", at)
		}
		return data, nil
	}
	if i.source.User == nil {
		return nil, fmt.Errorf("import %q: there is no folder to import from", at)
	}
	data, err := fs.ReadFile(i.source.User, at)
	if err != nil {
		return nil, fmt.Errorf("import %q: no such file in the blueprint's folder", at)
	}
	if err := refuseTailstrict(at, data); err != nil {
		return nil, err
	}
	j, found := slices.BinarySearchFunc(i.imported, at, func(f tree.File, p string) int { return strings.Compare(f.Path, p) })
	if !found {
		i.imported = slices.Insert(i.imported, j, tree.File{Path: at, Data: data})
	}
	return data, nil
}

// refuseTailstrict refuses calls marked tailstrict, whose endless recursion no stack limit of the evaluator ends. What is
// no Jsonnet, or text for importstr, is left to the evaluator.
func refuseTailstrict(file string, data []byte) error {
	node, err := jsonnet.SnippetToAST(file, string(data))
	if err != nil {
		return nil
	}
	if at := findTailstrict(node); at != nil {
		return fmt.Errorf("%s:%d:%d: tailstrict is not allowed in a blueprint; leave the word out", file, at.Loc().Begin.Line, at.Loc().Begin.Column)
	}
	return nil
}

func findTailstrict(node ast.Node) ast.Node {
	if apply, ok := node.(*ast.Apply); ok && apply.TailStrict {
		return node
	}
	for _, child := range toolutils.Children(node) {
		if at := findTailstrict(child); at != nil {
			return at
		}
	}
	return nil
}
