package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// TestAnswersAreOfTheirQuestion states that what a library said of a text for one object or policy is not taken for what it says of
// another text, of an object, or in another "with".
func TestAnswersAreOfTheirQuestion(t *testing.T) {
	const head = "# METADATA\n# title: %[1]s\n# description: Switch it on.\n# custom:\n#   rationale: Nobody sees.\n#   severity: {small: info, medium: info, enterprise: info}\npackage policies.lamps.%[1]s\n\nimport data.lib.lamps\n\n"
	source := Source{Files: fstest.MapFS{
		"lib/lamps/lamps.rego": {Data: []byte(`# METADATA
# title: Lamps
# description: Says what lamps are.
package lib.lamps

word := "on"

shown(text) := concat(" ", [text, word])

named(object) := shown(object.metadata.name)
`)},
		"lamps/bright/bright.rego": {Data: fmt.Appendf(nil, head+`deny contains {"msg": lamps.shown("bright")}

deny contains {"msg": lamps.named(input.object)}
`, "bright")},
		"lamps/dark/dark.rego": {Data: fmt.Appendf(nil, head+`deny contains {"msg": message} if {
	message := lamps.shown("bright") with data.lib.lamps.word as "off"
}

deny contains {"msg": message} if {
	message := lamps.named(input.object) with data.lib.lamps.word as "off"
}
`, "dark")},
	}}
	checker, err := New(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	resources, _ := manifest.Parse("lamps.yaml", []byte("{apiVersion: v1, kind: Lamp, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Lamp, metadata: {name: b}}\n"))
	found, err := checker.Check(t.Context(), linter.NewView(linter.Input{Resources: resources, Judged: map[string]bool{"lamps/bright": true, "lamps/dark": true}}))
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, f := range found.Findings {
		told = append(told, f.Resource.ID.Name+": "+f.Message)
	}
	slices.Sort(told)
	want := "a: a off, a: a on, a: bright off, a: bright on, b: b off, b: b on, b: bright off, b: bright on"
	if got := strings.Join(told, ", "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	function := ast.NewTerm(ast.MustParseRef("data.lib.lamps.shown"))
	kept := &answers{}
	kept.next()
	put := func(text string) ast.Ref {
		ref := ast.Ref{function, ast.StringTerm(text)}
		kept.Put(ref, ast.StringTerm("on"))
		return ref
	}
	first, long := put("0"), put(strings.Repeat("a", maxLastingText+1))
	kept.next()
	if value, _ := kept.Get(first); value == nil {
		t.Error("got nothing for a text after the next object, want what was said of it")
	}
	if value, _ := kept.Get(long); value != nil {
		t.Errorf("got %s for a long text after the next object, want nothing", value)
	}
	for i := range maxLasting {
		put(fmt.Sprint(i))
	}
	kept.next()
	if value, _ := kept.Get(first); value != nil {
		t.Errorf("got %s after more than %d answers, want nothing", value, maxLasting)
	}
}
