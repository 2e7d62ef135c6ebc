// Package fill puts parameters into texts, as Argo CD does with the templates of ApplicationSets: in the place of {{name}}, or by
// Go's templates.
//
// It knows functions, and nothing of sets. A template reads no environment and no network; how long one takes is not bounded here.
package fill

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

// Engine fills in texts.
type Engine struct {
	goTemplate bool
	options    []string
	// parsed are templates by their texts.
	parsed map[string]*template.Template
}

// templateOptions are what text/template knows; another one has it panic.
var templateOptions = []string{"missingkey=default", "missingkey=invalid", "missingkey=zero", "missingkey=error"}

// What a text may grow to, and how many templates are kept.
const (
	maxText   = 4 << 20
	maxParsed = 1_000
)

// New makes an engine. The error says which of goTemplateOptions is none.
func New(goTemplate bool, options []string) (*Engine, error) {
	if goTemplate {
		for _, option := range options {
			if !slices.Contains(templateOptions, option) {
				return nil, fmt.Errorf("goTemplateOptions: got %q, want %s", option, strings.Join(templateOptions, ", "))
			}
		}
	}
	return &Engine{goTemplate: goTemplate, options: options, parsed: map[string]*template.Template{}}, nil
}

// Strict is an engine that fails where a Go template asks for a parameter that is not there: see IsMissing.
func (e *Engine) Strict() *Engine {
	options := slices.DeleteFunc(slices.Clone(e.options), func(o string) bool { return strings.HasPrefix(o, "missingkey=") })
	return &Engine{goTemplate: e.goTemplate, options: append(options, "missingkey=error")}
}

// IsMissing reports whether a template failed for a parameter that is not there.
func IsMissing(err error) bool {
	return strings.Contains(err.Error(), "map has no entry for key") || strings.Contains(err.Error(), "can't evaluate field")
}

// Text gives a text with parameters in it.
func (e *Engine) Text(text string, params map[string]any) (string, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	if !e.goTemplate {
		return substitute(text, params)
	}
	t, err := e.parse(text)
	if err != nil {
		return "", err
	}
	var out bounded
	if err := t.Execute(&out, params); err != nil {
		return "", err
	}
	return out.String(), nil
}

func (e *Engine) parse(text string) (*template.Template, error) {
	if t, ok := e.parsed[text]; ok {
		return t, nil
	}
	t, err := template.New("template").Funcs(functions()).Option(e.options...).Parse(text)
	if err == nil && e.parsed != nil && len(e.parsed) < maxParsed {
		e.parsed[text] = t
	}
	return t, err
}

// bounded is a text that ends a template which writes too much.
type bounded struct{ strings.Builder }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxText {
		return 0, fmt.Errorf("it writes more than %d MiB", maxText>>20)
	}
	return b.Builder.Write(p)
}

// substituted are the texts that substitute looks into: both braces stand on one line.
var substituted = regexp.MustCompile(`\{\{.*\}\}`)

// substitute puts parameters in the place of their names in braces. What is no name of a text stays.
func substitute(text string, params map[string]any) (string, error) {
	if !substituted.MatchString(text) {
		return text, nil
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return "", errors.New("braces {{ do not close")
		}
		if value, ok := params[strings.TrimSpace(name)].(string); ok && strings.TrimSpace(name) != "" {
			b.WriteString(value)
		} else {
			b.WriteString("{{" + name + "}}")
		}
		if text = after; b.Len() > maxText {
			return "", fmt.Errorf("it makes a text of more than %d MiB", maxText>>20)
		}
	}
}

// All copies a JSON-shaped value with all its texts and keys filled in.
func (e *Engine) All(v any, params map[string]any) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) { // so that of several faults the same is told
			name, err := e.Text(key, params)
			if err != nil {
				return nil, err
			}
			if out[name], err = e.All(v[key], params); err != nil {
				return nil, err
			}
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			var err error
			if out[i], err = e.All(value, params); err != nil {
				return nil, err
			}
		}
		return out, nil
	case string:
		return e.Text(v, params)
	}
	return v, nil
}
