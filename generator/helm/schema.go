package helm

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	chart "helm.sh/helm/v4/pkg/chart/v2"
)

// SchemaError says that values do not fit the schema of a chart.
type SchemaError struct{ error }

// ReferenceError says that the schema of a chart refers to a URL that could not be had.
type ReferenceError struct {
	URL string
	// Err is what the one who was asked for it said.
	Err error
}

func (e *ReferenceError) Error() string {
	return fmt.Sprintf("its values.schema.json refers to %s: %v", e.URL, e.Err)
}

func (e *ReferenceError) Unwrap() error { return e.Err }

// validate holds values against the schemas of a chart and its subcharts as Helm does, but for what they refer to: Helm
// would read any file and ask any host.
func validate(ctx context.Context, c *chart.Chart, values map[string]any, fetch func(context.Context, string) ([]byte, error)) error {
	if len(c.Schema) > 0 {
		if err := validateOne(c, values, references{ctx, fetch}); err != nil {
			return err
		}
	}
	for _, sub := range c.Dependencies() {
		given, ok := values[sub.Name()].(map[string]any)
		if values[sub.Name()] == nil {
			continue
		}
		if !ok {
			return SchemaError{fmt.Errorf("values of its subchart %s: want a mapping", sub.Name())}
		}
		if err := validate(ctx, sub, given, fetch); err != nil {
			return err
		}
	}
	return nil
}

// schemaURL is what a chart's schema is called while it is compiled.
const schemaURL = "chart:///values.schema.json"

func validateOne(c *chart.Chart, values map[string]any, refs references) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("its values.schema.json cannot be used: %v", p)
		}
	}()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(c.Schema))
	if err != nil {
		return fmt.Errorf("its values.schema.json is no JSON: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	var failed *ReferenceError
	compiler.UseLoader(urlLoader(func(url string) (any, error) {
		doc, err := refs.load(url)
		if err != nil && failed == nil {
			failed = &ReferenceError{url, err}
		}
		return doc, err
	}))
	if err := compiler.AddResource(schemaURL, schema); err != nil {
		return fmt.Errorf("its values.schema.json: %w", err)
	}
	compiled, err := compiler.Compile(schemaURL)
	switch {
	case failed != nil:
		return failed
	case err != nil:
		return fmt.Errorf("its values.schema.json: %s", strings.ReplaceAll(err.Error(), schemaURL, ""))
	}
	if err := compiled.Validate(values); err != nil {
		return SchemaError{err}
	}
	return nil
}

type urlLoader func(url string) (any, error)

// Load implements jsonschema.URLLoader.
func (l urlLoader) Load(url string) (any, error) { return l(url) }

// references get what a schema refers to outside of itself.
type references struct {
	ctx   context.Context
	fetch func(ctx context.Context, url string) ([]byte, error)
}

func (r references) load(url string) (any, error) {
	switch scheme, _, _ := strings.Cut(url, ":"); {
	case scheme == "urn":
		return true, nil // as Helm, which knows none
	case scheme != "http" && scheme != "https":
		return nil, fmt.Errorf("want what it needs in the schema itself")
	case r.fetch == nil:
		return nil, fmt.Errorf("the network may not be used")
	}
	data, err := r.fetch(r.ctx, url)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("it is no JSON") // without saying what it is
	}
	return doc, nil
}
