package record

import (
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/image"
)

// Wanted is a record that a repository asks for: for the component in a folder, by its key.
type Wanted struct{ Path, Component, Key string }

// Source is where records are looked for.
type Source struct {
	Records fs.FS
	// Names says under which names the images of the records are had on a site; nil, or none, leaves them as they are.
	Names func(images []string) (map[string]string, error)
	// Kept is what earlier runs read; nil keeps nothing.
	Kept *cache.Store
}

// Recall finds the records that are wanted, by their paths, each in the first source that has it.
func Recall(wanted []Wanted, sources ...Source) (map[string]Record, error) {
	byPath := map[string]Record{}
	for _, source := range sources {
		asked := map[Wanted][]string{} // clusters that are alike want the same
		for _, w := range wanted {
			if _, known := byPath[w.Path]; !known {
				one := Wanted{"", w.Component, w.Key}
				asked[one] = append(asked[one], w.Path)
			}
		}
		records, err := source.findAll(slices.Collect(maps.Keys(asked)))
		if err != nil {
			return nil, err
		}
		for one, r := range records {
			for _, path := range asked[one] {
				byPath[path] = r
			}
		}
		if err := source.rename(slices.Collect(maps.Values(records))); err != nil {
			return nil, err
		}
	}
	return byPath, nil
}

// findAll finds those of the records that are there, on all processors.
func (s Source) findAll(wanted []Wanted) (map[Wanted]Record, error) {
	found := map[Wanted]Record{}
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, w := range wanted {
		group.Go(func() error {
			r, ok, err := s.find(w.Component, w.Key)
			if ok {
				mu.Lock()
				defer mu.Unlock()
				found[w] = r
			}
			return err
		})
	}
	return found, group.Wait()
}

// rename gives the images of records the names that they have on a site.
func (s Source) rename(records []Record) error {
	if s.Names == nil || len(records) == 0 {
		return nil
	}
	var images []string
	for _, r := range records {
		images = append(images, r.Images()...)
	}
	names, err := s.Names(images)
	if err != nil || len(names) == 0 {
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
