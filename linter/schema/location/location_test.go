package location

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yannh/kubeconform/pkg/registry"
	"github.com/yannh/kubeconform/pkg/resource"
	"github.com/yannh/kubeconform/pkg/validator"
)

// TestLayouts states that a schema is looked for where kubeconform does.
func TestLayouts(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("schemas", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"schemas", ".", "schemas/{{.ResourceKind}}.json", "{{.ResourceKind}}{{.KindSuffix}}.json",
		"schemas/{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json",
		"schemas/{{.NormalizedKubernetesVersion}}{{.StrictSuffix}}/{{if eq .Group \"apps\"}}own{{else}}custom{{end}}/{{.ResourceKind}}{{.KindSuffix}}.json",
	} {
		l, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		theirs, err := registry.New(text, "", true, false, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range []string{"v1 Pod", "apps/v1 Deployment", "networking.k8s.io/v1 NetworkPolicy", "cert-manager.io/v1alpha1 Certificate"} {
			apiVersion, kind, _ := strings.Cut(object, " ")
			got, err := l.of(apiVersion, kind, "1.36")
			want, _, _ := theirs.DownloadSchema(kind, apiVersion, "1.36.0")
			if err != nil || got != want {
				t.Errorf("%s of %s: got %q, %v, want %q", object, text, got, err, want)
			}
		}
	}
}

// TestNames states that no name which an object has leads out of a location, or to another host.
func TestNames(t *testing.T) {
	for _, object := range []string{"v1 Pod", "apps/v1 Deployment", "x.example.org/v1beta1 L4"} {
		apiVersion, kind, _ := strings.Cut(object, " ")
		if !isKind(apiVersion, kind) {
			t.Errorf("%s: it is a kind", object)
		}
	}
	for _, object := range []string{
		"../v1 Pod", "v1 ../Pod", "v1 a/b", "v1 a.b", "v1 a?b", "v1 %2e%2e", "a/b/v1 Pod", ".. Pod", "../../etc passwd", "a..b/v1 Pod", "a@b/v1 Pod", "a:1/v1 Pod",
		"/v1 Pod", "v1/ Pod", "v1 ", " Pod", "v1.2 Pod", "v1 Pöd", "a\n/v1 Pod", "v1 Pod\n", "{{.Group}}/v1 Pod", "a\\b/v1 Pod",
	} {
		apiVersion, kind, _ := strings.Cut(object, " ")
		if isKind(apiVersion, kind) {
			t.Errorf("%q: got a kind", object)
		}
	}
}

// TestOpenIsBounded states that nothing is waited for, and no more is read than a schema may have.
func TestOpenIsBounded(t *testing.T) {
	for _, device := range []string{"/dev/zero", "/dev/tty", t.TempDir()} {
		if _, found, err := open(device); err == nil && found {
			t.Errorf("%s: it was read", device)
		}
	}
	large := filepath.Join(t.TempDir(), "large.json")
	if err := os.WriteFile(large, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, 1<<40); err != nil {
		t.Skip(err)
	}
	if data, _, err := open(large); err != nil || len(data) > maxSize+1 {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
	for _, absent := range []string{"none.json", "location_test.go/none.json"} {
		if _, found, err := open(absent); found || err != nil {
			t.Errorf("%s: got %t, %v", absent, found, err)
		}
	}
}

// FuzzCompile states that kubeconform takes each schema that compiles.
func FuzzCompile(f *testing.F) {
	for _, text := range []string{
		`{}`, `null`, `[]`, `true`, `{"type": "object"}`, `{"$ref": "#"}`, `{"$ref": "a.json"}`, `{"$id": "http://x.example.org/a", "$ref": "b"}`,
		`{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"a": true}}`, `{"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#/definitions/a"}}}`,
		`{"pattern": "("}`, `{"enum": []}`, `{"$schema": 1}`, `{"id": "x", "required": []}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if compile(t.Context(), data) != nil {
			return
		}
		dir, err := os.MkdirTemp("", "schema-") // kubeconform takes no # in a path
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		file := filepath.Join(dir, "schema.json")
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		v, err := validator.New([]string{file}, validator.Opts{Strict: true})
		if err != nil {
			t.Fatal(err)
		}
		r := v.ValidateResource(resource.Resource{Bytes: []byte(`{"apiVersion": "v1", "kind": "Lamp"}`)})
		if r.Err != nil && strings.HasPrefix(r.Err.Error(), "could not find schema") {
			t.Errorf("kubeconform does not take %s", data)
		}
	})
}
