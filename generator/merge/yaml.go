package merge

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

var byteOrderMark = []byte("\ufeff")

// YAML merges a file by what it says: mappings by their keys, lists by those of their items where these are known, documents by
// group, kind, namespace and name. Where Base or Want is no YAML it merges lines; where Have alone is none, that is an error.
func YAML(f Files, o Options) (Result, error) {
	if r, ok := same(f); ok {
		return r, nil
	}
	j := join{options: o}
	values := known{}
	for _, state := range []struct {
		data []byte
		into **source
	}{{f.Base, &j.base}, {f.Want, &j.want}, {f.Have, &j.have}} {
		s, problem := values.read(f.Path, ended(state.data))
		switch {
		case problem == nil:
			*state.into = s
		case state.into != &j.have:
			return Lines(f, o), nil
		default:
			return Result{}, fmt.Errorf("%s: %s", problem.Place, problem.Message)
		}
	}
	j.result.have = j.have.String
	want, ok := j.documents()
	if !ok {
		return whole(f, o), nil
	}
	r := j.result
	text := apply(r.have, r.cuts)
	if !says(text, want) {
		return whole(f, o), nil
	}
	if bare := strings.TrimRight(text, "\r\n"); len(f.Have) > 0 && !bytes.HasSuffix(f.Have, []byte("\n")) && says(bare, want) {
		text = bare
	}
	if bytes.HasPrefix(f.Have, byteOrderMark) {
		r.mark = string(byteOrderMark)
	}
	r.Text = []byte(r.mark + text)
	return r, nil
}

// ended gives a text without the mark at its beginning, its last line ended: else the last block of text in it would be another one
// as soon as something comes in behind it.
func ended(data []byte) []byte {
	data = bytes.TrimPrefix(data, byteOrderMark)
	switch {
	case len(data) == 0 || bytes.HasSuffix(data, []byte("\n")):
		return data
	case bytes.Contains(data, []byte("\r\n")):
		return append(slices.Clone(data), "\r\n"...)
	}
	return append(slices.Clone(data), '\n')
}

// documents merges the documents, and gives what they say afterwards.
func (j *join) documents() ([]any, bool) {
	e := three{&entry{value: j.base.documents}, &entry{value: j.have.documents}, &entry{value: j.want.documents}}
	if !nameDocuments(e.nodes()) {
		return nil, false
	}
	have, want := byName(j.have.documents), byName(j.want.documents)
	for _, b := range j.base.documents.entries {
		j.headings(three{b, have[b.name], want[b.name]})
	}
	v, reason := j.collection(nil, e)
	values, _ := v.([]any)
	return values, reason == ""
}

// says reports whether a text is YAML that says what it should.
func says(text string, want []any) bool {
	docs, problems := manifest.Documents("", []byte(text))
	broken := func(p manifest.Problem) bool { return !p.DuplicateKey }
	if slices.ContainsFunc(problems, broken) || len(docs) != len(want) {
		return false
	}
	for i, doc := range docs {
		value, err := manifest.Value(doc)
		if err != nil || !reflect.DeepEqual(value, want[i]) {
			return false
		}
	}
	return true
}
