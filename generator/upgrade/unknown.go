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
	return merge.Result{Text: have.Data, Conflicts: []merge.Conflict{c}}, Record{Decisions: []Decision{d}}
}
