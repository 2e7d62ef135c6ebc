package build

import (
	"context"
	"slices"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/kustomize"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// keptChart is what is kept of a chart's unit.
type keptChart struct {
	// Output is for Applications, Objects are for kustomizations.
	Output  helm.Output
	Objects []keptObject
}

// keptObject is what is kept of a kustomize.Object.
type keptObject struct {
	Object map[string]any
	Blank  []manifest.Path
}

// renderKept renders a chart, unless an earlier run rendered an equal unit. What failed is not kept, nor what may be another
// time something else.
func (b *Builder) renderKept(ctx context.Context, i *rendering, of UnitKind) error {
	key, ok := b.options.Kept.Key("chart", i.digest)
	var known keptChart
	if ok {
		if data, there := b.options.Kept.Large(key); there && manifest.Unpack(data, &known) == nil {
			i.output = known.Output
			for _, o := range known.Objects {
				i.objects = append(i.objects, kustomize.Object{Resource: manifest.Resource{ID: manifest.NewID(o.Object), Object: o.Object}, Blank: o.Blank})
			}
			return nil
		}
	}
	noting, noted := watchdog.Noting(ctx)
	err := i.render(noting, of, b)
	if noted() {
		watchdog.Note(ctx)
	}
	if !ok || err != nil || noted() {
		return err
	}
	known = keptChart{Output: i.output}
	for _, o := range i.objects {
		known.Objects = append(known.Objects, keptObject{o.Object, o.Blank})
	}
	if data, err := manifest.Pack(known); err == nil {
		b.options.Kept.PutLarge(key, data)
	}
	return nil
}

// template renders a chart. Chance and the clock are noted where they have a part in what comes of it and that may be kept: many charts
// ask for the time to find out whether a text is one, which is found by rendering them at another time.
func (i *inflation) template(ctx context.Context, kept bool) (helm.Output, error) {
	asked := false
	start := time.Now()
	r := i.release
	r.Chance = func() { watchdog.Note(ctx) }
	r.Now = func() time.Time {
		asked = true
		return start
	}
	out, err := helm.Template(ctx, i.files, r)
	if err != nil || !asked || !kept {
		return out, err
	}
	r.SkipSchema = true // the values are the same
	r.Now = func() time.Time { return start.AddDate(1, 1, 1).Add(time.Hour + time.Minute + time.Second) }
	if later, err := helm.Template(ctx, i.files, r); err != nil || !slices.Equal(out.Documents, later.Documents) {
		watchdog.Note(ctx)
	}
	return out, nil
}

// buildKept runs kustomize, unless an earlier run did so on the same.
func (a *assembly) buildKept(ctx context.Context) (kustomize.Output, error) {
	key, ok := a.options.Kept.Key("kustomize", a.Key())
	if ok {
		if data, there := a.options.Kept.Large(key); there {
			if out, err := kustomize.Unpack(data); err == nil {
				return out, nil
			}
		}
	}
	out, err := a.Whole.Build(ctx, a.options.Limits)
	if ok && err == nil && !out.Own {
		if data, err := out.Pack(); err == nil {
			a.options.Kept.PutLarge(key, data)
		}
	}
	return out, err
}
