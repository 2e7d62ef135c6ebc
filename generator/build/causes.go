package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/values"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// Causes finds the values that set fields of what charts rendered to.
type Causes struct {
	charts map[manifest.Place]Inflated
	dir    string
	// left is how long the search may still take.
	left time.Duration
}

// evidence is that of a chart's unit, once somebody asked for it; odd says that it cannot be had.
type evidence struct {
	found *helm.Evidence
	odd   bool
}

// maxSearch bounds how long causes are searched for in all. What was found is kept, so that the next run gets further.
const maxSearch = 10 * time.Second

// NewCauses are those of the objects of charts. Answers are kept in the folder dir, where several processes may do so at once;
// empty keeps none.
func NewCauses(charts map[manifest.Place]Inflated, dir string) *Causes {
	return &Causes{charts: charts, dir: dir, left: maxSearch}
}

// Find gives the path of the chart's value that sets the field at of an object, and the place where it stands, or would
// stand, in the files that the chart's entry names: else the entry's own. The value is empty where none was found. It is
// found by evidence: values are changed, and the chart is rendered again.
func (c *Causes) Find(ctx context.Context, res *manifest.Resource, at []any) (value string, place manifest.Place) {
	chart, known := c.charts[res.Origin.Place]
	if !known || res.Origin.Recorded || len(at) == 0 {
		return "", res.Origin.Place
	}
	file := c.file(chart.inflation, res, at)
	found, known := read(file)
	if !known {
		if found, known = c.search(ctx, chart.inflation, res.Object, at); !known {
			return "", res.Origin.Place
		}
		keep(file, found)
	}
	if len(found) == 0 {
		return "", res.Origin.Place
	}
	return strings.Join(found, "."), chart.unit.nearest(found)
}

// search asks for evidence, as long as there is time. known says that the answer is one for ever.
func (c *Causes) search(ctx context.Context, i *inflation, object map[string]any, at []any) (found []string, known bool) {
	if i.search.odd || c.left <= 0 {
		return nil, false
	}
	start := time.Now()
	defer func() { c.left -= time.Since(start) }()
	ctx, cancel := context.WithTimeout(ctx, c.left)
	defer cancel()
	type answer struct {
		found    []string
		evidence *helm.Evidence
		err      error
	}
	// Work that is given up on runs on: it has variables of its own.
	answers := make(chan answer, 1)
	stopped := watchdog.Run(ctx, defaultLimits, func() {
		a := answer{evidence: i.search.found}
		if a.evidence == nil {
			a.evidence, a.err = helm.Investigate(ctx, i.files, i.release)
		}
		if a.err == nil {
			a.found, _ = a.evidence.Value(ctx, object, at)
		}
		answers <- a
	})
	if stopped != nil || ctx.Err() != nil {
		i.search.odd = true
		return nil, false
	}
	a := <-answers
	i.search.found, i.search.odd = a.evidence, a.err != nil
	return a.found, a.err == nil
}

// file is where an answer is kept; empty where none is.
func (c *Causes) file(i *inflation, res *manifest.Resource, at []any) string {
	if c.dir == "" || i.digest == "" {
		return ""
	}
	question, err := json.Marshal([]any{i.digest, res.ID.Kind, res.ID.Name, at, manifest.Dig(res.Object, at...)})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(question)
	return filepath.Join(c.dir, hex.EncodeToString(sum[:]))
}

func read(file string) (found []string, known bool) {
	data, err := os.ReadFile(file)
	if file == "" || err != nil || json.Unmarshal(data, &found) != nil {
		return nil, false
	}
	return found, true
}

// keep writes an answer. Where that does not work it is asked again the next time.
func keep(file string, found []string) {
	if data, err := json.Marshal(found); file != "" && err == nil {
		_ = cache.Write(file, data)
	}
}

// nearest finds the value at a path where the unit's values stand: the value itself, else the innermost mapping around it.
// Where there is neither it is the unit's own place.
func (u Unit) nearest(path []string) manifest.Place {
	var steps []any
	for _, step := range path {
		steps = append(steps, step)
	}
	if at, ok := values.Nearest(u.Layers, steps...); ok {
		return at
	}
	return u.Place
}
