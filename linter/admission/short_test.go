package admission_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter/admission"
)

// TestShort states that a constraint without the kinds that run pods has all others still, and that the patch has these.
func TestShort(t *testing.T) {
	out := export(t, admission.Options{Tier: blueprint.Enterprise}, "[core/Pod, Lamp]", "[pods, Lamp]")
	kinds := func(constraint any) []any { return manifest.Dig(constraint, "spec", "match", "kinds").([]any) }
	whole := kinds(out.Constraints[0])
	short, patches := out.Short()
	if want := []any{map[string]any{"apiGroups": []any{"*"}, "kinds": []any{"Lamp"}}}; !reflect.DeepEqual(kinds(short[0]), want) {
		t.Errorf("got %v, want %v", kinds(short[0]), want)
	}
	if got := kinds(out.Constraints[0]); len(got) != len(whole) || len(got) < 10 {
		t.Errorf("got %d entries in the export, had %d", len(got), len(whole))
	}
	text, _ := manifest.Dig(patches[0], "patch").(string)
	if n := strings.Count(text, "\n"); n != len(whole)-1 {
		t.Errorf("got %d lines, want %d: %s", n, len(whole)-1, text)
	}
	if want := "- {op: add, path: /spec/match/kinds/-, value: {apiGroups: [batch], kinds: [CronJob, Job]}}\n"; !strings.Contains(text, want) {
		t.Errorf("got %s, want %s", text, want)
	}
}

// TestShortWithoutPods states that there is nothing to patch where no policy asks for kinds that run pods.
func TestShortWithoutPods(t *testing.T) {
	out := export(t, admission.Options{Tier: blueprint.Enterprise})
	if short, patches := out.Short(); !reflect.DeepEqual(short, out.Constraints) || len(patches) > 0 {
		t.Errorf("got %v, %v", short, patches)
	}
}
