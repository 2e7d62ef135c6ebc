package build

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/kustomize"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/values"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// schemaPath is how the schema's library names the value at fault.
var schemaPath = regexp.MustCompile(`at '(/[^']*)'`)

// blame tells why the chart was not rendered, at the value that is wrong, or at the entry. Where its schema refers to what
// the network does not give, nobody here is to blame. An error means that a limit was passed.
func (e *entry) blame(err error) error {
	var exceeded *watchdog.Exceeded
	var layer values.LayerError
	var reference *helm.ReferenceError
	var schema helm.SchemaError
	switch {
	case errors.As(err, &exceeded):
		return e.stopped(e.Place(), "chart "+e.unit.Chart.String(), exceeded)
	case errors.As(err, &layer):
		e.failAt(e.unit.Layers[layer.Layer].At, oneLine(err.Error()))
	case errors.As(err, &reference) && isHTTP.MatchString(reference.URL):
		e.Block(kustomize.Reason{AtHand: true, Text: fmt.Sprintf(
			"chart %s: its values.schema.json refers to %s: %v", chart.Ref{Name: e.Name, Version: e.Version}, chart.Location(reference.URL), reference.Err)})
	case errors.As(err, &schema):
		lines := strings.Split(strings.TrimSpace(schema.Error()), "\n")
		e.failAt(e.refused(schema), "values do not fit its schema: "+oneLine(strings.TrimPrefix(lines[len(lines)-1], "- ")))
	default:
		e.fail(helmMessage(err))
	}
	return nil
}

var isHTTP = regexp.MustCompile(`(?i)^https?:`)

// refused is where the value stands that a schema refuses; else it is the entry.
func (e *entry) refused(schema helm.SchemaError) manifest.Place {
	m := schemaPath.FindStringSubmatch(schema.Error())
	if m == nil {
		return e.Place()
	}
	var steps []any
	for _, step := range strings.Split(m[1][1:], "/") { // a JSON pointer
		if i, err := strconv.Atoi(step); err == nil {
			steps = append(steps, i)
		} else {
			steps = append(steps, strings.NewReplacer("~1", "/", "~0", "~").Replace(step))
		}
	}
	if at, ok := values.Find(e.unit.Layers, steps...); ok {
		return at
	}
	return e.Place()
}

// oneLine puts a text on one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// executing matches what templates say of the function that they were in.
var executing = regexp.MustCompile(`executing "[^"]*" at `)

// helmMessage is the cause of an error of Helm: of templates that call each other, where the innermost stopped.
func helmMessage(err error) string {
	text := oneLine(err.Error())
	if i := strings.LastIndex(text, "template: "); i >= 0 {
		text = text[i+len("template: "):]
	}
	return executing.ReplaceAllString(text, "")
}
