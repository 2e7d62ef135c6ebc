// Package checkout knows other Git repositories by checkouts of them that somebody gives: which URLs name one, which revision of it
// stands there, and what it is called among the files of the repository that is read.
//
// It reads what a person names, fetches nothing, and knows nothing of what the files mean.
package checkout

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Checkout is another repository as it stands in a directory.
type Checkout struct {
	// URL is one of those that name it. Dir is the directory, as it was given.
	URL, Dir string
	// Root is the folder under which its files are known beside those of the repository that is read.
	Root string
	// Tree are the files, by their paths in the checkout. It is empty where the folder Root has them anyway.
	Tree tree.Tree
	// Lack says why nothing of it is here; empty where it is.
	Lack string

	// folder says that it stands in a folder of the repository that is read.
	folder bool
	// revisions are the names of what stands there; nil is that nobody knows.
	revisions []string
}

var errForm = errors.New("want URL=DIR, such as https://git.example.org/team/base.git=../base")

// Parse reads what a flag gives: the URL of a repository and the directory of its checkout. Nothing is read yet.
func Parse(text string) (c Checkout, err error) {
	var ok bool
	c.URL, c.Dir, ok = strings.Cut(text, "=")
	if c.Root = rootOf(c.URL); !ok || c.Dir == "" || c.Root == "" {
		return c, errForm
	}
	return c, nil
}

// Open reads the checkout as Git has it.
func (c Checkout) Open() (Checkout, error) {
	var err error
	if c.Tree, err = gitrepo.Read(c.Dir); err != nil {
		return c, err
	}
	return c.standing(c.Dir), nil
}

// InFolder gives the checkout as one in a folder of the repository that is read.
func (c Checkout) InFolder(folder string) Checkout {
	c.Dir, c.Root, c.Tree, c.folder = folder, folder, tree.Tree{}, true
	return c
}

// Name is the URL without what is secret in it.
func (c Checkout) Name() string { return chart.Location(c.URL) }

// Known reports whether anything tells which revision stands there.
func (c Checkout) Known() bool { return c.revisions != nil }

// Stands reports whether a revision is what stands there. Where nothing tells, each but a commit is.
func (c Checkout) Stands(revision string) bool {
	switch {
	case revision == "" || revision == "HEAD":
		return true
	case !c.Known():
		return !commitHash.MatchString(revision)
	}
	name := strings.TrimPrefix(strings.TrimPrefix(revision, "refs/heads/"), "refs/tags/")
	isCommit := func(known string) bool { return commitHash.MatchString(revision) && strings.HasPrefix(known, revision) }
	return slices.Contains(c.revisions, name) || slices.ContainsFunc(c.revisions, isCommit)
}

var commitHash = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

// Published names a file of it for programs, so that nobody takes it for one of the repository that is read: the URL without what
// is secret in it, two slashes, and the path.
func (c Checkout) Published(inside string) string {
	at := c.URL
	if !strings.Contains(at, "://") { // as scp writes it
		at = "ssh://" + strings.Replace(at, ":", "/", 1)
	}
	return strings.TrimSuffix(chart.Location(at), "/") + "//" + inside
}

// List are checkouts of different repositories.
type List []Checkout

// Find gives the checkout of the repository that a URL names.
func (l List) Find(url string) (c Checkout, ok bool) {
	for _, one := range l {
		if Same(one.URL, url) {
			return one, true
		}
	}
	return c, false
}

// Add gives the list with one more, of another repository than all in it.
func (l List) Add(c Checkout) (List, error) {
	if _, twice := l.Find(c.URL); twice {
		return l, fmt.Errorf("%s is given twice", c.Name())
	}
	return append(l, c), nil
}

// Of gives the checkout that a path beside the repository's own files is of, and its path in there. What stands in a folder of the
// repository is of none.
func (l List) Of(p string) (c Checkout, inside string, ok bool) {
	for _, one := range l {
		if inside, ok = strings.CutPrefix(p, one.Root+"/"); ok && !one.folder {
			return one, inside, true
		}
	}
	return c, "", false
}

// Files are those of the checkouts by their paths beside the repository's own.
func (l List) Files() (files []tree.File) {
	for _, c := range l {
		for _, f := range c.Tree.Files() {
			f.Path = path.Join(c.Root, f.Path)
			files = append(files, f)
		}
	}
	return files
}

// Path gives the path beside the repository's own of what a person names in one of the checkouts; ok is false where it is in none.
func (l List) Path(name string) (p string, ok bool) {
	at, err := filepath.Abs(name)
	for _, c := range l {
		dir, wrong := filepath.Abs(c.Dir)
		if inside, other := filepath.Rel(dir, at); err == nil && wrong == nil && other == nil && filepath.IsLocal(inside) {
			return path.Join(c.Root, filepath.ToSlash(inside)), true
		}
	}
	return "", false
}

// Shown names a file of the checkout as a person can open it.
func (c Checkout) Shown(inside string) string {
	return filepath.ToSlash(filepath.Join(c.Dir, filepath.FromSlash(inside)))
}

// Named gives the list as what names files needs it: without the files, and without what is secret in URLs.
func (l List) Named() (named List) {
	for _, c := range l {
		if !c.folder {
			named = append(named, Checkout{URL: c.Name(), Dir: c.Dir, Root: c.Root})
		}
	}
	return named
}
