package tree

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// part is a repository of its own in a tree: another tree below a folder, or a folder of the tree itself.
type part struct {
	// at is the folder, tree what stands there, by its paths in the whole.
	at   string
	tree Tree
	// own says that the tree has the folder anyway.
	own bool
}

// With gives the tree with another one in a folder, where nothing of its own stands but what was not read. By a path they are found
// like the tree's own files; lists of all files have the tree's own alone.
func (t Tree) With(at string, other Tree) (Tree, error) {
	if len(t.Under(at)) > 0 || slices.ContainsFunc(t.parts, func(p part) bool { return Within(p.at, at) || Within(at, p.at) }) {
		return t, fmt.Errorf("%s: something else stands there", at)
	}
	if _, taken := t.File(at); taken {
		return t, fmt.Errorf("%s: a file stands there", at)
	}
	moved := Tree{files: slices.Clone(other.files), unread: slices.Clone(other.unread)}
	for i := range moved.files {
		f := &moved.files[i]
		f.Path, f.Target = path.Join(at, f.Path), below(at, f.Target)
	}
	for i := range moved.unread {
		u := &moved.unread[i]
		u.Path, u.Target = path.Join(at, u.Path), below(at, u.Target)
	}
	return t.with(part{at: at, tree: moved}), nil
}

func below(at, p string) string {
	if p == "" {
		return ""
	}
	return path.Join(at, p)
}

// WithRoot gives the tree with one of its folders as the root of a repository of its own.
func (t Tree) WithRoot(at string) Tree { return t.with(part{at: at, own: true}) }

func (t Tree) with(p part) Tree {
	t.parts = append(slices.Clone(t.parts), p)
	slices.SortStableFunc(t.parts, func(a, b part) int { return len(b.at) - len(a.at) }) // the innermost first
	return t
}

// Within reports whether a path is a folder, or one below it.
func Within(p, dir string) bool {
	if dir == "" || dir == "." {
		return p != ".." && !strings.HasPrefix(p, "../")
	}
	return p == dir || strings.HasPrefix(p, dir+"/")
}

// Root gives the root of the repository that a path is of: "." for all but the parts of the tree.
func (t Tree) Root(p string) string {
	for _, one := range t.parts {
		if Within(p, one.at) {
			return one.at
		}
	}
	return "."
}

// Owns reports whether what stands at a path is the tree's own, and no other one's in it.
func (t Tree) Owns(p string) bool { return t.in(p) == nil }

// LeadsOut reports whether a path leads out of the repository that another one is of.
func (t Tree) LeadsOut(from, to string) bool {
	root := t.Root(from)
	return !Within(to, root) || !t.Owns(to) && t.Root(to) != root
}

// in gives the other tree that a path is of; nil where it is the tree's own.
func (t Tree) in(p string) *Tree {
	for i, one := range t.parts {
		if !one.own && Within(p, one.at) {
			return &t.parts[i].tree
		}
	}
	return nil
}

// UnreadIn lists what was found and not read in the repository of a root.
func (t Tree) UnreadIn(root string) []Unread {
	all := t.unread
	if other := t.in(root); other != nil {
		all = other.unread
	}
	return slices.DeleteFunc(slices.Clone(all), func(u Unread) bool { return !Within(u.Path, root) })
}
