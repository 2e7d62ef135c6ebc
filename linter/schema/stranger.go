package schema

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

// stranger is a kind without a schema.
type stranger struct {
	// objects are those of the kind, in their order, as indices of Input.Resources.
	objects []int
	// reason says why there is none, where that is not plain.
	reason string
	// meant is the kind that was meant, as far as anybody can tell.
	meant meant
}

// strangerKey tells strangers apart. What was fetched is counted by itself: nobody learns from a count what stands there.
type strangerKey struct {
	apiVersion, kind string
	fetched          bool
}

// maxFurther is how many places are told besides the first.
const maxFurther = 3

// finding tells of a kind without a schema, at the first of its objects that was asked for.
func (s *stranger) finding(in linter.Input) linter.Finding {
	asked := func(i int) bool { return in.Focus == nil || in.Focus(in.Resources[i].Origin.Place.File) }
	first := max(0, slices.IndexFunc(s.objects, asked))
	r := &in.Resources[s.objects[first]]
	f := linter.Finding{
		Rule: unknownKind, Message: fmt.Sprintf("no schema for %s %s, %s", r.ID.APIVersion(), r.ID.Kind, notJudged(len(s.objects))),
		Resource: r, Detail: s.meant.fault(), Fix: s.meant.fix(),
	}
	f.Place = r.Place(f.Detail)
	if s.reason != "" {
		f.Message += ": " + s.reason
	}
	f.Message += s.meant.text
	if in.Generated != nil && !slices.ContainsFunc(s.objects, func(i int) bool { return !in.Generated(in.Resources[i].Origin.Place.File) }) {
		f.Severity = linter.Info
	}
	told := map[manifest.Place]bool{f.Place: true}
	for _, i := range s.objects {
		other := in.Resources[i]
		if at := other.Place(f.Detail); !told[at] && len(f.Related) < maxFurther {
			told[at] = true
			f.Related = append(f.Related, linter.Related{Place: at, Message: other.ID.String()})
		}
	}
	return f
}

func notJudged(objects int) string {
	return wording.Count(objects, "object") + " " + verb(objects) + " not judged"
}

func verb(objects int) string {
	if objects == 1 {
		return "is"
	}
	return "are"
}
