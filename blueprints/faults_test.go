package blueprints_test

import (
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/record"
)

// TestTreesAreKept wants the objects of our own to have no field that the API server does not keep, and what holds data to
// stay when its Application goes, in our own objects and in what charts were recorded to render to.
func TestTreesAreKept(t *testing.T) {
	for name, r := range trees(t) {
		claims := 0
		for _, res := range r.Resources {
			if strings.HasSuffix(res.ID.Kind, "Claim") {
				claims++
			}
			for _, fault := range record.Faults(res) {
				t.Errorf("%s: %s: %s", name, res.ID, fault)
			}
		}
		if claims == 0 {
			t.Errorf("%s: there are no claims", name)
		}
	}
}
