// Package manifest reads Kubernetes objects out of YAML and knows where each of their fields stands.
//
// It knows documents, objects and places, and nothing of what a kind means.
package manifest

import (
	"fmt"
	"slices"
	"strings"
)

// ID names an object within a cluster.
type ID struct {
	Group, Version, Kind, Namespace, Name string
}

// APIVersion gives the group and version as an object writes them.
func (id ID) APIVersion() string {
	if id.Group == "" {
		return id.Version
	}
	return id.Group + "/" + id.Version
}

// String gives the kind and name as people say them: "Deployment lights/lamp", "Namespace lights".
func (id ID) String() string {
	if id.Namespace == "" {
		return strings.TrimSuffix(id.Kind+" "+id.Name, " ")
	}
	return id.Kind + " " + id.Namespace + "/" + id.Name
}

// Place is a position in a file of the repository. Line and Column count from 1; a Line of 0 means the file as a
// whole.
type Place struct {
	File         string
	Line, Column int
}

// Top is where a file begins: the place of what is to say of it as a whole.
func Top(file string) Place { return Place{File: file, Line: 1, Column: 1} }

// String writes the place as editors know how to open it: file:line:column, or the file alone.
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Origin says where an object comes from.
type Origin struct {
	// Application and Cluster are the names of the Argo CD Application that renders the object and of the
	// cluster it is meant for; both are empty where no Application does.
	Application, Cluster string
	// Component is what the blueprint calls that which the Application brings; elsewhere it is the Application's name.
	Component string
	// Chart is name and version of the chart that wrote the object, with a space between; empty for plain
	// manifests.
	Chart string
	// Unit is what of its run rendered the chart; empty where none did.
	Unit string
	// Recorded says that the object is what is known of one: it lacks fields.
	Recorded bool
	// Fetched says that it holds, or may hold, what stood at a URL: whoever wrote that URL into the repository is not to learn
	// from a report what stands there.
	Fetched bool
	// Place is the nearest cause of the object that a person can edit: the document's first line, or the
	// chart's entry in the kustomization.
	Place Place
	// Document is the object as it stands in Place.File; nil where no file holds it, as with charts. Of an Application that a set
	// made it is the set's template.
	Document *Document
	// Fields are those that something else sets than what Place names, the later ones over those before them.
	Fields []FieldOrigin
	// Set is the ApplicationSet that made an Application; nil where none did. Nobody may change it.
	Set *Set
}

// FieldOrigin says where a field of an object is set, and all that stands below it.
type FieldOrigin struct {
	At    Path
	Place Place
}

// Field gives the place where the field at path is set, if that is none of the object's own.
func (o Origin) Field(path ...any) (Place, bool) {
	for _, f := range slices.Backward(o.Fields) {
		if len(f.At) <= len(path) && slices.Equal(f.At, path[:len(f.At)]) {
			return f.Place, true
		}
	}
	return Place{}, false
}

// Set is an ApplicationSet, and what of it made an Application.
type Set struct {
	Name  string
	Place Place
	// Elements are what its generators gave.
	Elements []Element
}

// Element is what a generator gave: where it stands, and what it is called where it has a name, as folders and clusters have.
type Element struct {
	Place Place
	Name  string
}

// String gives the name, or file:line.
func (e Element) String() string {
	if e.Name != "" {
		return e.Name
	}
	return fmt.Sprintf("%s:%d", e.Place.File, e.Place.Line)
}

// Resource is one Kubernetes object. It is shared: nobody may change it.
type Resource struct {
	ID ID
	// Object is JSON-shaped: map[string]any, []any, string, bool, nil, int64, float64.
	Object map[string]any
	Origin Origin
}

// Place gives the place of the field at path; where the path ends early in the
// file, the place of the last step that is there. Without a path it is the object's own place.
func (r Resource) Place(path ...any) Place {
	if at, ok := r.Origin.Field(path...); ok {
		return at
	}
	switch d := r.Origin.Document; {
	case d == nil:
		return r.Origin.Place
	case len(path) == 0:
		return Place{File: r.Origin.Place.File, Line: d.Line, Column: d.Column}
	}
	n := Find(r.Origin.Document.Node(), path...)
	return Place{File: r.Origin.Place.File, Line: n.Line, Column: n.Column}
}

// KeyPlace gives the place of the key that path ends with, and what Place gives where that is not there.
func (r Resource) KeyPlace(path ...any) Place {
	if at, ok := r.Origin.Field(path...); ok {
		return at
	}
	if r.Origin.Document == nil {
		return r.Origin.Place
	}
	n := FindKey(r.Origin.Document.Node(), path...)
	return Place{File: r.Origin.Place.File, Line: n.Line, Column: n.Column}
}

// Resources are objects of which it is not known where they come from.
func Resources(objects []map[string]any) []Resource {
	all := make([]Resource, len(objects))
	for i, object := range objects {
		all[i] = Resource{ID: NewID(object), Object: object}
	}
	return all
}

// NewID reads the ID out of an object; fields that are missing or no strings are empty.
func NewID(object map[string]any) ID {
	var id ID
	apiVersion, _ := object["apiVersion"].(string)
	if group, version, ok := strings.Cut(apiVersion, "/"); ok {
		id.Group, id.Version = group, version
	} else {
		id.Version = apiVersion
	}
	id.Kind, _ = object["kind"].(string)
	metadata, _ := object["metadata"].(map[string]any)
	id.Namespace, _ = metadata["namespace"].(string)
	id.Name, _ = metadata["name"].(string)
	return id
}

// Dig gives the value at a path of a JSON-shaped one, whose steps are strings and ints; nil where nothing is there.
func Dig(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if v = nil; step >= 0 && step < len(list) {
				v = list[step]
			}
		}
	}
	return v
}

// MapTexts copies a JSON-shaped value with its texts as f gives them; keys stay.
func MapTexts(v any, f func(string) string) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = MapTexts(x, f)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = MapTexts(x, f)
		}
		return out
	case string:
		return f(v)
	}
	return v
}

// Unfold puts in the place of each list its items, where isList says so: lists among them are unfolded too. What is no object
// is left out.
func Unfold(resources []Resource, isList func(ID) bool) []Resource {
	var flat []Resource
	for _, res := range resources {
		items, ok := res.Object["items"].([]any)
		if !ok || !isList(res.ID) {
			flat = append(flat, res)
			continue
		}
		for i, item := range items {
			object, ok := item.(map[string]any)
			if !ok {
				continue
			}
			one := Resource{ID: NewID(object), Object: object, Origin: res.Origin}
			if res.Origin.Document != nil {
				one.Origin.Document = res.Origin.Document.At("items", i)
				one.Origin.Place = one.Place()
			}
			flat = append(flat, Unfold([]Resource{one}, isList)...)
		}
	}
	return flat
}
