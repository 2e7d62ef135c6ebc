package upgrade

import (
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/merge"
)

// Kind says what becomes of a generated file.
type Kind string

// What becomes of generated files.
const (
	// Added is new; Changed was nobody's but ours; Removed is not generated any more, and nobody edited it.
	Added   Kind = "added"
	Changed Kind = "changed"
	Removed Kind = "removed"
	// Merged has the user's edits and what is new; Kept has the user's edits, and nothing is new in it.
	Merged Kind = "merged"
	Kept   Kind = "kept"
	// Conflicting has both where they differ: the user's stays, and what is not decided is on record.
	Conflicting Kind = "conflict"
	// Left is not generated any more, and somebody edited it, or a kustomization beside it: it is the user's own from now on.
	Left Kind = "left"
	// Deleted was deleted by the user, and stays so; Restored comes back because that is asked for.
	Deleted  Kind = "deleted"
	Restored Kind = "restored"
	// Moved stands where the user put it.
	Moved Kind = "moved"
	// Adopted stood there already as it would be written.
	Adopted Kind = "adopted"
)

// Outcome is what becomes of one generated file. What stays as it is has none.
type Outcome struct {
	ID   string
	Kind Kind
	// Path is where it stands afterwards, or stood; From is where it stood before, if that is elsewhere.
	Path, From string
	// Open are the conflicts that nobody decided.
	Open []Decision
	// Marked is the text with both sides of these set apart, where they are not on record; nil where there are none. The tree of a plan
	// has the text without marks.
	Marked []byte
	// Taken are the values of both sides of which one was taken by a rule.
	Taken []merge.Taken
}

// Open counts what nobody decided yet.
func Open(outcomes []Outcome) int {
	n := 0
	for _, o := range outcomes {
		n += len(o.Open)
	}
	return n
}

// Own reports whether a file is one by which gitopsgen keeps what it knows: the lock, the base, what is to be decided. Nothing is made
// of it in a cluster.
func Own(path string) bool {
	return lock.IsOwn(path) || strings.HasPrefix(path, ConflictDir+"/")
}
