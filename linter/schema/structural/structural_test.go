package structural_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/linter/schema/structural"
)

func read(t *testing.T, text string) *structural.Schema {
	t.Helper()
	return structural.Read(value(t, text))
}

// value reads an object with whole numbers as integers, as objects have them.
func value(t *testing.T, text string) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return numbers(v).(map[string]any)
}

func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	}
	return v
}

func TestNothingToDo(t *testing.T) {
	if s := read(t, `{"type":"object","properties":{"a":{"type":"string"}}}`); s != nil {
		t.Errorf("got %v", s)
	}
}

// tree is a schema that contains itself.
const tree = `{"$ref":"#/definitions/t","definitions":{"t":{"type":"object","properties":{
	"size":{"type":"integer","default":1},"leaves":{"type":"array","items":{"$ref":"#/definitions/t"}}}}}}`

func TestFill(t *testing.T) {
	for _, c := range []struct{ name, schema, object, want string }{
		{"missing", `{"properties":{"a":{"type":"integer","default":3}}}`, `{}`, `{"a":3}`},
		{"set", `{"properties":{"a":{"type":"integer","default":3}}}`, `{"a":4}`, `{"a":4}`},
		{"null", `{"properties":{"a":{"type":"integer","default":3}}}`, `{"a":null}`, `{"a":3}`},
		{"null that is a value", `{"properties":{"a":{"type":"integer","default":3,"nullable":true}}}`, `{"a":null}`, `{"a":null}`},
		{"null without a default", `{"required":["b"],"properties":{"a":{"type":"integer"},"b":{"type":"string"},"c":{"default":"x"}}}`, `{"a":null,"b":null}`, `{"b":null,"c":"x"}`},
		{"in a default", `{"properties":{"a":{"default":{},"properties":{"b":{"default":[1.5,2]}}}}}`, `{}`, `{"a":{"b":[1.5,2]}}`},
		{"not in what is missing", `{"properties":{"a":{"properties":{"b":{"default":1}}}}}`, `{}`, `{}`},
		{"in lists and maps", `{"properties":{"l":{"items":{"properties":{"a":{"default":1}}}},"m":{"additionalProperties":{"properties":{"a":{"default":1}}}}}}`,
			`{"l":[{},{"a":2}],"m":{"x":{}}}`, `{"l":[{"a":1},{"a":2}],"m":{"x":{"a":1}}}`},
		{"a schema that contains itself", tree, `{"leaves":[{"leaves":[{}]}]}`, `{"size":1,"leaves":[{"size":1,"leaves":[{"size":1}]}]}`},
		{"other types", `{"properties":{"a":{"type":"object","properties":{"b":{"default":1}}}}}`, `{"a":[1]}`, `{"a":[1]}`},
		{"unknown fields", `{"properties":{"a":{"default":1}}}`, `{"z":{"a":null}}`, `{"a":1,"z":{"a":null}}`},
	} {
		object := value(t, c.object)
		if got := read(t, c.schema).Fill(object); !reflect.DeepEqual(got, value(t, c.want)) {
			t.Errorf("%s: got %v, want %s", c.name, got, c.want)
		}
		if !reflect.DeepEqual(object, value(t, c.object)) {
			t.Errorf("%s: the object changed to %v", c.name, object)
		}
	}
}

// rules gives a schema of objects whose spec has some rules.
func rules(list string) string {
	return `{"type":"object","properties":{"spec":{"type":"object","x-kubernetes-validations":[` + list + `],"properties":{
		"a":{"type":"integer"},"s":{"type":"string"},"t":{"type":"string","format":"date-time"},"n":{"type":["number","null"]},
		"namespace":{"type":"string"},"x-y":{"type":"string"},"port":{"type":["integer","string"]},
		"free":{"type":"object"},"m":{"type":"object","additionalProperties":{"type":"string","x-kubernetes-validations":[{"rule":"self != 'bad'","message":"is bad"}]}},
		"l":{"type":"array","items":{"type":"object","properties":{"k":{"type":"string"}},"x-kubernetes-validations":[{"rule":"has(self.k)","message":"wants k"}]}}}}}}`
}

