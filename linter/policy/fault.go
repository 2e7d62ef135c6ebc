package policy

import (
	"context"
	"errors"

	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter"
)

// misshapen is the error of a policy that yields something else than findings.
type misshapen struct{ error }

// fault is the finding about a policy of the repository's own that is asked no more: its own mistake, which is to hide nothing that
// others find. What takes too much memory ends the run.
func (p policy) fault(ctx context.Context, err error) (f linter.Finding, ok bool) {
	if err == nil || !p.own || ctx.Err() != nil {
		return f, false
	}
	var exceeded *watchdog.Exceeded
	if !errors.As(err, &exceeded) {
		return p.givenUp(err.Error(), p.mending(err)), true
	}
	return p.givenUp(exceeded.Reason, "it judges one object, and is to say what is wrong with it in a moment."), !exceeded.Memory
}

func (p policy) givenUp(reason, mending string) linter.Finding {
	return linter.Finding{
		Rule:    p.rule.ID,
		Message: "the policy was stopped, and judges nothing from here on: " + reason,
		Fix:     "Mend the policy: " + mending,
	}
}

// mending says what to do about an error of evaluation.
func (p policy) mending(err error) string {
	switch wrong := (misshapen{}); {
	case !errors.As(err, &wrong):
		return "it fails at the place that is named."
	case p.bare:
		return `it is to yield a text, or {"msg": text, "at": [field names and indices]}.`
	}
	return `it is to yield {"msg": text, "at": [field names and indices], "fix": text}, of which at and fix may be left out.`
}
