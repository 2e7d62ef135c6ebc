package helm

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
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
func (r Release) validate(ctx context.Context, c *chart.Chart, values map[string]any) error {
	if len(c.Schema) > 0 {
		if err := r.validateOne(ctx, c, values); err != nil {
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
		if err := r.validate(ctx, sub, given); err != nil {
			return err
		}
	}
	return nil
}

// compiled is a schema, or what is wrong with it.
type compiled struct {
	schema *jsonschema.Schema
	err    error
	// refers says that something outside of the schema decides what it is.
	refers bool
}

func (r Release) validateOne(ctx context.Context, c *chart.Chart, values map[string]any) error {
	refs := references{ctx: ctx, fetch: r.Fetch}
	known, err := cmp.Or(r.Charts, &Charts{}).schemas.Do(ctx, sha256.Sum256(c.Schema), func() (compiled, error) {
		return compile(c.Schema, &refs), nil
	})
	if err != nil {
		return err
	}
	if known.refers && !refs.asked {
		known = compile(c.Schema, &refs)
	}
	if known.err != nil {
		return known.err
	}
	return known.validate(values)
}

func (c compiled) validate(values map[string]any) (err error) {
	defer unusable(&err)
	if err := c.schema.Validate(values); err != nil {
		return SchemaError{err}
	}
	return nil
}

// unusable makes a panic of the library an error.
func unusable(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("its values.schema.json cannot be used: %v", p)
	}
}

// schemaURL is what a chart's schema is called while it is compiled.
const schemaURL = "chart:///values.schema.json"

func compile(text []byte, refs *references) (c compiled) {
	defer func() { c.refers = refs.asked }()
	defer unusable(&c.err)
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return compiled{err: fmt.Errorf("its values.schema.json is no JSON: %w", err)}
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
		return compiled{err: fmt.Errorf("its values.schema.json: %w", err)}
	}
	c.schema, err = compiler.Compile(schemaURL)
	switch {
	case failed != nil:
		c.err = failed
	case err != nil:
		c.err = fmt.Errorf("its values.schema.json: %s", strings.ReplaceAll(err.Error(), schemaURL, ""))
	}
	return c
}

type urlLoader func(url string) (any, error)

// Load implements jsonschema.URLLoader.
func (l urlLoader) Load(url string) (any, error) { return l(url) }

// references get what a schema refers to outside of itself.
type references struct {
	ctx   context.Context
	fetch func(ctx context.Context, url string) ([]byte, error)
	// asked says that there was something.
	asked bool
}

func (r *references) load(url string) (any, error) {
	r.asked = true
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
