package build

import (
	"context"
	"errors"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/memo"
)

// Charts is a place that charts come from.
type Charts interface {
	// Chart gives a chart. The error is chart.ErrNone where this place does not have it, and a *chart.Unavailable where
	// that cannot be told now.
	Chart(ctx context.Context, ref chart.Ref) (chart.Chart, error)
}

// Fetch asks places for a chart, one after the other, until one has the pinned one. The error is chart.ErrNone where no
// place has it, a *chart.Unavailable where one might, and another one where what they have is wrong.
func Fetch(ctx context.Context, places []Charts, ref chart.Ref, pin chart.Pin) (chart.Chart, error) {
	var wrong error
	var reasons []string
	silent := true
	for _, place := range places {
		c, err := place.Chart(ctx, ref)
		if err == nil {
			err = pin.Check(c)
		}
		var unavailable *chart.Unavailable
		switch {
		case ctx.Err() != nil:
			return chart.Chart{}, ctx.Err()
		case err == nil:
			return c, nil
		case errors.As(err, &unavailable):
			reasons = append(reasons, unavailable.Reason)
			silent = silent && unavailable.Silent
		case wrong == nil && !errors.Is(err, chart.ErrNone):
			wrong = err
		}
	}
	switch {
	case wrong != nil:
		return chart.Chart{}, wrong
	case len(reasons) > 0:
		return chart.Chart{}, &chart.Unavailable{Reason: strings.Join(reasons, "; "), Silent: silent}
	}
	return chart.Chart{}, chart.ErrNone
}

// home is a directory of the repository that holds charts, each read once.
type home struct {
	chart.Home
	known *memo.Table[string, chart.Chart]
}

// Chart implements Charts.
func (h home) Chart(ctx context.Context, ref chart.Ref) (chart.Chart, error) {
	return h.known.Do(ctx, h.Folder(ref), func() (chart.Chart, error) { return h.Home.Chart(ctx, ref) })
}
