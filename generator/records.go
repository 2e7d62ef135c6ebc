package generator

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/record"
	"github.com/gitopsgen/gitopsgen/generator/supply"
)

// Keys gives the keys of what charts render to. They are those of a spec as it would be anywhere: a domain or an address of
// one site does not change what the policies judge. What is the same anywhere is evaluated once.
type Keys struct {
	source blueprint.Source
	known  map[string]map[string]string
}

// NewKeys gives those of the blueprints in a source.
func NewKeys(source blueprint.Source) *Keys {
	return &Keys{source, map[string]map[string]string{}}
}

// Of gives the keys of a spec by cluster and component. A blueprint that works at one site only has none.
func (k *Keys) Of(ctx context.Context, spec blueprint.Spec) (map[string]map[string]string, error) {
	keys := map[string]map[string]string{}
	for i, c := range spec.Clusters {
		neutral := spec.Neutral(i)
		text, err := json.Marshal(neutral)
		if err != nil {
			return nil, err
		}
		of, ok := k.known[string(text)]
		if !ok {
			b, err := blueprint.EvaluateLast(ctx, k.source, neutral)
			switch {
			case ctx.Err() != nil:
				return nil, ctx.Err()
			case err == nil:
				if of, err = layout.RecordKeys(neutral, b); err != nil {
					return nil, err
				}
			}
			k.known[string(text)] = of
		}
		keys[c.Name] = of
	}
	return keys, nil
}

// known finds what is known of the charts of a repository without having them: by the library's records, and by those that
// the settings keep of components of the repository's own. An error is told by the function that comes with it.
func (g Generator) known(ctx context.Context, r Repository, by *Settings) (chartOf func(dir string, ref chart.Ref) *record.Chart, failed func() error) {
	pins := supply.Pins(r.Lock)
	records := sync.OnceValues(func() (map[string]record.Record, error) {
		var wanted []record.Wanted
		for _, locked := range r.Lock.Unedited(r.Lock.Edited(r.Tree)) {
			wanted = append(wanted, record.Wanted(locked))
		}
		ours := record.Source{Records: g.Records, Kept: g.Kept}
		if len(r.Spec.Registries.Mirror.Images) > 0 {
			ours.Names = func(images []string) (map[string]string, error) {
				return blueprint.Mirrored(ctx, blueprint.Source{Library: g.Blueprints, Kept: g.Kept}, r.Spec, images)
			}
		}
		return record.Recall(wanted, ours, record.Source{Records: by.Tree.FS(RecordsDir)})
	})
	var asked atomic.Bool // by several at the same time
	chartOf = func(dir string, ref chart.Ref) *record.Chart {
		asked.Store(true)
		all, _ := records()
		c, ok := all[dir].Chart(ref.Name, ref.Version)
		if pin := pins[ref.Public()]; !ok || pin.Content != "" && pin.Content != c.Content {
			return nil // the publisher's files are others than those that were recorded
		}
		return &c
	}
	return chartOf, func() error {
		if !asked.Load() {
			return nil
		}
		_, err := records()
		return err
	}
}
