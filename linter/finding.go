package linter

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Finding is one fault of the repository.
type Finding struct {
	// Rule is the ID of the rule that was broken.
	Rule string
	// Severity is that of the rule, set by Run. Where a Checker sets one, the finding weighs no more than that.
	Severity Severity
	// Message names the offending value. Lower case, one line, no period.
	Message string
	// Place is the nearest cause that a person can edit.
	Place manifest.Place
	// Resource is the object at fault; nil where no object is.
	Resource *manifest.Resource
	// At is the field at fault in the object; may be empty. Named says that its name is wrong, and not its value.
	At    manifest.Path
	Named bool
	// Value is the chart's value that sets the field, where the object is a chart's and that is known.
	Value manifest.Path
	// Detail says which part of the object it is, where Place alone does not show it; may be empty.
	Detail string
	// Fix says what to do; may be empty.
	Fix string
	// Related are other places that have a part in it, in the order in which to read them.
	Related []Related
	// Copies are the other objects that have it of the same cause, in order: what further Applications render of the same file,
	// or what else was made of the same template.
	Copies []*manifest.Resource
}

// Related is a place that has a part in a finding, and which part.
type Related struct {
	Place   manifest.Place
	Message string
}

// About gives f as a finding about an object, at the place of its field.
func (f Finding) About(r *manifest.Resource) Finding {
	f.Resource = r
	if f.Named {
		f.Place = r.KeyPlace(f.At...)
	} else {
		f.Place = r.Place(f.At...)
	}
	return f
}

// Subject names the object at fault as people do, with the application that brings it; empty where no object is.
func (f Finding) Subject() string {
	if f.Resource == nil {
		return ""
	}
	subject := f.Resource.ID.String()
	if app := f.Resource.Origin.Application; app != "" {
		subject += " of " + app
	}
	return subject
}

// Fingerprint names a finding across runs by its object, and by its file where it has none: it stays the same when lines move,
// when files are renamed and when objects change places. Objects that are equally called share it.
func (f Finding) Fingerprint() string {
	parts := []string{f.Rule, f.Place.File}
	if f.Resource != nil {
		parts = []string{f.Rule, f.Resource.Origin.Cluster, f.Subject()}
	}
	sum := sha256.Sum256([]byte(strings.Join(append(parts, f.Detail, f.Message), "\x00")))
	return hex.EncodeToString(sum[:8])
}

func compareFindings(a, b Finding) int {
	if order := cmp.Or(
		strings.Compare(a.Place.File, b.Place.File),
		cmp.Compare(a.Place.Line, b.Place.Line),
		cmp.Compare(a.Place.Column, b.Place.Column),
		strings.Compare(a.Rule, b.Rule),
	); order != 0 {
		return order // most differ in these, and subjects take long
	}
	return cmp.Or(
		strings.Compare(a.Subject(), b.Subject()),
		strings.Compare(a.Message, b.Message),
		strings.Compare(a.cluster(), b.cluster()),
	)
}

func (f Finding) cluster() string {
	if f.Resource == nil {
		return ""
	}
	return f.Resource.Origin.Cluster
}
