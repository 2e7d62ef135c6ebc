package build

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/memo"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
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
			if _, ours := place.(home); !ours && pin.Content == "" {
				watchdog.Note(ctx)
			}
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

// Newest gives the newest version in the range of versions that a chart is named by. The error is a *chart.Unavailable where that
// cannot be told now.
type Newest func(ctx context.Context, ref chart.Ref) (string, error)

// Exact gives a chart that is named by a range in the version that the pin has for it, else in the newest one; nil tells of none.
func (n Newest) Exact(ctx context.Context, ref chart.Ref, pin chart.Pin) (chart.Ref, error) {
	switch {
	case !ref.IsRange():
		return ref, nil
	case pin.Version != "":
		ref.Version = pin.Version
		return ref, nil
	case n == nil:
		return ref, &chart.Unavailable{Reason: fmt.Sprintf("version %q is a range, and so another chart from time to time: pin one", ref.Version)}
	}
	version, err := n(ctx, ref)
	if err == nil {
		ref.Version = version
	}
	return ref, err
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
