package record

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Set holds records by the paths of their files, <component>/<name>.yaml.
type Set map[string]*Record

// ReadSet reads all records of a folder, which need not be there.
func ReadSet(records fs.FS) (Set, error) {
	files, err := fs.Glob(records, "*/*.yaml")
	if err != nil {
		return nil, err
	}
	set := Set{}
	for _, file := range files {
		data, err := fs.ReadFile(records, file)
		if err != nil {
			return nil, err
		}
		r, err := read(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		set[file] = &r
	}
	return set, nil
}

// Has reports whether there is a record of a component with a key.
func (s Set) Has(component, key string) bool {
	return s.find(component, func(r *Record) bool { return slices.Contains(r.Keys, key) }) != nil
}

// Add adds a record of a component under a name. A record that says the same of the component's charts gets its keys instead.
func (s Set) Add(component, name string, r Record) {
	same := s.find(component, func(known *Record) bool { return reflect.DeepEqual(known.Charts, r.Charts) })
	if same == nil {
		file := path.Join(component, name+".yaml")
		for n := 2; s[file] != nil; n++ { // another cluster's, say
			file = path.Join(component, fmt.Sprintf("%s-%d.yaml", name, n))
		}
		s[file] = &r
		return
	}
	same.Keys = append(same.Keys, r.Keys...)
	slices.Sort(same.Keys)
	same.Keys = slices.Compact(same.Keys)
}

// Merge adds all records of another set.
func (s Set) Merge(other Set) {
	for _, file := range slices.Sorted(maps.Keys(other)) {
		s.Add(path.Dir(file), strings.TrimSuffix(path.Base(file), ".yaml"), *other[file])
	}
}

// Keep leaves the records with one of these keys, and no other keys.
func (s Set) Keep(keys map[string]bool) {
	for file, r := range s {
		r.Keys = slices.DeleteFunc(r.Keys, func(key string) bool { return !keys[key] })
		if len(r.Keys) == 0 {
			delete(s, file)
		}
	}
}

// find gives the first record of a component for which is holds; nil where there is none.
func (s Set) find(component string, is func(*Record) bool) *Record {
	for _, file := range slices.Sorted(maps.Keys(s)) {
		if path.Dir(file) == component && is(s[file]) {
			return s[file]
		}
	}
	return nil
}

// Files are the files of a set, sorted by path.
func (s Set) Files() ([]tree.File, error) {
	var files []tree.File
	for _, file := range slices.Sorted(maps.Keys(s)) {
		data, err := s[file].Marshal()
		if err != nil {
			return nil, err
		}
		files = append(files, tree.File{Path: file, Data: data})
	}
	return files, nil
}
