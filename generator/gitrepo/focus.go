package gitrepo

import (
	"os"
	"path/filepath"
)

// Part is a folder or a file in the repository that it is part of.
type Part struct {
	// Dir is the repository's directory, as it can be typed in the working directory.
	Dir string
	// Focus is the path in there; empty is all of it.
	Focus string
	// Here is the path of the working directory in there, where it stands there and was not told from the root of the file system.
	Here string
}

// PartOf finds the repository that a folder or a file is part of: the work tree of Git around it, or, in there, the nearest folder
// above that holds something that is called as one of marks. Outside of Git the folder itself is the repository, or that of the file.
func PartOf(at string, marks ...string) Part {
	whole, start := Part{Dir: at}, real(at)
	full := start
	if info, err := os.Stat(at); err == nil && !info.IsDir() {
		whole, start = Part{Dir: filepath.Dir(at), Focus: filepath.Base(at)}, filepath.Dir(full)
	}
	root, ok := around(start, marks)
	focus, err := filepath.Rel(root, full)
	if !ok || err != nil || focus == "." {
		return whole
	}
	p := Part{Dir: root, Focus: filepath.ToSlash(focus)}
	if filepath.IsAbs(at) {
		return p
	}
	here := real(".")
	if inside, err := filepath.Rel(root, here); err == nil && filepath.IsLocal(inside) {
		p.Here = filepath.ToSlash(inside)
	}
	if typed, err := filepath.Rel(here, root); err == nil {
		p.Dir = typed
	}
	return p
}

// real gives the path from the root of the file system, behind links. What is not there may stand in another state of the repository.
func real(at string) string {
	full, err := filepath.Abs(at)
	if err != nil {
		return at
	}
	if behind, err := filepath.EvalSymlinks(full); err == nil {
		return behind
	}
	return full
}

// around finds the repository around a folder; ok is false where there is no Git.
func around(dir string, marks []string) (root string, ok bool) {
	git, ok := Root(dir)
	if !ok {
		return "", false
	}
	for root = dir; root != git; root = filepath.Dir(root) {
		for _, mark := range marks {
			if _, err := os.Lstat(filepath.Join(root, mark)); err == nil {
				return root, true
			}
		}
	}
	return git, true
}
