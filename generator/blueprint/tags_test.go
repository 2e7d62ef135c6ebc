package blueprint

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTags wants every field of the spec to say what it is, whether blueprints see it, and what it is at no site in
// particular: a field without a tag would be dropped in silence.
func TestTags(t *testing.T) {
	neutral := regexp.MustCompile(`^(same|none|each|one|site|=.+)$`)
	for _, typ := range structs(reflect.TypeFor[Spec](), nil) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			if f.Tag.Get("doc") == "" {
				t.Errorf("%s.%s: no tag doc", typ.Name(), f.Name)
			}
			if tag := f.Tag.Get("jsonnet"); !slices.Contains([]string{"always", "set", "never"}, tag) {
				t.Errorf("%s.%s: jsonnet:%q, want always, set or never", typ.Name(), f.Name, tag)
			}
			if tag := f.Tag.Get("neutral"); !neutral.MatchString(tag) {
				t.Errorf("%s.%s: neutral:%q, want same, none, each, one, site or =TEXT", typ.Name(), f.Name, tag)
			}
		}
	}
}

// structs are the types of ours that a type is made of, each once, but for those that encode themselves, and those of fields
// that are neither encoded nor kept.
func structs(t reflect.Type, known []reflect.Type) []reflect.Type {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return structs(t.Elem(), known)
	case reflect.Struct:
		if slices.Contains(known, t) || t.Implements(reflect.TypeFor[json.Marshaler]()) {
			return known
		}
		known = append(known, t)
		for i := range t.NumField() {
			if f := t.Field(i); f.Tag.Get("jsonnet") != "never" || f.Tag.Get("neutral") != "none" {
				known = structs(f.Type, known)
			}
		}
	}
	return known
}

// fullSpec sets every field.
const fullSpec = `{"apiVersion":"gitopsgen/v1","name":"acme","tier":"medium","domain":"acme.test","repository":{"url":"https://git.acme.test/a.git","branch":"trunk"},
"kubernetesVersion":"1.35","clusters":[{"name":"east","server":"https://east.acme.test","domain":"east.acme.test","kubernetesVersion":"1.36",
"nodes":[{"name":"a.acme.test","roles":["worker"],"address":"10.0.0.1"},{"name":"b.acme.test"}],"networks":{"node":"10.0.0.0/24","pod":"10.1.0.0/16","service":"10.2.0.0/16",
"loadBalancer":["10.0.1.0/24","10.0.2.0/24"],"virtualIP":"10.0.0.9","bgp":{"localASN":65000,"peers":[{"address":"10.0.0.7","asn":65001},{"address":"10.0.0.8","asn":65002}]}},
"components":{"lamp":{"params":{"host":"lamp.east.acme.test"},"values":{"url":"https://acme.test"}}}}],"capabilities":{"dns":"external-dns"},
"components":{"lamp":{"enabled":true,"params":{"host":"lamp.acme.test"},"values":{"n":1}}},"teams":[{"name":"lights","owner":"Ann","groups":{"edit":["a"],"view":["b"]},
"namespaces":["lights"],"clusters":["east"],"quota":{"cpu":"1"},"apps":{"repoURL":"https://git.acme.test/b.git","path":"x","revision":"y"}}],"workloads":[{"name":"shop","path":"apps/shop","repoURL":"https://git.acme.test/c.git","revision":"v1","namespace":"shops","clusters":["east"]}],
"repositories":[{"url":"https://git.acme.test/c.git","path":"c"}],"registries":{"trusted":["ghcr.io/"],"mirror":{"images":{"*":"r.acme.test/"},"charts":{"*":"oci://r.acme.test"}}},"lint":{"severity":{"a/b":"off"},"params":{"a/b":{"c":1}}},
"ci":{"install":"make"},"blueprint":"my.jsonnet"}`

