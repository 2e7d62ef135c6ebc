package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/image"
)

// imageFormats are the formats of images.
var imageFormats = map[string]func(io.Writer, []usedImage) error{
	"json":   imagesJSON,
	"list":   imagesList,
	"skopeo": imagesSkopeo,
}

func (p *program) images() *cli.Command {
	return &cli.Command{
		Name:      "images",
		Usage:     "list all images that a repository runs",
		UsageText: "gitopsgen images [FLAGS] [DIR]",
		Description: `DIR is the current directory unless given. Images in arguments, environment, ConfigMaps and custom resources are among
them, for operators run those. Where a chart is not at hand, what was recorded of it counts. A list that may lack images,
because something could not be rendered, ends with status 3.

With registries.mirror the list names the mirror's images; json tells for each what it is a copy of, and skopeo is a file
for "skopeo sync --src yaml" that names the originals.

examples:
   gitopsgen images
   gitopsgen images --format=skopeo > images.yaml
   skopeo sync --src yaml --dest docker --scoped images.yaml registry.example.org/mirror`,
		Flags: append([]cli.Flag{
			formatFlag("list", imageFormats),
		}, checkFlags()...),
		Action: func(c *cli.Context) error {
			write, err := format(c, imageFormats)
			if err != nil {
				return err
			}
			_, t, o, err := p.openTree(c)
			if err != nil {
				return err
			}
			r, err := renderTree(c.Context, t, o)
			p.progress("")
			if err != nil {
				return err
			}
			images, err := usedImages(c.Context, r)
			if err != nil {
				return err
			}
			if err := write(p.stdout, images); err != nil {
				return err
			}
			p.tellNotes(r.result)
			return cmp.Or(r.failure, p.incomplete(r))
		},
	}
}

// incomplete is the error of a list that may lack images.
func (p *program) incomplete(r rendered) error {
	lacking := 0
	for _, app := range r.result.Applications {
		if app.NotRendered != "" && !app.Elsewhere {
			lacking++
			escape.Fprintf(p.stderr, "not rendered: %s: %s\n", app.Name, app.NotRendered)
		}
	}
	if lacking == 0 {
		return nil
	}
	return fmt.Errorf("the list may lack images: %s not rendered", plural(lacking, "Application"))
}

// usedImage is one image, what it is a copy of, and what runs it.
type usedImage struct {
	Image  string `json:"image"`
	Source string `json:"source"`
	// Users are the objects that name it, with their Application: "Deployment lights/lamp of prod-lamp"; of a record it
	// may be the Application alone.
	Users []string `json:"users"`
}

// usedImages gathers the images of what was rendered and recorded, sorted by name.
func usedImages(ctx context.Context, r rendered) ([]usedImage, error) {
	users := map[string]map[string]bool{}
	use := func(image, user string) {
		if users[image] == nil {
			users[image] = map[string]bool{}
		}
		users[image][user] = true
	}
	for _, res := range r.result.Resources {
		user := res.ID.String()
		if app := res.Origin.Application; app != "" {
			user += " of " + app
		}
		for _, name := range image.Find(res.Object) {
			use(name, user)
		}
	}
	for _, app := range r.result.Applications {
		for _, name := range app.RecordedImages {
			use(name, app.Name)
		}
	}
	names := slices.Sorted(maps.Keys(users))
	sources, err := originals(ctx, r.spec, names)
	if err != nil {
		return nil, err
	}
	images := []usedImage{}
	for _, name := range names {
		images = append(images, usedImage{name, sources[name], slices.Sorted(maps.Keys(users[name]))})
	}
	return images, nil
}

// originals says of which images those of a mirror are copies, by their names.
func originals(ctx context.Context, spec blueprint.Spec, names []string) (map[string]string, error) {
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
	mirrored, err := blueprint.Mirrored(ctx, blueprint.Source{Library: blueprints.FS}, spec, candidates)
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

func imagesList(w io.Writer, images []usedImage) error {
	for _, image := range images {
		if _, err := escape.Fprintf(w, "%s\n", image.Image); err != nil {
			return err
		}
	}
	return nil
}

func imagesJSON(w io.Writer, images []usedImage) error {
	return escape.JSON(w, struct {
		Schema int         `json:"schema"`
		Images []usedImage `json:"images"`
	}{1, images})
}

// imagesSkopeo writes what skopeo sync reads: versions by repository by registry.
func imagesSkopeo(w io.Writer, images []usedImage) error {
	registries := map[string]any{}
	for _, one := range images {
		host, rest, _ := strings.Cut(one.Source, "/")
		name, version := image.Split(rest)
		if registries[host] == nil {
			registries[host] = map[string]any{"images": map[string]any{}}
		}
		repositories := registries[host].(map[string]any)["images"].(map[string]any)
		versions, _ := repositories[name].([]any)
		repositories[name] = append(versions, cmp.Or(version, "latest"))
	}
	return escape.YAML(w, registries)
}
