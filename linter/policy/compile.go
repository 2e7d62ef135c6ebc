package policy

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// withheld are the built-in functions that policies do not have, and why. Those of JSON schemas follow references to files.
var withheld = map[string]string{
	"http.send": seesMore, "json.match_schema": seesMore, "json.verify_schema": seesMore, "net.lookup_ip_addr": seesMore, "opa.runtime": seesMore,
	"bits.lsh": "it makes a number of any size at once",
}

const seesMore = "policies see the object alone"

// capabilities are what policies may use: nothing that reaches out of the process, or fills its memory in one call.
func capabilities() *ast.Capabilities {
	boundFunctions()
	c := ast.CapabilitiesForThisVersion()
	c.Builtins = slices.DeleteFunc(c.Builtins, func(b *ast.Builtin) bool { return withheld[b.Name] != "" })
	c.AllowNet = []string{} // nil would allow every host to JSON schemas
	return c
}

func compile(modules []module) (*ast.Compiler, error) {
	parsed := make(map[string]*ast.Module, len(modules))
	for _, m := range modules {
		parsed[m.file()] = m.Module
	}
	compiler := ast.NewCompiler().WithCapabilities(capabilities())
	if compiler.Compile(parsed); compiler.Failed() {
		return nil, regoError(compiler.Errors)
	}
	return compiler, nil
}

func prepare(ctx context.Context, compiler *ast.Compiler, q *query) error {
	var err error
	q.prepared, err = rego.New(
		rego.Compiler(compiler),
		rego.ParsedQuery(ast.NewBody(ast.NewExpr(ast.NewTerm(q.ref)))),
	).PrepareForEval(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", position(q.location), regoError(err))
	}
	return nil
}

// regoError says an error of OPA as we say errors: file:line:col first, one line each, without OPA's codes.
func regoError(err error) error {
	var one *ast.Error
	var many ast.Errors
	switch {
	case errors.As(err, &many):
		many.Sort()
		var lines []string
		for _, e := range many {
			lines = append(lines, errorLine(e.Location, e.Message))
		}
		var each []error
		for _, line := range slices.Compact(lines) {
			each = append(each, errors.New(line))
		}
		return errors.Join(each...)
	case errors.As(err, &one):
		return errors.New(errorLine(one.Location, one.Message))
	}
	return err
}

// copied is how a message names a rule that conftest made a copy of.
var copied = regexp.MustCompile(`( in rule \w+)@\S+`)

func errorLine(location *ast.Location, message string) string {
	message = copied.ReplaceAllString(oneLine(message), "$1")
	if name, ok := strings.CutPrefix(message, "undefined function "); ok && withheld[name] != "" {
		message += ": " + withheld[name]
	}
	if location == nil {
		return message
	}
	return position(location) + ": " + message
}

// position is file:line:col; a location without a line is the file as a whole.
func position(location *ast.Location) string {
	if location.Row == 0 {
		return location.File
	}
	return fmt.Sprintf("%s:%d:%d", location.File, location.Row, max(location.Col, 1))
}

// errorAt is an error about a place in a file.
func errorAt(location *ast.Location, format string, args ...any) error {
	return fmt.Errorf("%s: %w", position(location), fmt.Errorf(format, args...))
}

func oneLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, " ")
}
