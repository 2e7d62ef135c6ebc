package record

import (
	"io/fs"

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
	known := map[Wanted]*Record{} // clusters that are alike want the same
	for _, source := range sources {
		var here []Record
		for _, w := range wanted {
			w.Path = ""
			if known[w] != nil {
				continue
			}
			r, ok, err := source.find(w.Component, w.Key)
			if err != nil {
				return nil, err
			}
			if ok {
				known[w] = &r
				here = append(here, r)
			}
		}
		if err := source.rename(here); err != nil {
			return nil, err
		}
	}
	found := map[string]Record{}
	for _, w := range wanted {
		if r := known[Wanted{"", w.Component, w.Key}]; r != nil {
			found[w.Path] = *r
		}
	}
	return found, nil
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
