package upgrade

import (
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/merge"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// notKnown is the reason of a conflict in a file of which it is not known what gitopsgen wrote: what is missing in it may be new, or
// taken out by the user.
const notKnown merge.Reason = "it is not known what gitopsgen wrote here"

// unknown settles such a file as a whole; took is what was decided.
func unknown(have tree.File, want lock.File, took func(merge.Conflict) Take) (merge.Result, Record) {
	c := merge.Conflict{
		Reason: notKnown,
		Ours:   merge.Side{There: true, Value: string(have.Data)}, Theirs: merge.Side{There: true, Value: string(want.Data)},
	}
	d := newDecision(c)
	if d.Take = took(c); d.Take == Theirs {
		return merge.Result{Text: want.Data}, Record{}
	}
	result := merge.Lines(merge.Files{Path: have.Path, Have: have.Data, Want: want.Data}, merge.Options{}) // knows how both are set apart
	result.Text, result.Conflicts = have.Data, []merge.Conflict{c}
	return result, Record{Decisions: []Decision{d}}
}
