package generator

import (
	"context"
	"encoding/json"
	"io/fs"
	"sync"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/image"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/record"
)

// RecordKeys gives the keys of what the charts of a spec render to, by cluster and component. They are those of the spec
// as it would be anywhere: a domain or an address of one site does not change what the policies judge. A blueprint that
// works at one site only has none.
func RecordKeys(ctx context.Context, source blueprint.Source, spec blueprint.Spec) (map[string]map[string]string, error) {
	keys, known := map[string]map[string]string{}, map[string]map[string]string{}
	for i, c := range spec.Clusters {
		neutral := spec.Neutral(i)
		text, err := json.Marshal(neutral)
		if err != nil {
			return nil, err
		}
		of, ok := known[string(text)]
		if !ok {
			b, _, err := blueprint.Evaluate(ctx, source, neutral)
			switch {
			case ctx.Err() != nil:
				return nil, ctx.Err()
			case err == nil:
				if of, err = layout.RecordKeys(neutral, b); err != nil {
					return nil, err
				}
			}
			known[string(text)] = of
		}
		keys[c.Name] = of
	}
	return keys, nil
}

// knownCharts are what is known of the charts of a repository without having them.
type knownCharts struct {
	ctx        context.Context
	library    Library
	repository Repository
	// own are the records that the repository keeps of its own components.
	own  fs.FS
	pins map[chart.Ref]chart.Pin // of the lock

	once    sync.Once
	records map[string]record.Record // by the folder of their component
	// err says why they could not be read.
	err error
}

// chart is render's Options.Recorded.
func (k *knownCharts) chart(dir string, ref chart.Ref) *record.Chart {
	k.once.Do(func() { k.err = k.read() })
	c, ok := k.records[dir].Chart(ref.Name, ref.Version)
	if !ok {
		return nil
	}
	if pin := k.pins[ref.Public()]; pin.Content != "" && pin.Content != c.Content {
		return nil // the publisher's files are others than those that were recorded
	}
	return &c
}

// read reads all records that the lock names: the images of a mirror are asked for once. The repository's own were recorded
// with its mirror.
func (k *knownCharts) read() error {
	k.records = map[string]record.Record{}
	var library []record.Record
	for _, locked := range k.repository.Lock.Unedited(k.repository.Lock.Edited(k.repository.Tree)) {
		r, found, err := record.Find(k.library.Records, locked.Component, locked.Key)
		if found {
			library = append(library, r)
		} else if err == nil {
			r, found, err = record.Find(k.own, locked.Component, locked.Key)
		}
		if err != nil {
			return err
		}
		if found {
			k.records[locked.Path] = r
		}
	}
	return k.rename(library)
}

// rename gives the images of records the names that they have on the repository's site.
func (k *knownCharts) rename(records []record.Record) error {
	if len(k.repository.Spec.Registries.Mirror.Images) == 0 {
		return nil
	}
	var images []string
	for _, r := range records {
		images = append(images, r.Images()...)
	}
	names, err := blueprint.Mirrored(k.ctx, blueprint.Source{Library: k.library.Blueprints}, k.repository.Spec, images)
	if err != nil {
		return err
	}
	for _, r := range records {
		for _, c := range r.Charts {
			for i, name := range c.Images {
				c.Images[i] = names[name]
			}
			for i, object := range c.Objects {
				c.Objects[i] = image.Rename(object, names)
			}
		}
	}
	return nil
}
