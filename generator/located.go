package generator

import (
	"context"
	"errors"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/linter/schema/location"
)

// located puts the locations that a person names over the schemas of the library; nil where there are none.
func (g Generator) located(ctx context.Context, locations []location.Location) *location.Source {
	if len(locations) == 0 {
		return nil
	}
	files := g.Places.Files()
	if files == nil {
		return location.New(ctx, g.Schemas, locations, nil)
	}
	return location.New(ctx, g.Schemas, locations, func(url string) ([]byte, bool, error) {
		data, err := files(ctx, url)
		var refused *chart.Unavailable
		if errors.As(err, &refused) && refused.Absent {
			return nil, false, nil
		}
		return data, err == nil, err
	})
}
