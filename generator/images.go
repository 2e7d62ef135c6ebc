package generator

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/image"
)

// UsedImages gathers the images of what was rendered and recorded, sorted by name.
func (g Generator) UsedImages(ctx context.Context, r Rendered) ([]image.Used, error) {
	users := map[string]map[string]bool{}
	use := func(name, user string) {
		if users[name] == nil {
			users[name] = map[string]bool{}
		}
		users[name][user] = true
	}
	for _, res := range r.Resources {
		user := res.ID.String()
		if app := res.Origin.Application; app != "" {
			user += " of " + app
		}
		for _, name := range image.Find(res.Object) {
			use(name, user)
		}
	}
	for _, app := range r.Applications {
		for _, name := range app.RecordedImages {
			use(name, app.Name)
		}
	}
	names := slices.Sorted(maps.Keys(users))
	sources, err := g.originals(ctx, r.Spec, names)
	if err != nil {
		return nil, err
	}
	images := []image.Used{}
	for _, name := range names {
		images = append(images, image.Used{Image: name, Source: sources[name], Users: slices.Sorted(maps.Keys(users[name]))})
	}
	return images, nil
}

// originals says of which images those of a mirror are copies, by their names.
func (g Generator) originals(ctx context.Context, spec blueprint.Spec, names []string) (map[string]string, error) {
	of := map[string]string{}
	var candidates []string
	for _, name := range names {
		of[name] = name
		for prefix, to := range spec.Registries.Mirror.Images {
			if rest, ok := strings.CutPrefix(name, strings.TrimSuffix(to, "/")+"/"); ok {
				candidates = append(candidates, strings.TrimPrefix(prefix, "*")+rest)
			}
		}
	}
	if len(candidates) == 0 {
		return of, nil
	}
	mirrored, err := blueprint.Mirrored(ctx, blueprint.Source{Library: g.Blueprints, Kept: g.Kept}, spec, candidates)
	if err != nil {
		return nil, err
	}
	for _, source := range slices.Sorted(maps.Keys(mirrored)) {
		if name := mirrored[source]; of[name] != "" {
			of[name] = source
		}
	}
	return of, nil
}
