package sprig_test

import (
	"io"
	"testing"
	"text/template"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/sprig"
)

// TestNoting states that whoever asks for chance or the clock is noted, the one by 1 and the other by 10, and nobody else.
func TestNoting(t *testing.T) {
	for text, want := range map[string]int{
		`{{ randAlphaNum 5 }}{{ randBytes 5 }}{{ randInt 1 5 }}`:                                3,
		`{{ shuffle "lamps" }}{{ uuidv4 }}`:                                                     2,
		`{{ $ca := genCA "lamps" 1 }}{{ (genSignedCert "lamp" nil (list "lamp") 1 $ca).Cert }}`: 2,
		`{{ htpasswd "user" "test-only" }}{{ bcrypt "test-only" }}`:                             2,
		`{{ now | date "2006" }}{{ htmlDate 0 }}{{ now }}`:                                      22,
		`{{ if false }}{{ randAlphaNum 5 }}{{ end }}`:                                           0,
		`{{ upper "lamp" }}{{ repeat 3 "x" }}{{ list 1 2 | join "," }}{{ sha256sum "lamp" }}`:   0,
		`{{ derivePassword 1 "long" "test-only" "user" "example.org" }}`:                        0,
	} {
		noted := 0
		parsed, err := template.New("").Funcs(sprig.Functions()).Funcs(sprig.Noting(func() { noted++ }, func() time.Time { noted += 10; return time.Time{} })).Parse(text)
		if err == nil {
			err = parsed.Execute(io.Discard, nil)
		}
		if err != nil || noted != want {
			t.Errorf("%s: noted %d times, %v, want %d", text, noted, err, want)
		}
	}
}

// TestNotingBounds states that what is noted is bounded, too.
func TestNotingBounds(t *testing.T) {
	parsed, err := template.New("").Funcs(sprig.Noting(func() {}, time.Now)).Parse(`{{ randAlphaNum 1000000000 }}`)
	if err == nil {
		err = parsed.Execute(io.Discard, nil)
	}
	if err == nil {
		t.Error("got no error of a text that is too large")
	}
}
