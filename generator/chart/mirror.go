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
	rest, ok := below(ref.Repo, m.From)
	if !ok {
		return Chart{}, ErrNone
	}
	ref.Repo = strings.TrimSuffix(m.To, "/") + rest
	c, err := m.Ask(ctx, ref)
	c.Published = false // the publisher's archive may be another one
	return c, err
}

// Nowhere is the place that is left where the network may not be used.
type Nowhere struct{}

// Chart says that a chart may not be fetched.
func (Nowhere) Chart(context.Context, Ref) (Chart, error) {
	return Chart{}, &Unavailable{Reason: "not in the cache, and --offline forbids to fetch it"}
}