// TestEncoded shows what blueprints see of a spec with every field, and of one with none.
func TestEncoded(t *testing.T) {
	const full = `{"capabilities":{"dns":"external-dns"},"clusters":[{"components":{"lamp":{"params":{"host":"lamp.east.acme.test"}}},"domain":"east.acme.test","kubernetesVersion":"1.36","name":"east",` +
		`"networks":{"bgp":{"localASN":65000,"peers":[{"address":"10.0.0.7","asn":65001},{"address":"10.0.0.8","asn":65002}]},"loadBalancer":["10.0.1.0/24","10.0.2.0/24"],"node":"10.0.0.0/24","pod":"10.1.0.0/16","service":"10.2.0.0/16","virtualIP":"10.0.0.9"},` +
		`"nodes":[{"address":"10.0.0.1","name":"a.acme.test","roles":["worker"]},{"name":"b.acme.test"}],"server":"https://east.acme.test"}],"components":{"lamp":{"enabled":true,"params":{"host":"lamp.acme.test"}}},"domain":"acme.test","kubernetesVersion":"1.35","name":"acme",` +
		`"registries":{"mirror":{"charts":{"*":"oci://r.acme.test"},"images":{"*":"r.acme.test/"}},"trusted":["ghcr.io/"]},"repository":{"branch":"trunk","url":"https://git.acme.test/a.git"},` +
		`"teams":[{"apps":{"path":"x","repoURL":"https://git.acme.test/b.git","revision":"y"},"clusters":["east"],"groups":{"edit":["a"],"view":["b"]},"name":"lights","namespaces":["lights"],"owner":"Ann","quota":{"cpu":"1"}}],"tier":"medium","workloads":[{"clusters":["east"],"name":"shop","namespace":"shops","path":"apps/shop","repoURL":"https://git.acme.test/c.git","revision":"v1"}]}`
	const empty = `{"capabilities":{},"clusters":[],"components":{},"domain":"","kubernetesVersion":"","name":"","registries":{},"repository":{"branch":"","url":""},"teams":[],"tier":"","workloads":[]}`
	for text, want := range map[string]string{fullSpec: full, "{}": empty} {
		if got := encoded(t, evaluated(decoded(t, text))); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestNeutral shows a spec with every field at no site in particular, and wants no name of the site to be left.
func TestNeutral(t *testing.T) {
	const want = `{"apiVersion":"gitopsgen/v1","name":"my-platform","tier":"medium","domain":"example.org","repository":{"url":"https://git.example.org/platform/my-platform.git","branch":"main"},` +
		`"kubernetesVersion":"1.35","clusters":[{"name":"prod","server":"https://192.0.2.1:6443","domain":"example.org","kubernetesVersion":"1.36",` +
		`"nodes":[{"name":"node-0","roles":["worker"],"address":"192.0.2.10"},{"name":"node-1"}],"networks":{"node":"192.0.2.0/24","pod":"10.42.0.0/16","service":"10.43.0.0/16","loadBalancer":["198.51.100.0/24"],"virtualIP":"192.0.2.1","bgp":{"localASN":64512,"peers":[{"address":"203.0.113.1","asn":64512}]}},` +
		`"components":{"lamp":{"params":{"host":"lamp.example.org"},"values":{"url":"https://example.org"}}}}],"capabilities":{"dns":"external-dns"},"components":{"lamp":{"enabled":true,"params":{"host":"lamp.example.org"},"values":{"n":1}}},` +
		`"teams":[{"name":"team-0","owner":"team@example.org","namespaces":["team-0"],"clusters":["prod"],"quota":{"cpu":"1"}}],"blueprint":"my.jsonnet"}`
	spec := decoded(t, fullSpec).WithDefaults()
	got := encoded(t, spec.Neutral(0))
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if strings.Contains(got, "acme") {
		t.Errorf("a name of the site is left in %s", got)
	}
	if again := encoded(t, decoded(t, fullSpec).WithDefaults()); again != encoded(t, spec) {
		t.Errorf("the spec itself is another one: %s", again)
	}
}

func decoded(t *testing.T, text string) (s Spec) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
