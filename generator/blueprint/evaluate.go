package blueprint

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/google/go-jsonnet"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// Source says where blueprints are read.
type Source struct {
	// Library holds the tiers: <tier>.jsonnet and what they import.
	Library fs.FS
	// User is the folder that Spec.Blueprint is relative to; nil where there is none.
	User fs.FS
	// Limits bound an evaluation; the zero value gives it a hundred times what the largest of ours takes.
	Limits watchdog.Limits
}

var defaultLimits = watchdog.Limits{Time: 20 * time.Second, Memory: 512 << 20}

// Describe says what the blueprint that a spec names can do. What the spec chooses does not matter, only what it implies.
func Describe(ctx context.Context, source Source, spec Spec) (Description, error) {
	var d Description
	_, err := evaluate(ctx, source, spec, "blueprint(spec).describe", &d)
	return d, err
}

// Evaluate builds the platform of a spec, which has its defaults filled in. It also gives the user's own files that the
// blueprint was read from, by their paths in source.User.
func Evaluate(ctx context.Context, source Source, spec Spec) (Blueprint, []tree.File, error) {
	var b Blueprint
	files, err := evaluate(ctx, source, spec, "blueprint(spec)", &b)
	if err != nil {
		return Blueprint{}, nil, err
	}
	if err := checkNames(b); err != nil {
		return Blueprint{}, nil, err
	}
	for i, platform := range b.Clusters {
		own := map[string]ClusterComponent{}
		if i < len(spec.Clusters) {
			own = spec.Clusters[i].Components
		}
		for j := range platform.Components {
			c := &platform.Components[j]
			values := manifest.Merge(spec.Components[c.Name].Values, own[c.Name].Values)
			if len(values) == 0 {
				continue
			}
			if len(c.Charts) == 0 {
				return Blueprint{}, nil, fmt.Errorf("components.%s.values: the component has no chart", c.Name)
			}
			c.Charts[0].Values = manifest.Merge(c.Charts[0].Values, values)
		}
	}
	return b, files, nil
}

// Mirrored says under which names images are had on a site, by their own names.
func Mirrored(ctx context.Context, source Source, spec Spec, images []string) (map[string]string, error) {
	names := map[string]string{}
	list, err := json.Marshal(images)
	if err != nil {
		return nil, err
	}
	expression := fmt.Sprintf(
		"local mirror = (import %s)(spec.registries.mirror); {[image]: mirror.image(image) for image in std.set(%s)}",
		jsonText(libraryPrefix+"lib/mirror.libsonnet"), list,
	)
	_, err = evaluate(ctx, source, spec, expression, &names)
	return names, err
}

// entry is the file name of the snippet that calls the blueprint. It is a file beside the user's blueprint.
const entry = "gitopsgen-entry.jsonnet"

func evaluate(ctx context.Context, source Source, spec Spec, expression string, result any) ([]tree.File, error) {
	name := libraryPrefix + string(spec.Tier) + ".jsonnet"
	if spec.Blueprint != "" {
		name = path.Clean(spec.Blueprint)
	}
	specJSON, err := json.Marshal(evaluated(spec))
	if err != nil {
		return nil, err
	}
	i := &importer{source: source, cache: map[string]jsonnet.Contents{}}
	snippet := fmt.Sprintf("local blueprint = import %s; function(spec) %s", jsonText(name), expression)
	limits := source.Limits
	if limits == (watchdog.Limits{}) {
		limits = defaultLimits
	}
	shown := strings.TrimPrefix(name, libraryPrefix)
	var out string
	stopped := watchdog.Run(ctx, limits, func() {
		vm := jsonnet.MakeVM()
		vm.Importer(i)
		vm.ErrorFormatter = formatter{blueprint: shown}
		vm.TLACode("spec", string(specJSON))
		vm.SetTraceOut(io.Discard) // it writes what it likes to a terminal
		out, err = vm.EvaluateAnonymousSnippet(entry, snippet)
	})
	if stopped != nil {
		return nil, fmt.Errorf("blueprint %s %w", shown, stopped)
	}
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(out)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(result); err != nil {
		return nil, fmt.Errorf("blueprint %s: the result is not a platform: %w", shown, err)
	}
	slices.SortFunc(i.imported, func(a, b tree.File) int { return strings.Compare(a.Path, b.Path) })
	return i.imported, nil
}

// jsonText writes a text as Jsonnet reads it.
func jsonText(text string) []byte {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err) // a text always encodes
	}
	return out
}
