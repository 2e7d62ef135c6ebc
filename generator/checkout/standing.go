package checkout

import (
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
)

// standing gives the checkout with what the Git work tree in a directory stands at.
func (c Checkout) standing(dir string) Checkout {
	c.revisions = revisionsOf(dir)
	return c
}

// isOwn reports whether a directory is a Git work tree of its own, such as that of a submodule.
func isOwn(dir string) bool {
	_, inside, ok := gitrepo.Inside(dir)
	return ok && inside == "."
}

// revisionsOf are the names of the revision that a Git work tree stands at: the branch that is checked out, the commit, and the branches
// and tags that are that commit; nil where it is no work tree of its own, or cannot be read.
func revisionsOf(dir string) []string {
	if !isOwn(dir) {
		return nil
	}
	repo, err := git.PlainOpenWithOptions(dir, &git.PlainOpenOptions{EnableDotGitCommonDir: true})
	if err != nil {
		return nil
	}
	head, err := repo.Reference(plumbing.HEAD, false)
	if err != nil {
		return nil
	}
	names := []string{}
	if head.Type() == plumbing.SymbolicReference {
		names = append(names, head.Target().Short())
	}
	at, err := repo.Head()
	if err != nil { // nothing is committed yet
		return names
	}
	names = append(names, at.Hash().String())
	refs, err := repo.References()
	if err != nil {
		return names
	}
	_ = refs.ForEach(func(ref *plumbing.Reference) error { // one that cannot be read names nothing
		commit := ref.Hash()
		if tag, err := repo.TagObject(commit); err == nil {
			commit = tag.Target
		}
		if commit == at.Hash() {
			names = append(names, nameOf(ref.Name()))
		}
		return nil
	})
	return names
}

// nameOf is what a branch or a tag is called in its own repository.
func nameOf(ref plumbing.ReferenceName) string {
	if ref.IsRemote() {
		_, name, _ := strings.Cut(ref.Short(), "/")
		return name
	}
	return ref.Short()
}
