package merge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/merge"
	"github.com/gitopsgen/gitopsgen/schemas"
)

// pod is a Deployment with one container.
const pod = `apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: lamp
`

const (
	deployment = pod + "          "
	route      = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec:\n  "
	gateway    = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nspec:\n  "
	policy     = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec:\n  egress:\n    - "
	stranger   = "apiVersion: example.org/v1\nkind: Lamp\nspec:\n  "
)

// TestSchemas merges lists of which each side gets an item of its own. Both are there where the schema tells items apart, or where no
// schema tells and the name of the list does. Else the list is one value, and in conflict.
func TestSchemas(t *testing.T) {
	for _, c := range []struct{ before, list, base, mine, new, conflict string }{
		{strings.TrimSuffix(pod, "containers:\n        - name: lamp\n"), "containers", "name: lamp", "name: mine", "name: new", ""},
		{deployment, "ports", "containerPort: 80", "{containerPort: 80, protocol: UDP}", "containerPort: 81", ""},
		{deployment, "ports", "containerPort: 80", "{containerPort: 81, protocol: TCP, name: b}", "{containerPort: 81, name: c}", `spec.template.spec.containers["name=lamp"].ports["containerPort=81,protocol=TCP"].name`},
		{deployment, "env", "{name: A, value: a}", "{name: B, value: b}", "{name: C, value: c}", ""},
		{deployment, "args", "--a", "--b", "--c", `spec.template.spec.containers["name=lamp"].args`},
		{deployment, "resizePolicy", "{resourceName: a}", "{resourceName: b}", "{resourceName: c}", `spec.template.spec.containers["name=lamp"].resizePolicy`},
		{gateway, "listeners", "{name: a, port: 80}", "{name: b, port: 81}", "{name: c, port: 82}", ""},
		{route, "parentRefs", "name: a", "name: b", "name: c", "spec.parentRefs"},
		{route, "rules", "name: a", "name: b", "name: c", "spec.rules"},
		{policy, "ports", "port: 80", "port: 81", "port: 82", "spec.egress"},
		{stranger, "ports", "port: 80", "port: 81", "port: 82", ""},
		{stranger, "listeners", "name: a", "name: b", "name: c", "spec.listeners"},
		{"", "helmCharts", "name: a", "name: b", "name: c", ""},
	} {
		of := func(items ...string) []byte {
			text := c.before + c.list + ":"
			for _, item := range items {
				text += "\n            - " + item
			}
			return []byte(text + "\n")
		}
		f := merge.Files{Path: "x.yaml", Base: of(c.base), Have: of(c.base, c.mine), Want: of(c.base, c.new)}
		r, err := merge.YAML(f, merge.Options{Keys: schemas.Embedded().Keys})
		if err != nil {
			t.Fatal(err)
		}
		conflict := ""
		for _, one := range r.Conflicts {
			conflict += fmt.Sprint(one.Path)
		}
		both := strings.Contains(string(r.Text), c.mine) && strings.Contains(string(r.Text), c.new)
		if conflict != c.conflict || both != (c.conflict == "") {
			t.Errorf("%s: got %s\nconflict %q, want %q", c.list, r.Text, conflict, c.conflict)
		}
	}
}

// TestRenamedItems states that an item which both sides gave another name is in conflict: by two names it would be there twice.
func TestRenamedItems(t *testing.T) {
	for _, c := range []struct{ field, base, have, want, conflict string }{
		{"helmCharts", "{name: a}, {name: b}", "{name: a}, {name: mine}", "{name: a}, {name: new}", "helmCharts"},
		{"resources", "a, b", "a, mine", "a, new", "resources"},
		{"resources", "a, b", "a, same", "a, same", ""},
		{"resources", "a, b", "a, mine", "a", ""},
		{"resources", "a, b", "a, b, mine", "a, new", ""},
	} {
		of := func(items string) []byte { return []byte(c.field + ": [" + items + "]\n") }
		r, err := merge.YAML(merge.Files{Path: "x.yaml", Base: of(c.base), Have: of(c.have), Want: of(c.want)}, merge.Options{})
		if err != nil {
			t.Fatal(err)
		}
		conflict := ""
		for _, one := range r.Conflicts {
			conflict += one.Path.String()
		}
		if conflict != c.conflict {
			t.Errorf("%s from [%s] to [%s] and [%s]: got a conflict of %q, want %q:\n%s", c.field, c.base, c.have, c.want, conflict, c.conflict, r.Text)
		}
	}
}
