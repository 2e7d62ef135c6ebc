package report_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

// hostile are texts that are commands to a terminal or a CI system where they are printed as they are.
var hostile = []string{
	"\n::error::x", "\r::add-mask::x", "::stop-commands::x", " \u00a0::error::x", "##[error]x", "\n##vso[task.x]y",
	"\x1b]0;title\x07\x1b[2J", "\u009b31m\u0085", "\x7f\x00", "\u2028::x\u2029", "\u202eevil\u2066", "section_start:1:x\r\x1b[0K",
}

// fill puts text into every text that there is in v, into one item of every list and behind every pointer.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Field(i).Type() != reflect.TypeFor[*manifest.Resource]() {
				fill(v.Field(i), text)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), text)
	case reflect.Interface:
		v.Set(reflect.ValueOf(text))
	}
}

// full is a report in which every text is the one given.
func full(text string) report.Report {
	var r report.Report
	fill(reflect.ValueOf(&r).Elem(), text)
	resource := &manifest.Resource{
		ID:     manifest.ID{Group: text, Version: text, Kind: text, Namespace: text, Name: text},
		Origin: manifest.Origin{Application: text, Cluster: text, Chart: text, Place: manifest.Place{File: text}},
	}
	r.Findings[0].Severity, r.Waived[0].Severity = linter.Warning, linter.Warning
	r.Findings[0].Resource, r.Waived[0].Resource = resource, resource
	r.Findings[0].Copies, r.Waived[0].Copies = []*manifest.Resource{resource}, nil
	for kind := build.Rendered; kind <= build.Failed; kind++ {
		r.Applications = append(r.Applications, report.Application{Name: text, Cluster: text, State: build.State{Kind: kind, Reason: text, Hint: text}})
	}
	r.Findings = append(r.Findings, linter.Finding{Rule: text, Severity: linter.Error, Message: text, Place: manifest.Place{File: text, Line: 1, Column: 1}, Fix: text})
	return r
}

// TestFormats states that no text of a report can be a command, whatever the format: each passes the last door as it is,
// and JSON says what the report says.
func TestFormats(t *testing.T) {
	for _, format := range report.Formats() {
		write, err := report.For(format)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range hostile {
			var b, passed bytes.Buffer
			if err := write(&b, full(text)); err != nil {
				t.Fatal(err)
			}
			if format == "github" { // whose commands TestGitHub reads
				continue
			}
			if _, err := escape.NewWriter(&passed).Write(b.Bytes()); err != nil || passed.String() != b.String() {
				t.Errorf("%s with %q: got %q, which is %q once it is harmless", format, text, b.String(), passed.String())
			}
			if fileType(format) == ".json" {
				if !slices.Contains(texts(t, b.Bytes()), text) {
					t.Errorf("%s with %q: got %s", format, text, b.String())
				}
				continue
			}
			var plain bytes.Buffer
			if err := write(&plain, full("x")); err != nil {
				t.Fatal(err)
			}
			if got, want := strings.Count(b.String(), "\n"), strings.Count(plain.String(), "\n"); got != want {
				t.Errorf("%s with %q: got %d lines, want the %d of a harmless text:\n%s", format, text, got, want, b.String())
			}
		}
	}
}

// texts are all texts in a JSON document.
func texts(t *testing.T, data []byte) []string {
	t.Helper()
	var all []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		case string:
			all = append(all, v)
		}
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	walk(v)
	return all
}

// TestColor states that colours are ours alone.
func TestColor(t *testing.T) {
	write, err := report.For("text")
	if err != nil {
		t.Fatal(err)
	}
	r := full("\x1b[31mx")
	r.Color = true
	var b bytes.Buffer
	if err := write(&b, r); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); !strings.Contains(got, "\x1b[31merror\x1b[0m") || strings.Contains(got, "\x1b[31mx") {
		t.Errorf("got %q, want the severity in red and nothing else", got)
	}
}
