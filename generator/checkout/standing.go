package checkout

import (
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
)

// standing are the names of the revision that a Git work tree stands at: the branch that is checked out, the commit, and the branches
// and tags that are that commit; nil where it is no work tree of its own, or cannot be read.
func standing(dir string) []string {
	if !IsOwn(dir) {
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