func TestBroken(t *testing.T) {
	for _, c := range []struct{ rule, spec, want string }{
		{`{"rule":"self.a > 1","message":"too small"}`, `{"a":2}`, ""},
		{`{"rule":"self.a > 1","message":"too\n small "}`, `{"a":1}`, "spec: too small"},
		{`{"rule":"self.a > 1"}`, `{"a":1}`, "spec: breaks the rule self.a > 1"},
		{`{"rule":"self.a > 1","message":"too small","fieldPath":".a"}`, `{"a":1}`, "spec.a: too small"},
		{`{"rule":"false","message":"no","fieldPath":".m['x.y']"}`, `{}`, `spec.m["x.y"]: no`},
		{`{"rule":"self.a > 1","messageExpression":"'got ' + string(self.a)"}`, `{"a":1}`, "spec: got 1"},
		{`{"rule":"self.a > 1","messageExpression":"self.b","message":"too small"}`, `{"a":1}`, "spec: too small"},
		{`{"rule":"self.a > 1","message":"too small"}`, `{}`, "spec: too small (no such key: a)"},
		{`{"rule":"self.a >"}`, `{}`, "spec: the rule self.a > is no CEL: Syntax error: mismatched input '<EOF>'"},
		{`{"rule":"self.a == oldSelf.a","message":"may not change"}`, `{"a":1}`, ""},
		{`{"rule":"oldSelf.hasValue() || self.a == 1","message":"begins with 1","optionalOldSelf":true}`, `{"a":2}`, "spec: begins with 1"},
		{`{"rule":"self.__namespace__ == 'a' && self.x__dash__y == 'b'","message":"names"}`, `{"namespace":"a","x-y":"b"}`, ""},
		{`{"rule":"type(self.port) == int ? self.port > 0 : self.port == 'http'","message":"port"}`, `{"port":"https"}`, "spec: port"},
		{`{"rule":"self.n == 1.0 && !has(self.s)","message":"n"}`, `{"n":1}`, ""},
		{`{"rule":"self.t > timestamp('2026-01-01T00:00:00Z')","message":"old"}`, `{"t":"2025-01-01T00:00:00Z"}`, "spec: old"},
		{`{"rule":"isIP(self.s) && ip(self.s).family() == 6","message":"want IPv6"}`, `{"s":"10.0.0.1"}`, "spec: want IPv6"},
		{`{"rule":"quantity(self.s).isGreaterThan(quantity('1Gi'))","message":"too small"}`, `{"s":"512Mi"}`, "spec: too small"},
		{"", `{"l":[{"k":"a"},{}],"m":{"a":"good","b":"bad"}}`, "spec.l[1]: wants k; spec.m.b: is bad"},
	} {
		s := read(t, rules(c.rule))
		found, err := s.Broken(t.Context(), s.Fill(value(t, `{"spec":`+c.spec+`}`)))
		var got []string
		for _, b := range found {
			got = append(got, b.Path.String()+": "+b.Message)
		}
		if text := strings.Join(got, "; "); err != nil || text != c.want {
			t.Errorf("%s of %s: got %q, %v, want %q", c.rule, c.spec, text, err, c.want)
		}
	}
}

// TestCost states that judging ends: where the API server gives up, and where the context does.
func TestCost(t *testing.T) {
	items := strings.TrimSuffix(strings.Repeat("1,", 2000), ",")
	s := read(t, `{"type":"object","properties":{"l":{"type":"array","items":{"type":"integer"},
		"x-kubernetes-validations":[{"rule":"self.all(a, self.all(b, self.all(c, a + b + c < 9)))","message":"small"}]}}}`)
	object := value(t, `{"l":[`+items+`]}`)
	found, err := s.Broken(t.Context(), object)
	if err != nil || len(found) != 1 || !strings.Contains(found[0].Message, "cost limit") {
		t.Errorf("got %v, %v, want that it costs too much", found, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Broken(ctx, object); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it is canceled", err)
	}
}
