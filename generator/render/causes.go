package render

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
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// Causes finds the values that set fields of what charts rendered to.
type Causes struct {
	charts map[manifest.Place]*inflated
	dir    string
	// left is how long the search may still take.
	left time.Duration
}

// inflated is an entry of helmCharts that was rendered.
type inflated struct {
	entry   *chartEntry
	files   []tree.File
	release helm.Release
	// digest names all of it; evidence is nil until somebody asks. odd says that it cannot be had.
	digest   string
	evidence *helm.Evidence
	odd      bool
}

// maxSearch bounds how long causes are searched for in all. What was found is kept, so that the next run gets further.
const maxSearch = 10 * time.Second

// Causes are those of the objects in r. Answers are kept in the folder dir, where several processes may do so at once;
// empty keeps none.
func (r Result) Causes(dir string) *Causes {
	return &Causes{charts: r.inflated, dir: dir, left: maxSearch}
}

// Find gives the path of the chart's value that sets the field at of an object, and the place where it stands, or would
// stand, in the files that the chart's entry names: else the entry's own. The value is empty where none was found. It is
// found by evidence: values are changed, and the chart is rendered again.
func (c *Causes) Find(ctx context.Context, res *manifest.Resource, at []any) (value string, place manifest.Place) {
	chart := c.charts[res.Origin.Place]
	if chart == nil || res.Origin.Recorded || len(at) == 0 {
		return "", res.Origin.Place
	}
	file := c.file(chart, res, at)
	found, known := read(file)
	if !known {
		if found, known = c.search(ctx, chart, res.Object, at); !known {
			return "", res.Origin.Place
		}
		keep(file, found)
	}
	if len(found) == 0 {
		return "", res.Origin.Place
	}
	return strings.Join(found, "."), chart.entry.nearest(found)
}

// search asks for evidence, as long as there is time. known says that the answer is one for ever.
func (c *Causes) search(ctx context.Context, i *inflated, object map[string]any, at []any) (found []string, known bool) {
	if i.odd || c.left <= 0 {
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
		a := answer{evidence: i.evidence}
		if a.evidence == nil {
			a.evidence, a.err = helm.Investigate(ctx, i.files, i.release)
		}
		if a.err == nil {
			a.found, _ = a.evidence.Value(ctx, object, at)
		}
		answers <- a
	})
	if stopped != nil || ctx.Err() != nil {
		i.odd = true
		return nil, false
	}
	a := <-answers
	i.evidence, i.odd = a.evidence, a.err != nil
	return a.found, a.err == nil
}

// file is where an answer is kept; empty where none is.
func (c *Causes) file(i *inflated, res *manifest.Resource, at []any) string {
	if c.dir == "" {
		return ""
	}
	if i.digest == "" {
		release, err := json.Marshal(i.release)
		if err != nil {
			return ""
		}
		i.digest = chart.ContentDigest(i.files) + string(release)
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

// nearest finds the value at a path in valuesInline or the values files: the value itself, else the innermost mapping
// around it. Where there is neither it is the entry.
func (c *chartEntry) nearest(path []string) manifest.Place {
	var steps []any
	for _, step := range path {
		steps = append(steps, step)
	}
	for ; len(steps) > 0; steps = steps[:len(steps)-1] {
		if at, ok := c.stands(steps); ok {
			return at
		}
	}
	return c.place()
}

// stands finds the value at a path where it is set.
func (c *chartEntry) stands(steps []any) (manifest.Place, bool) {
	inline := append([]any{"helmCharts", c.index, "valuesInline"}, steps...)
	if manifest.Field(c.kustomization.doc, inline...) != nil {
		return c.place(inline[2:]...), true
	}
	for _, v := range c.docs {
		if manifest.Field(v.doc, steps...) != nil {
			n := manifest.Find(v.doc, steps...)
			return manifest.Place{File: v.file, Line: n.Line, Column: n.Column}, true
		}
	}
	return manifest.Place{}, false
}
