package merge

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

const byteOrderMark = "\ufeff"

// YAML merges a file by what it says: mappings by their keys, lists by those of their items where these are known, documents by
// group, kind, namespace and name. Where Base or Want is no YAML it merges lines; where Have alone is none, that is an error.
func YAML(f Files, o Options) (Result, error) {
	if r, ok := same(f); ok {
		return r, nil
	}
	mark := ""
	states := [3]*source{}
	values := known{}
	for i, data := range [][]byte{f.Base, f.Want, f.Have} {
		text, marked := strings.CutPrefix(string(data), byteOrderMark)
		if i == 2 && marked {
			mark = byteOrderMark
		}
		s, problem := values.read(f.Path, []byte(text))
		switch {
		case problem != nil && i < 2:
			return Lines(f), nil
		case problem != nil:
			return Result{}, fmt.Errorf("%s: %s", problem.Place, problem.Message)
		}
		states[i] = s
	}
	j := join{base: states[0], want: states[1], have: states[2], options: o}
	j.result.have = j.have.String
	want, ok := j.documents()
	if !ok {
		return whole(f, Unproved), nil
	}
	r := j.result
	text := apply(r.have, r.cuts)
	if !says(text, want) {
		return whole(f, Unproved), nil
	}
	r.Text = []byte(mark + text)
	return r, nil
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
