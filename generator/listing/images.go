package listing

import (
	"cmp"
	"io"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/image"
)

// Images are the formats of the images that a repository runs.
var Images = map[string]func(io.Writer, []image.Used) error{
	"json":   imagesJSON,
	"list":   imagesList,
	"skopeo": imagesSkopeo,
}

func imagesList(w io.Writer, images []image.Used) error {
	for _, one := range images {
		if _, err := escape.Fprintf(w, "%s\n", one.Image); err != nil {
			return err
		}
	}
	return nil
}

func imagesJSON(w io.Writer, images []image.Used) error {
	return escape.JSON(w, struct {
		Schema int          `json:"schema"`
		Images []image.Used `json:"images"`
	}{1, images})
}

// imagesSkopeo writes what skopeo sync reads: versions by repository by registry.
func imagesSkopeo(w io.Writer, images []image.Used) error {
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
