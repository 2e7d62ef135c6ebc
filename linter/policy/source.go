package policy

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Source is a folder of Rego files.
type Source struct {
	// Name stands before the names of its files in errors: "policies" for the folder of a repository. No two sources
	// have the same.
	Name string
	// Files holds policies at <category>/<name>/<name>.rego, libraries at lib/<name>/ and, anywhere, files of package
	// main as conftest has them. Tests, and files that are no Rego, are passed over.
	Files fs.FS
}

// ownPods is the library with the rows of a repository's own about where pods stand.
const ownPods = "lib/own_pods/own_pods.rego"

// WithPods gives our policies with rows that are not theirs about where pods stand: by kind, in the form of lib.pods.
func WithPods[Row any](files fs.FS, rows map[string][]Row) (fs.FS, error) {
	data, err := json.Marshal(rows) // which Rego reads as it is
	if err != nil {
		return nil, err
	}
	return ownLibrary{files, fmt.Appendf(nil, "package lib.own_pods\n\nrows := %s\n", data)}, nil
}

// ownLibrary is a folder of policies with another text of the library ownPods.
type ownLibrary struct {
	fs.FS
	text []byte
}

// ReadFile reads a file.
func (o ownLibrary) ReadFile(name string) ([]byte, error) {
	if name == ownPods {
		return o.text, nil
	}
	return fs.ReadFile(o.FS, name)
}

// module is one parsed file of a source.
type module struct {
	*ast.Module
	source Source
	// path is the file's path within the source.
	path string
}

// maxModule bounds a file of Rego; a large one has a twentieth of it.
const maxModule = 1 << 20

// file is the name by which people know the file.
func (m module) file() string { return path.Join(m.source.Name, m.path) }

// file is a file of Rego, with its text.
type file struct {
	source Source
	path   string
	data   []byte
}

// read reads the Rego files of all sources but for tests, in order.
func read(ctx context.Context, sources []Source) (files []file, err error) {
	for i, source := range sources {
		if slices.ContainsFunc(sources[:i], func(s Source) bool { return s.Name == source.Name }) {
			return nil, fmt.Errorf("two sources of policies are named %q", source.Name)
		}
		err := walk(ctx, source, func(name string) error {
			if isTest(name) {
				return nil
			}
			f, err := readFile(source, name)
			files = append(files, f)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// digest names files.
func digest(files []file) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%q %q %q\n", f.source.Name, f.path, f.data)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// parseAll parses files, in order.
func parseAll(files []file) (modules []module, err error) {
	for _, f := range files {
		m, err := parse(f)
		if err != nil {
			return nil, err
		}
		modules = append(modules, m)
	}
	return modules, nil
}

func isTest(name string) bool { return strings.HasSuffix(name, "_test.rego") }

// walk calls visit for each Rego file of a source.
func walk(ctx context.Context, source Source, visit func(name string) error) error {
	return fs.WalkDir(source.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("%s: %w", source.Name, err)
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".rego") {
			return ctx.Err()
		}
		return visit(name)
	})
}

func readFile(source Source, name string) (file, error) {
	data, err := fs.ReadFile(source.Files, name)
	if err != nil {
		return file{}, fmt.Errorf("%s: %w", source.Name, err)
	}
	if len(data) > maxModule {
		return file{}, fmt.Errorf("%s: it is larger than %d KiB", path.Join(source.Name, name), maxModule>>10)
	}
	return file{source, name, data}, nil
}

func parse(f file) (m module, err error) {
	m.source, m.path = f.source, f.path
	m.Module, err = ast.ParseModuleWithOpts(m.file(), string(f.data), ast.ParserOptions{
		ProcessAnnotation: true,
		RegoVersion:       ast.RegoV1,
	})
	if err != nil {
		return m, regoError(err)
	}
	return m, nil
}
