package source

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Ref is the name of a file that a source of the Application has: $/path, or $root//path where the repository of the source stands in a
// folder of the tree.
func Ref(root, inside string) string {
	if root == "." {
		return "$/" + inside
	}
	return "$" + root + "//" + inside
}

// readRef reads the name of a file that a source has, given the tree.
func readRef(name string, t tree.Tree) (root, inside string, ok bool) {
	if inside, ok = strings.CutPrefix(name, "$/"); ok {
		return ".", inside, true
	}
	root, inside, ok = strings.Cut(strings.TrimPrefix(name, "$"), "//")
	return root, inside, ok && strings.HasPrefix(name, "$") && t.Root(root) == root
}

// IsRef reports whether a name is a Ref.
func IsRef(name string, t tree.Tree) bool {
	_, _, is := readRef(name, t)
	return is
}

// Root is a directory of a tree, out of whose repository no file may lead. Dir is where names begin that have no slash in front.
type Root struct {
	Tree tree.Tree
	Dir  string
	// Foreign says that the tree is not this repository's.
	Foreign bool
}

// File is what the name of a file leads to: a path of the tree, or a URL.
type File struct {
	Path, URL string
	// Ref says that it is one of this repository, named by a source of it.
	Ref bool
	// Named is the index of the name.
	Named int
}

// Missing says what becomes of a name that leads to no file.
type Missing int

// What becomes of names that lead to no file.
const (
	Refused Missing = iota
	LeftOut
)

// FileError says what is wrong with a name, by its index.
type FileError struct {
	Named int
	error
}

// Files finds what names of values files lead to, as Argo CD does: each file once, those that a pattern names in lexical order,
// and where a file is named by itself, there. Sources of this repository have their files in ours. The error is a *FileError.
func (r Root) Files(names []string, ours tree.Tree, missing Missing) ([]File, error) {
	explicit, seen := map[File]bool{}, map[File]bool{}
	from := func(name string) (Root, string) {
		if root, inside, ok := readRef(name, ours); ok {
			return Root{Tree: ours, Dir: root}, inside
		}
		return r, name
	}
	for _, name := range names {
		root, inside := from(name)
		if p, _, err := root.resolve(inside); err == nil && !isPattern(p) {
			explicit[File{Path: p, Ref: r.Foreign && inside != name}] = true
		}
	}
	var files []File
	for i, name := range names {
		root, inside := from(name)
		found, err := root.find(inside, missing)
		if err != nil {
			return nil, &FileError{i, err}
		}
		for _, f := range found {
			f.Ref = r.Foreign && inside != name
			if p, _, _ := root.resolve(inside); seen[f] || isPattern(p) && explicit[f] {
				continue
			}
			seen[f] = true
			f.Named = i
			files = append(files, f)
		}
	}
	return files, nil
}

// find finds what one name leads to.
func (r Root) find(name string, missing Missing) ([]File, error) {
	p, remote, err := r.resolve(name)
	switch {
	case err != nil:
		return nil, err
	case remote:
		return []File{{URL: name}}, nil
	}
	if isPattern(p) {
		var files []File
		for _, match := range r.glob(p) {
			files = append(files, File{Path: match})
		}
		if len(files) == 0 && missing == Refused {
			return nil, fmt.Errorf("%q: no file is called so", name)
		}
		return files, nil
	}
	_, here := r.Tree.File(p)
	switch why := r.Tree.WhyUnread(p); {
	case why != "":
		return nil, fmt.Errorf("%q was not read: %s", name, why)
	case !here && missing == Refused:
		return nil, fmt.Errorf("%q: there is no such file", name)
	case !here:
		return nil, nil
	}
	return []File{{Path: p}}, nil
}

