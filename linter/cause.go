package linter

import (
	"fmt"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// cause is what findings share that are told as one: whoever mends it in its place mends it in all objects.
type cause struct {
	rule, message, detail, fix, value, related, kind, name string
	severity                                               Severity
	place                                                  manifest.Place
}

// cause gives what f shares with its copies. Where nobody knows which value of a chart it is, the place is that of the whole chart,
// and each of the chart's objects may need another value; of their apiVersion the chart decides.
func (f Finding) cause() cause {
	c := cause{
		rule: f.Rule, severity: f.Severity, message: f.Message, place: f.Place, detail: f.Detail, fix: f.Fix, value: f.Value.String(),
		related: fmt.Sprint(f.Related),
	}
	if f.Resource != nil {
		c.kind = f.Resource.ID.Kind
		if f.Resource.Origin.Chart != "" && len(f.Value) == 0 && !slices.Equal(f.At, manifest.Path{"apiVersion"}) {
			c.name = f.Resource.ID.Name
		}
	}
	return c
}

// Each gives f for every object that has it, without copies: each has a fingerprint of its own.
func (f Finding) Each() []Finding {
	copies := f.Copies
	f.Copies = nil
	all := []Finding{f}
	for _, r := range copies {
		f.Resource = r
		all = append(all, f)
	}
	return all
}

// together makes findings of the same cause one.
func together(findings []Finding) []Finding {
	at := map[cause]int{}
	var all []Finding
	for _, f := range findings {
		c := f.cause()
		i, told := at[c]
		if !told || f.Resource == nil {
			at[c], all = len(all), append(all, f)
			continue
		}
		all[i].Copies = append(all[i].Copies[:len(all[i].Copies):len(all[i].Copies)], f.Resource)
	}
	return all
}
