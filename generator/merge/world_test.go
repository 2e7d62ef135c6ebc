package merge_test

import (
	"testing"
)

// world are texts of every kind that is small.
var world = []string{
	"",
	"a: 1\n",
	"a: 2\nb: x\n",
	"# about a\na: 1\n# about b\nb: x # beside\n",
	"b: 'x'\na: 1\n",
	"a:\n",
	"a: {}\n",
	"a: {x: 1, v: 2}\n",
	"a:\n  x: 1\n  v: 3\n",
	"a:\n  # why\n  x: 1\n  z:\n    deep: true\n\nb: x",
	"a: 1\r\nb: x\r\n",
	"env:\n  - name: A\n    value: \"1\"\n  - name: B\n    value: \"2\"\n",
	"env:\n  - name: B\n    value: \"2\"\n  # mine\n  - name: C\n    value: \"3\"\n",
	"env:\n- name: A\n  value: \"4\"\n- name: B\n  value: \"2\"\n- name: D\n",
	"env: [{name: A, value: \"1\"}, {name: D}]\n",
	"args: [a, b]\n",
	"args:\n  - a\n  - c\nb: |\n  # text\n  more\n\nc: 1\n",
	"resources:\n  - a.yaml\n  - b.yaml\n",
	"resources: [b.yaml, c.yaml]\nb: null\n",
	"kind: A\nmetadata: {name: one}\na: 1\n---\nkind: A\nmetadata: {name: two}\na: 1\n",
	"kind: A\nmetadata: {name: two}\na: 2\n---\n# third\nkind: A\nmetadata: {name: three}\n",
	"---\nkind: A\nmetadata: {name: one}\na: 1\nb: 2\n",
	"d: &d {x: 1}\na: *d\n",
	"a:\n  <<: {x: 1}\n  v: 2\n",
}

// TestWorld goes through all merges of three small texts.
func TestWorld(t *testing.T) {
	t.Parallel()
	var c tally
	for _, base := range world {
		for _, have := range world {
			for _, want := range world {
				if !c.lawful(t, base, have, want) && c.lost > 10 {
					t.FailNow()
				}
			}
		}
	}
	t.Log(&c)
}