// resolve gives the path that a name leads to, behind the links to folders that it leads through; remote says that it is a URL.
func (r Root) resolve(name string) (p string, remote bool, err error) {
	if u, err := url.Parse(name); err == nil && u.Scheme != "" {
		if u.Scheme != "http" && u.Scheme != "https" {
			return "", false, fmt.Errorf("%q begins with %s: want a path, or a URL that begins with https or http", name, u.Scheme)
		}
		return "", true, nil
	}
	root := r.Tree.Root(r.Dir)
	p = path.Join(r.Dir, name)
	if strings.HasPrefix(name, "/") {
		p = path.Join(root, name)
	}
	if r.Tree.LeadsOut(r.Dir, p) {
		return "", false, fmt.Errorf("%q leads out of the repository", name)
	}
	if p == root {
		return "", false, fmt.Errorf("%q: want a file", name)
	}
	return r.Tree.Real(p), false, nil
}

func isPattern(p string) bool { return strings.ContainsAny(p, "*?[") }

// maxPattern bounds a pattern; the longest path that people write has a tenth of it.
const maxPattern = 1 << 10

// glob finds the files that a pattern names, folder by folder, each folder's own files before those of the folders in it.
func (r Root) glob(pattern string) []string {
	if len(pattern) > maxPattern {
		return nil
	}
	steps := strings.Split(pattern, "/")
	fixed := slices.IndexFunc(steps, func(step string) bool { return strings.ContainsAny(step, `*?[{\`) })
	below := path.Join(steps[:fixed]...)
	var found []string
	for _, f := range r.Tree.Under(path.Join(".", below)) {
		if matches(steps, strings.Split(f.Path, "/")) {
			found = append(found, f.Path)
		}
	}
	slices.SortStableFunc(found, func(a, b string) int {
		byFolder := slices.Compare(strings.Split(path.Dir("/"+a), "/"), strings.Split(path.Dir("/"+b), "/"))
		if byFolder != 0 {
			return byFolder
		}
		return strings.Compare(path.Base(a), path.Base(b))
	})
	return found
}

// Matches reports whether a pattern of the form that names files for Argo CD names a path: ** is any number of folders.
func Matches(pattern, p string) bool {
	return len(pattern) <= maxPattern && matches(strings.Split(pattern, "/"), strings.Split(p, "/"))
}

// matches reports whether the steps of a pattern name those of a path: ** is any number of steps, and each other step a pattern
// of one.
func matches(pattern, steps []string) bool {
	// at[i] says that pattern[:i] names what was read so far.
	at := make([]bool, len(pattern)+1)
	at[0] = true
	skip := func() {
		for i, p := range pattern {
			at[i+1] = at[i+1] || at[i] && p == "**"
		}
	}
	skip()
	for _, step := range steps {
		next := make([]bool, len(at))
		for i, p := range pattern {
			switch {
			case !at[i]:
			case p == "**":
				next[i] = true
			default:
				next[i+1] = next[i+1] || matchesStep(p, step)
			}
		}
		at = next
		skip()
	}
	return at[len(pattern)]
}

// maxAlternatives bounds what braces make of one step.
const maxAlternatives = 100

// matchesStep reports whether one step of a pattern names one of a path: {a,b} is one of several, and [!a] what path.Match
// writes as [^a].
func matchesStep(pattern, step string) bool {
	for _, p := range alternatives(pattern) {
		if ok, err := path.Match(strings.ReplaceAll(p, "[!", "[^"), step); ok && err == nil {
			return true
		}
	}
	return false
}

// alternatives writes a pattern with braces as several without.
func alternatives(pattern string) []string {
	all := []string{pattern}
	for i := 0; i < len(all) && len(all) <= maxAlternatives; i++ {
		for {
			end := strings.IndexByte(all[i], '}')
			begin := strings.LastIndexByte(all[i][:max(end, 0)], '{')
			if end < 0 || begin < 0 {
				break
			}
			head, tail := all[i][:begin], all[i][end+1:]
			inner := strings.Split(all[i][begin+1:end], ",")
			all[i] = head + inner[0] + tail
			for _, other := range inner[1:] {
				all = append(all, head+other+tail)
			}
		}
	}
	return all
}
