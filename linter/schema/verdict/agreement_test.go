package verdict

import (
	"errors"
	"math"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/schemas"
)

// schemaOf gives the schema of an object by the bundle or by the definitions beside it; nil where there is none.
func schemaOf(t *testing.T, object map[string]any, beside []manifest.Resource) []byte {
	t.Helper()
	bundle := schemas.Embedded()
	id := manifest.NewID(object)
	for _, res := range beside {
		if manifest.Dig(res.Object, "spec", "names", "kind") != id.Kind {
			continue
		}
		data, found, err := bundle.Custom(res.Object, id.Version)
		if err != nil {
			t.Fatal(err)
		}
		if found {
			return data
		}
	}
	data, found, err := bundle.Schema(id.APIVersion(), id.Kind, "1.36")
	if err != nil {
		t.Fatal(err)
	}
	if !found {
		return nil
	}
	return data
}

// agreement counts the objects that a judge and kubeconform agree on.
type agreement struct{ fit, right, wrong int }

// add judges an object both ways: what is said to fit kubeconform must find nothing wrong with.
func (a *agreement) add(t *testing.T, what string, j *Judge, object map[string]any) {
	t.Helper()
	fits := j.compiled.fits(object)
	faults, err := j.ask(object)
	isRight := err == nil && len(faults) == 0
	switch {
	case fits && !isRight:
		t.Errorf("%s: %v is said to fit, and kubeconform finds %s, %v", what, object, tree(faults), err)
	case fits:
		a.fit, a.right = a.fit+1, a.right+1
	case isRight:
		a.right++
	default:
		a.wrong++
	}
}

// TestAgreement states that kubeconform finds nothing wrong with any case that is said to fit, and that of those with which it finds
// nothing wrong nearly all are said to fit.
func TestAgreement(t *testing.T) {
	f, err := Open(t.TempDir(), "a")
	if err != nil {
		t.Fatal(err)
	}
	judges := map[string]*Judge{}
	var all agreement
	for _, file := range []string{"core", "custom"} {
		archive, err := txtar.ParseFile("../testdata/" + file + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range archive.Files {
			resources, _ := manifest.Parse(c.Name, c.Data)
			for _, res := range resources {
				data := schemaOf(t, res.Object, resources)
				if data == nil {
					continue
				}
				j := judges[string(data)]
				if j == nil {
					if j, err = f.Judge(data); err != nil {
						t.Fatal(err)
					}
					judges[string(data)] = j
				}
				all.add(t, c.Name, j, res.Object)
			}
		}
	}
	if all.right < 30 || all.wrong < 50 || all.fit*10 < all.right*9 {
		t.Errorf("got %+v, want 30 objects that are right and 50 that are wrong, and nine of ten that are right to fit", all)
	}
}

// TestAgreementOnValues states the same of values that are other ones, or might be, once they were written as text and read again.
func TestAgreementOnValues(t *testing.T) {
	f, err := Open(t.TempDir(), "a")
	if err != nil {
		t.Fatal(err)
	}
	values := []any{
		nil, true, int64(0), int64(5), int64(maxExact), int64(maxExact + 1), int64(math.MinInt64), int64(math.MaxInt64), 0.1, 1e-7, 1e21, math.Inf(1), math.NaN(),
		"", "y", "~", "<<", "1e3", "0x1", "2001-01-01", "5s", "P1D", "5 days", "\x00\ufeff\u2028\U0010ffff", "\xff", "a\nb\r\n",
		[]any{}, map[string]any{}, []any{nil, []any{int64(maxExact), int64(maxExact + 1)}}, []any{int64(maxExact), int64(maxExact + 1)},
		map[string]any{"y": "n", "<<": map[string]any{"a": int64(1)}, "\u0085": "", strings.Repeat("a", 2000): 0.1}, map[string]any{"\xff": nil}, []string{"a"}, 5,
	}
	var all agreement
	for _, schema := range []string{
		`{}`, `{"type": "string"}`, `{"type": ["integer", "null"]}`, `{"type": "number", "maximum": 9007199254740992}`, `{"maximum": 9223372036854775807}`,
		`{"minimum": -9223372036854775807}`, `{"multipleOf": 0.1}`, `{"enum": [9007199254740993, "y", "\ufffd", 0.1]}`, `{"uniqueItems": true}`, `{"format": "duration"}`,
		`{"format": "date-time"}`, `{"maxLength": 1}`, `{"type": "array", "items": {"type": "integer"}}`, `{"additionalProperties": false}`, `{"type": "nothing"}`,
	} {
		j, err := f.Judge([]byte(`{"type": "object", "properties": {"spec": ` + schema + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			all.add(t, schema, j, map[string]any{"apiVersion": "example.org/v1", "kind": "Widget", "spec": v})
		}
		all.add(t, schema, j, map[string]any{"kind": "Widget"})
		all.add(t, schema, j, map[string]any{"apiVersion": "v1", "kind": int64(5)})
	}
	if all.fit < 150 || all.wrong < 100 {
		t.Errorf("got %+v, want 150 that fit and 100 that are wrong", all)
	}
}

// TestNoCompile states that of a schema that refers to others kubeconform says that it does not compile.
func TestNoCompile(t *testing.T) {
	f, err := Open(t.TempDir(), "a")
	if err != nil {
		t.Fatal(err)
	}
	j, err := f.Judge([]byte(`{"$ref": "other.json"}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Faults(t.Context(), map[string]any{"apiVersion": "v1", "kind": "Widget"}); !errors.Is(err, ErrNoCompile) {
		t.Errorf("got %v, want %v", err, ErrNoCompile)
	}
}
