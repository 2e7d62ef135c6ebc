// Package record keeps what charts rendered to once as facts, to be judged where a chart is not at hand.
//
// A record says what runs, by which images and with which rights. It is no manifest: nobody could apply it. It knows
// nothing of how charts are rendered, or of which record belongs to which component.
package record

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/image"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Record is what the charts of one component render to with certain values.
type Record struct {
	// Keys are digests of everything that decides what the charts render to: one for each set of values that leads here.
	Keys []string `yaml:"keys"`
	// Recorded is the day on which the charts rendered so, as 2006-01-02.
	Recorded string  `yaml:"recorded"`
	Charts   []Chart `yaml:"charts"`
}

// Chart is what one chart renders to.
type Chart struct {
	Name    string `yaml:"name"`
	Version string `yaml:"version"`
	// Content is the digest of the chart's files.
	Content string `yaml:"content"`
	// Images are those that Objects do not show: in arguments, environment, configuration and custom resources.
	Images []string `yaml:"images,omitempty"`
	// Objects are all objects, each reduced by Reduce, in the order in which they were rendered.
	Objects []map[string]any `yaml:"objects"`
}

// Chart gives the chart of that name and version.
func (r Record) Chart(name, version string) (c Chart, ok bool) {
	for _, c := range r.Charts {
		if c.Name == name && c.Version == version {
			return c, true
		}
	}
	return Chart{}, false
}

// Images gives the whole names of all images of a record, in no order, some more than once.
func (r Record) Images() []string {
	var images []string
	for _, c := range r.Charts {
		images = append(images, c.Images...)
		for _, object := range c.Objects {
			images = append(images, image.Find(object)...)
		}
	}
	return images
}

// Find looks for the record with a key among those of a component, which are <component>/*.yaml.
func Find(records fs.FS, component, key string) (r Record, found bool, err error) {
	return Source{Records: records}.find(component, key)
}

func (s Source) find(component, key string) (r Record, found bool, err error) {
	files, err := fs.Glob(s.Records, path.Join(component, "*.yaml"))
	if err != nil {
		return Record{}, false, err
	}
	for _, file := range files {
		data, err := fs.ReadFile(s.Records, file)
		if err != nil {
			return Record{}, false, err
		}
		if !bytes.Contains(data, []byte("- "+key+"\n")) {
			continue // records are large: those that are not asked for are not read
		}
		if r, err = s.read(data); err != nil {
			return Record{}, false, fmt.Errorf("%s: %w", file, err)
		}
		return r, true, nil
	}
	return Record{}, false, nil
}

// Plain gives a record as it is read again, so that it compares with others that were.
func (r Record) Plain() (Record, error) {
	data, err := r.Marshal()
	if err != nil {
		return Record{}, err
	}
	return read(data)
}

// read reads a record, unless an earlier run did.
func (s Source) read(data []byte) (r Record, err error) {
	key, ok := s.Kept.Key("record", string(data))
	if ok {
		if known, there := s.Kept.Large(key); there && manifest.Unpack(known, &r) == nil {
			return r, nil
		}
	}
	if r, err = read(data); err != nil || !ok {
		return r, err
	}
	if known, err := manifest.Pack(r); err == nil {
		s.Kept.PutLarge(key, known)
	}
	return r, nil
}

// read reads what Marshal wrote. Its objects are of the types that objects have which were rendered.
func read(data []byte) (r Record, err error) {
	if err := yaml.Unmarshal(data, &r); err != nil {
		return Record{}, err
	}
	for _, c := range r.Charts {
		for _, object := range c.Objects {
			if _, err := manifest.Shape(object); err != nil {
				return Record{}, err
			}
		}
	}
	return r, nil
}

// Marshal writes a record so that a change of a chart shows as a difference of lines.
func (r Record) Marshal() ([]byte, error) {
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(r); err != nil {
		return nil, err
	}
	return b.Bytes(), encoder.Close()
}
