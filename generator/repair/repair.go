// Package repair finds out what gitopsgen wrote to the files of a repository whose base or lock is damaged.
//
// What it cannot find out it says: nobody's edit is ever taken for what gitopsgen wrote. It reads nothing and writes nothing.
package repair

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// How says how it was found out what was written to a file.
type How string

// How it is found out.
const (
	// Recalled is what a commit holds.
	Recalled How = "recalled"
	// Adopted stands there as it would be written now.
	Adopted How = "adopted"
	// Unknown is known of nobody.
	Unknown How = "unknown"
	// Deleted is not there, and was most likely deleted.
	Deleted How = "deleted"
)

// Mended is one file of which it was not known what was written, or the lock.
type Mended struct {
	Path string
	How  How
	// Commit is the one that knew.
	Commit string
}

// Input is what is known.
type Input struct {
	// Tree is what stands there, Want what would be written.
	Tree tree.Tree
	Want upgrade.State
	// Past are earlier states, the newest first, by their commits.
	Past iter.Seq2[string, tree.Tree]
}

// Base gives the changes that mend the lock and the base of a repository, and what was found out. There are none where nothing is wrong.
func Base(in Input) (changes []gitrepo.Change, found []Mended, err error) {
	l, found, err := in.lock()
	if err != nil {
		return nil, nil, err
	}
	whole := len(found) == 0
	if whole && l.Sound() == nil {
		return nil, nil, nil
	}
	for commit, past := range in.Past {
		if l.Sound() == nil {
			break
		}
		if was, ok, err := lock.Read(past); ok && err == nil {
			for _, file := range l.Recall(was) {
				found = append(found, Mended{file, Recalled, commit})
			}
		}
	}
	found = append(found, in.settle(&l, whole)...)
	slices.SortStableFunc(found, func(a, b Mended) int { return strings.Compare(a.Path, b.Path) })
	changes, err = in.write(l)
	return changes, found, err
}

// lock reads the lock, or makes one where there is none that can be read: from the newest state that has one, or else from what would
// be written.
func (in Input) lock() (l lock.Lock, found []Mended, err error) {
	if l, ok, err := lock.Read(in.Tree); ok && err == nil {
		return l, nil, nil
	}
	for commit, past := range in.Past {
		if _, ok, err := lock.Read(past); !ok || err != nil {
			continue
		}
		l, err := in.with(past)
		return l, []Mended{{lock.Path, Recalled, commit}}, err
	}
	if l, err = in.with(in.Want.Tree); err != nil {
		return l, nil, err
	}
	for _, f := range l.Files {
		if w, ok := wanted(in.Want.Lock, f.ID); ok && w.Path != f.Path {
			l.Moved = append(l.Moved, lock.Moved{ID: f.ID, From: w.Path})
		}
	}
	return l, []Mended{{Path: lock.Path, How: Adopted}}, nil
}

// with reads what stands there by the lock of another tree.
func (in Input) with(other tree.Tree) (lock.Lock, error) {
	text, _ := other.File(lock.Path)
	files := slices.DeleteFunc(slices.Clone(in.Tree.Files()), func(f tree.File) bool { return f.Path == lock.Path })
	t, err := tree.New(append(files, text)...)
	if err != nil {
		return lock.Lock{}, err
	}
	l, _, err := lock.Read(t)
	return l, err
}

// settle decides about all that no earlier state knows. Where the lock was not whole either it is not known what users deleted.
func (in Input) settle(l *lock.Lock, whole bool) (found []Mended) {
	for i, f := range l.Files {
		if f.Data != nil {
			continue
		}
		have, _ := in.Tree.File(f.Path)
		how := Unknown
		if w, ok := wanted(in.Want.Lock, f.ID); ok && bytes.Equal(w.Data, have.Data) {
			l.Files[i].Data, how = w.Data, Adopted
		}
		found = append(found, Mended{Path: f.Path, How: how})
	}
	for _, w := range in.Want.Lock.Files {
		if _, known := wanted(*l, w.ID); known || slices.Contains(l.Deleted, w.ID) || whole && !l.Lost(w.Path) {
			continue
		}
		have, here := in.Tree.File(w.Path)
		how := Unknown
		switch {
		case !here:
			how = Deleted
			l.Deleted = append(l.Deleted, w.ID)
		case bytes.Equal(w.Data, have.Data):
			how = Adopted
			l.Files = append(l.Files, w)
		default:
			l.Files = append(l.Files, lock.File{ID: w.ID, Path: w.Path})
		}
		found = append(found, Mended{Path: w.Path, How: how})
	}
	l.Damaged = nil
	slices.SortFunc(l.Files, func(a, b lock.File) int { return strings.Compare(a.Path, b.Path) })
	return found
}

// wanted gives the file of an ID.
func wanted(l lock.Lock, id string) (lock.File, bool) {
	i := slices.IndexFunc(l.Files, func(f lock.File) bool { return f.ID == id })
	if i < 0 {
		return lock.File{}, false
	}
	return l.Files[i], true
}

// write gives the changes by which a lock stands in the tree, and no archive beside those that it has.
func (in Input) write(l lock.Lock) ([]gitrepo.Change, error) {
	data, err := l.Encode()
	if err != nil {
		return nil, err
	}
	own, err := l.Archives()
	if err != nil {
		return nil, err
	}
	changes := gitrepo.Differing(in.Tree, append(own, tree.File{Path: lock.Path, Data: data})...)
	for _, f := range in.Tree.Files() {
		if lock.IsArchive(f.Path) && !slices.ContainsFunc(own, func(o tree.File) bool { return o.Path == f.Path }) {
			changes = append(changes, gitrepo.Change{File: f, Remove: true})
		}
	}
	return changes, nil
}
