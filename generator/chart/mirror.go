package chart

import (
	"context"
	"strings"
)

// Mirror stands for the repositories below a URL with those below another one.
type Mirror struct {
	From, To string
	// Ask gets a chart of the mirror's own repositories.
	Ask func(ctx context.Context, ref Ref) (Chart, error)
}

// Chart gives a chart of the mirror.
func (m Mirror) Chart(ctx context.Context, ref Ref) (Chart, error) {
	there, ok := m.Instead(ref)
	if !ok {
		return Chart{}, ErrNone
	}
	c, err := m.Ask(ctx, there)
	c.Published = false // the publisher's archive may be another one
	return c, err
}

// Instead names a chart as the mirror does; ok is false where it does not stand for its repository.
func (m Mirror) Instead(ref Ref) (there Ref, ok bool) {
	rest, ok := below(ref.Repo, m.From)
	ref.Repo = strings.TrimSuffix(m.To, "/") + rest
	return ref, ok
}

// Nowhere is the place that is left where the network may not be used.
type Nowhere struct{}

// Chart says that a chart may not be fetched.
func (Nowhere) Chart(context.Context, Ref) (Chart, error) {
	return Chart{}, &Unavailable{Reason: "not in the cache, and --offline forbids to fetch it"}
}
