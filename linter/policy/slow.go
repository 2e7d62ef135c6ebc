package policy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// ourPatience is how long one of our policies may take for one object: a thousandth of it is much.
const ourPatience = 10 * time.Second

// slow keeps what our policies took too long for. Several goroutines may add to it.
type slow struct {
	sync.Mutex
	all     []linter.NotJudged
	objects map[*manifest.Resource]bool
}

// errSlow ends one of our policies on one object.
var errSlow = errors.New("it took too long")

// notJudged lists what was given up on, sorted.
func (s *session) notJudged() []linter.NotJudged {
	slices.SortFunc(s.slow.all, func(a, b linter.NotJudged) int {
		return cmp.Or(strings.Compare(a.Rule, b.Rule), strings.Compare(a.Reason, b.Reason))
	})
	return s.slow.all
}

// giveUp names an object that one of our policies took too long for.
func (s *session) giveUp(p policy, r *manifest.Resource) {
	s.slow.Lock()
	defer s.slow.Unlock()
	which := r.ID.String()
	if r.Origin.Fetched { // whose names are not told
		which = "an object of Application " + r.Origin.Application
	}
	if s.slow.objects == nil {
		s.slow.objects = map[*manifest.Resource]bool{}
	}
	s.slow.objects[r] = true
	s.slow.all = append(s.slow.all, linter.NotJudged{Rule: p.rule.ID, Reason: fmt.Sprintf("%s took more than %s", which, s.patience)})
}

// isSlow reports whether an object was given up on: another time it may be judged.
func (s *session) isSlow(r *manifest.Resource) bool {
	s.slow.Lock()
	defer s.slow.Unlock()
	return s.slow.objects[r]
}

// guard stops our policies, of which one after the other judges an object.
type guard struct {
	cancel topdown.Cancel
	timer  *time.Timer
	// off lets go of the context.
	off func() bool
}

func (s *session) newGuard(ctx context.Context) guard {
	c := topdown.NewCancel()
	return guard{c, time.AfterFunc(s.patience, c.Cancel), context.AfterFunc(ctx, c.Cancel)}
}

func (g guard) end() {
	g.timer.Stop()
	g.off()
}

// askOurs asks one of our policies about one resource. The error is errSlow where that takes too long: then the guard is used up.
func (s *session) askOurs(ctx context.Context, p policy, q question) ([]linter.Finding, error) {
	q.guard.timer.Reset(s.patience)
	q.cancel = q.guard.cancel
	found, err := p.judge(ctx, q)
	if q.guard.timer.Stop() || ctx.Err() != nil {
		return found, err
	}
	return nil, errSlow
}
