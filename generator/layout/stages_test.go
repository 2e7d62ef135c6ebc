package layout

import (
	"fmt"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// TestStages puts each Application into the stage that has begun with its wave, and leaves out stages without any.
func TestStages(t *testing.T) {
	all := []blueprint.Stage{{Name: "first", Wave: -10}, {Name: "empty", Wave: -5}, {Name: "main", Wave: 0}, {Name: "last", Wave: 50}}
	waves := map[string]int{"late": 60, "at-last": 50, "b": 0, "a": 0, "between": 49, "first": -10, "too-early": -99}
	got := ""
	for _, s := range stages(all, waves) {
		got += fmt.Sprint(s.Name, s.Applications, " ")
	}
	if want := "first[too-early first] main[a b between] last[at-last late] "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
