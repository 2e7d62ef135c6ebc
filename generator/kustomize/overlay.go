package kustomize

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// mount is where kustomize sees the tree.
const mount = "/r"

// kustomizationFile is what the kustomizations are called that are put on top of the tree.
const kustomizationFile = "kustomization.yaml"

// overlay is the tree as kustomize sees it: below mount, with files of a build's own on top.
type overlay struct {
	filesys.FileSystem // for what kustomize never does
	tree               tree.Tree
	files              map[string][]byte
	// read notes which files of the tree were read.
	read map[string]bool
}

func newOverlay(t tree.Tree) overlay {
	return overlay{filesys.MakeEmptyDirInMemory(), t, map[string][]byte{}, map[string]bool{}}
}

// inside gives the path in the tree of what kustomize names.
func inside(name string) (string, bool) {
	name = path.Clean(filepath.ToSlash(name))
	if name == mount {
		return ".", true
	}
	return strings.CutPrefix(name, mount+"/")
}

// real gives that path behind the links that lead there.
func (o overlay) real(name string) (string, bool) {
	p, ok := inside(name)
	return o.tree.Real(p), ok
}

func (o overlay) isFile(p string) bool {
	_, ok := o.tree.File(p)
	return ok || o.files[p] != nil
}

func (o overlay) isDir(p string) bool {
	return p == "." || len(o.tree.Under(p)) > 0 || o.files[path.Join(p, kustomizationFile)] != nil
}

// write puts a kustomization on top of the tree.
func (o overlay) write(p string, k types.Kustomization) error {
	text, err := json.Marshal(k) // JSON is YAML
	o.files[p] = text
	return err
}

// ReadFile implements filesys.FileSystem.
func (o overlay) ReadFile(name string) ([]byte, error) {
	p, ok := o.real(name)
	if data := o.files[p]; ok && data != nil {
		return data, nil
	}
	f, found := o.tree.File(p)
	if !ok || !found {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	o.read[p] = true
	return f.Data, nil
}

// CleanedAbs implements filesys.FileSystem.
func (o overlay) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	p, ok := o.real(name)
	switch {
	case ok && o.isFile(p):
		return filesys.ConfirmedDir(path.Join(mount, path.Dir(p))), path.Base(p), nil
	case ok && o.isDir(p):
		return filesys.ConfirmedDir(path.Join(mount, p)), "", nil
	}
	return "", "", fmt.Errorf("%q: there is no such file or directory", p)
}

// IsDir implements filesys.FileSystem.
func (o overlay) IsDir(name string) bool {
	p, ok := o.real(name)
	return ok && o.isDir(p)
}

// Exists implements filesys.FileSystem.
func (o overlay) Exists(name string) bool {
	p, ok := o.real(name)
	return ok && (o.isFile(p) || o.isDir(p))
}
