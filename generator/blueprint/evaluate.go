package blueprint

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/cache"
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
	// Limits bound the evaluation of one cluster; the zero value gives it a hundred times what the largest of ours takes.
	Limits watchdog.Limits
	// Kept is what earlier runs evaluated; nil keeps nothing.
	Kept *cache.Store
}

var defaultLimits = watchdog.Limits{Time: 20 * time.Second, Memory: 512 << 20}

// Describe says what the blueprint that a spec names can do. What the spec chooses does not matter, only what it implies.
func Describe(ctx context.Context, source Source, spec Spec) (Description, error) {
	var d Description
	e, err := newEvaluator(source, spec)
	if err != nil {
		return d, err
	}
	err = e.once(ctx, "blueprint(spec).describe", &d)
	return d, err
}

// named is a description in which components that the spec does not name have nothing but what they are about.
const named = `local all = blueprint(spec).describe;
local names = std.set(std.flatMap(std.objectFields, [spec.components] + [std.get(cluster, 'components', {}) for cluster in spec.clusters]));
all { components: {
	[name]: if std.setMember(name, names) then all.components[name] else { about: all.components[name].about }
	for name in std.objectFields(all.components)
} }`

// DescribeNamed is Describe in a tenth of the time: of components that the spec does not name it gives what they are about, and neither
// parameters nor charts. That suffices for Document.Check. All is said of a user's own blueprint, in which all may be wrong.
func DescribeNamed(ctx context.Context, source Source, spec Spec) (Description, error) {
	if spec.Blueprint != "" {
		return Describe(ctx, source, spec)
	}
	var d Description
	e, err := newEvaluator(source, spec)
	if err != nil {
		return d, err
	}
	err = e.once(ctx, named, &d)
	return d, err
}

// Evaluate builds the platform of a spec, which has its defaults filled in. It also gives the user's own files that the
// blueprint was read from, by their paths in source.User.
func Evaluate(ctx context.Context, source Source, spec Spec) (Blueprint, []tree.File, error) {
	e, err := newEvaluator(source, spec)
	if err != nil {
		return Blueprint{}, nil, err
	}
	b, err := e.blueprint(ctx, spec)
	return b, e.importer.files(), err
}

// EvaluateLast is Evaluate for the last cluster alone: of the others there are the names.
func EvaluateLast(ctx context.Context, source Source, spec Spec) (Blueprint, error) {
	e, err := newEvaluator(source, spec)
	if err != nil {
		return Blueprint{}, err
	}
	e.lastOnly = true
	return e.blueprint(ctx, spec)
}

func (e *evaluator) blueprint(ctx context.Context, spec Spec) (b Blueprint, err error) {
	if err := e.platforms(ctx, &b); err != nil {
		return Blueprint{}, err
	}
	if err := checkNames(b); err != nil {
		return Blueprint{}, err
	}
	if err := spec.mergeValues(b); err != nil {
		return Blueprint{}, err
	}
	return b, nil
}

// mergeValues puts the user's values over those of the components.
func (s Spec) mergeValues(b Blueprint) error {
	for i, platform := range b.Clusters {
		own := map[string]ClusterComponent{}
		if i < len(s.Clusters) {
			own = s.Clusters[i].Components
		}
		for j := range platform.Components {
			c := &platform.Components[j]
			values := manifest.Merge(s.Components[c.Name].Values, own[c.Name].Values)
			if len(values) == 0 {
				continue
			}
			if len(c.Charts) == 0 {
				return fmt.Errorf("components.%s.values: the component has no chart", c.Name)
			}
			c.merge(values)
		}
	}
	return nil
}

// merge puts values over those of the first chart.
func (c *Component) merge(values map[string]any) {
	merged := manifest.Merge(c.Charts[0].Values, values)
	at := []any{"charts", 0, "values"}
	c.Reasons = slices.DeleteFunc(c.Reasons, func(r Reason) bool {
		ours := Reasons{r}.Below(at...)
		return len(ours) == 1 && ours[0].outdated(c.Charts[0].Values, merged)
	})
	c.Charts[0].Values = merged
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
	e, err := newEvaluator(source, spec)
	if err != nil {
		return nil, err
	}
	err = e.once(ctx, expression, &names)
	return names, err
}

// jsonText writes a text as Jsonnet reads it.
func jsonText(text string) []byte {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err) // a text always encodes
	}
	return out
}
