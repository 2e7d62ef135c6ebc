package blueprint

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/toolutils"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// libraryPrefix is what users' blueprints import the library's files by.
const libraryPrefix = "gitopsgen/"

// importer finds files in the library and in the user's folder, and nowhere else. Machines that run at once may share one:
// each file is read once, and is the same for all of them.
type importer struct {
	source Source
	mu     sync.Mutex
	cache  map[string]jsonnet.Contents
	// imported are the user's files that were read, each once.
	imported []tree.File
}

// Import implements jsonnet.Importer.
func (i *importer) Import(from, imported string) (jsonnet.Contents, string, error) {
	at, err := i.resolve(from, imported)
	if err != nil {
		return jsonnet.Contents{}, "", err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
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

// files are the user's files that were read, sorted by path.
func (i *importer) files() []tree.File {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.SortedFunc(slices.Values(i.imported), func(a, b tree.File) int { return strings.Compare(a.Path, b.Path) })
}

// look gives the user's files at paths as they are now, and imports none; ok is false where one cannot be read.
func (i *importer) look(paths []string) (own []tree.File, ok bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, p := range paths {
		if at := slices.IndexFunc(i.imported, func(f tree.File) bool { return f.Path == p }); at >= 0 {
			own = append(own, i.imported[at])
			continue
		}
		if i.source.User == nil {
			return nil, false
		}
		file, err := tree.ReadFile(i.source.User, p)
		if err != nil {
			return nil, false
		}
		own = append(own, file)
	}
	return own, true
}

// add imports files that look gave.
func (i *importer) add(own []tree.File) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, f := range own {
		if _, known := i.cache[f.Path]; !known {
			i.cache[f.Path] = jsonnet.MakeContentsRaw(f.Data)
			i.imported = append(i.imported, f)
		}
	}
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
	file, err := tree.ReadFile(i.source.User, at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("import %q: no such file in the blueprint's folder", at)
	}
	if err != nil {
		return nil, fmt.Errorf("import %q: %w", at, cause(err))
	}
	if err := refuseTailstrict(file); err != nil {
		return nil, err
	}
	i.imported = append(i.imported, file)
	return file.Data, nil
}

// cause is the innermost part of a file error, which does not name the path again.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// refuseTailstrict refuses calls marked tailstrict, whose endless recursion no stack limit of the evaluator ends. What is
// no Jsonnet, or text for importstr, is left to the evaluator.
func refuseTailstrict(file tree.File) error {
	node, err := jsonnet.SnippetToAST(file.Path, string(file.Data))
	if err != nil {
		return nil
	}
	if at := findTailstrict(node); at != nil {
		return fmt.Errorf("%s:%d:%d tailstrict is not allowed in a blueprint; leave the word out", file.Path, at.Loc().Begin.Line, at.Loc().Begin.Column)
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
