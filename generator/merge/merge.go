// Package merge brings three states of one file together: what gitopsgen wrote last, what stands there now, and what gitopsgen would write
// now. What stands there is the start: a change that gitopsgen makes is cut into its text, and all else of it stays, byte for byte.
//
// It has no effects, and knows nothing of where the states come from.
package merge

import (
	"bytes"
	"path"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Files are the states of one file. Bytes that are nil are an empty file: whether a file is there at all is not judged here.
type Files struct {
	// Path is what errors call the file, and says by its ending what it holds.
	Path string
	// Base is what gitopsgen wrote last, Have what the user made of it, Want what gitopsgen would write now.
	Base, Have, Want []byte
}

// Options tell how to merge; the zero value knows lists by the names of their fields alone.
type Options struct {
	// Keys gives the fields by which the items of a list are told apart: the empty one is the item itself, and where there is none
	// the list is one value. ok is false where it knows nothing of the list. In the way to it an item of a list is a text, as in
	// Conflict.
	Keys func(apiVersion, kind string, at []any) (keys []string, ok bool)
	// Theirs reports whether what gitopsgen would write is taken where there would be a conflict; none is that it never is.
	Theirs func(Conflict) bool
}

// Result is a merged file.
type Result struct {
	Text []byte
	// Conflicts are in the order in which they were met. Where there is one, Text has what stood there.
	Conflicts []Conflict
	// Taken are the versions of charts that both sides changed, where the higher one is in Text.
	Taken []Taken

	// have is what the cuts are made in, without the byte order mark before it.
	have  string
	mark  string
	cuts  []cut
	marks []cut
}

// Conflict is a value, or a range of lines, that both sides changed differently, or that cannot be cut into the text.
type Conflict struct {
	// Document is the object that the value is in; zero where it is in none.
	Document manifest.ID
	// Path leads to the value; none is the document or the file as a whole. An item of a list whose items have keys is named by
	// these, such as name=proxy, wherever it stands.
	Path manifest.Path
	// First and Last are the lines in Have that hold it; 0 where nothing of it is there. Where Last is less than First, lines are
	// missing before First.
	First, Last int
	Reason      Reason
	// Base, Ours and Theirs are the value in Base, Have and Want: JSON-shaped, and text for lines and whole files.
	Base, Ours, Theirs Side
}

// Side is a value in one state of a file.
type Side struct {
	// There is false where the state does not have it, which is not the same as null.
	There bool
	Value any
}

// Reason says why something was not merged.
type Reason string

// Reasons of conflicts.
const (
	// BothChanged means that both sides changed it, and differently.
	BothChanged Reason = "both sides changed it"
	// Linked means that it has an anchor, an alias, a merge key or another form in which a change would reach further than its place.
	Linked Reason = "it stands in a form that cannot be changed in one place"
	// Commented means that comments of the user's stand in what would go.
	Commented Reason = "comments of yours stand in what would go"
	// Unproved means that the merged text does not say what it should, and was thrown away.
	Unproved Reason = "the change cannot be written into the text"
)

// Taken is the version of a chart that both sides changed.
type Taken struct {
	Document manifest.ID
	Path     manifest.Path
	// Took is the higher one of both.
	Ours, Theirs, Took string
}

// File merges a file by what its path says that it holds.
func File(f Files, o Options) (Result, error) {
	switch path.Ext(f.Path) {
	case ".yaml", ".yml":
		return YAML(f, o)
	}
	return Lines(f, o), nil
}

// same gives the result where at most one side changed anything, or both the same.
func same(f Files) (Result, bool) {
	switch {
	case bytes.Equal(f.Base, f.Want), bytes.Equal(f.Have, f.Want):
		return Result{Text: f.Have, have: string(f.Have)}, true
	case bytes.Equal(f.Base, f.Have):
		return Result{Text: f.Want, have: string(f.Want)}, true
	}
	return Result{}, false
}

// Inline gives Text with each conflict set apart by marks as Git writes them, with what stood in Base between the sides.
func (r Result) Inline() []byte {
	if len(r.marks) == 0 {
		return r.Text
	}
	return []byte(r.mark + apply(r.have, append(append([]cut{}, r.cuts...), r.marks...)))
}
