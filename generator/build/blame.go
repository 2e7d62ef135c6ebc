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

// blame tells why the chart was not rendered, at the value that is wrong, or at the entry. An error means that a limit was passed.
func (e *entry) blame(err error) error {
	v := e.unit.verdict(err)
	switch {
	case v.exceeded != nil:
		return e.stopped(e.Place(), "chart "+e.unit.Chart.String(), v.exceeded)
	case v.lacking != "":
		e.Block(kustomize.Reason{Needs: kustomize.AFile, Text: v.lacking})
	default:
		e.failAt(v.at, v.message)
	}
	return nil
}

// verdict is why a chart was not rendered: it passed a limit, or lacks what nobody here is to blame for, or something is wrong.
type verdict struct {
	exceeded *watchdog.Exceeded
	lacking  string
	at       manifest.Place
	message  string
}

// verdict finds out why the chart of a unit was not rendered.
func (u Unit) verdict(err error) verdict {
	v := verdict{at: u.Place}
	var layer values.LayerError
	var reference *helm.ReferenceError
	var schema helm.SchemaError
	switch {
	case errors.As(err, &v.exceeded):
	case errors.As(err, &layer):
		v.at, v.message = u.Layers[layer.Layer].At, oneLine(err.Error())
	case errors.As(err, &reference) && isHTTP.MatchString(reference.URL):
		v.lacking = fmt.Sprintf("chart %s: its values.schema.json refers to %s: %v",
			chart.Ref{Name: u.Chart.Name, Version: u.Chart.Version}, chart.Location(reference.URL), reference.Err)
	case errors.As(err, &schema):
		lines := strings.Split(strings.TrimSpace(schema.Error()), "\n")
		v.at, v.message = u.refused(schema), "values do not fit its schema: "+oneLine(strings.TrimPrefix(lines[len(lines)-1], "- "))
	default:
		v.message = helmMessage(err)
	}
	return v
}

var isHTTP = regexp.MustCompile(`(?i)^https?:`)

// refused is where the value stands that a schema refuses; else it is the unit.
func (u Unit) refused(schema helm.SchemaError) manifest.Place {
	m := schemaPath.FindStringSubmatch(schema.Error())
	if m == nil {
		return u.Place
	}
	var steps []any
	for _, step := range strings.Split(m[1][1:], "/") { // a JSON pointer
		if i, err := strconv.Atoi(step); err == nil {
			steps = append(steps, i)
		} else {
			steps = append(steps, strings.NewReplacer("~1", "/", "~0", "~").Replace(step))
		}
	}
	if at, ok := values.Find(u.Layers, steps...); ok {
		return at
	}
	return u.Place
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
