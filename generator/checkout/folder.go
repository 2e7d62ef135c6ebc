package checkout

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// In puts the checkout into the tree of a repository whose directory is dir, or finds it there: empty is nowhere but in memory. What
// stands in a folder is the repository's own, state for state, but for a Git work tree of its own: that counts as it is now.
func (c Checkout) In(t tree.Tree, dir string) (Checkout, tree.Tree, error) {
	if !c.folder {
		with, err := t.With(c.Root, c.Tree)
		if err != nil {
			err = fmt.Errorf("the files of %s would be known as those in %w", c.Name(), err)
		}
		return c, with, err
	}
	on := filepath.Join(dir, filepath.FromSlash(c.Root))
	u, unread := unreadAt(t, c.Root)
	switch {
	case unread && (u.Outside || u.Target != ""):
		return c, t, fault.Hint(fmt.Errorf("%q is a link", c.Root), "a checkout that stands elsewhere is given by --repo URL=DIR")
	case len(t.Under(c.Root)) > 0 && c.hasOwn(dir):
		return c.standing(on), t.WithRoot(c.Root), nil
	case len(t.Under(c.Root)) > 0:
		return c, t.WithRoot(c.Root), nil
	case unread && c.hasOwn(dir):
		read, err := Checkout{Dir: on}.Open()
		if err != nil {
			return c, t, err
		}
		t, err = t.With(c.Root, read.Tree)
		return c.standing(on), t, err
	case unread:
		c.Lack = u.Reason
	default:
		c.Lack = "there is no such folder"
	}
	return c, t, nil
}

// unreadAt finds what keeps a folder from being read, or one that it stands in.
func unreadAt(t tree.Tree, folder string) (tree.Unread, bool) {
	i := slices.IndexFunc(t.Unread(), func(u tree.Unread) bool { return tree.Within(folder, u.Path) })
	if i < 0 {
		return tree.Unread{}, false
	}
	return t.Unread()[i], true
}

// hasOwn reports whether a Git work tree of its own stands in the folder on disk, and no link leads there.
func (c Checkout) hasOwn(dir string) bool {
	if dir == "" {
		return false
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false
	}
	defer root.Close()
	behind, err := tree.Follow(root.FS(), c.Root)
	return err == nil && behind == c.Root && isOwn(filepath.Join(dir, filepath.FromSlash(c.Root)))
}
