package policy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// Tested is what became of one test of a repository's own policies.
type Tested struct {
	// Name is the test's, File and Line where it stands.
	Name, File string
	Line       int
	// Fault says why it failed; empty is that it passed. Skipped says that its name asks for that.
	Fault   string
	Skipped bool
	// Printed is what it printed.
	Printed string
}

// What the tests of a repository may take.
var testLimits = watchdog.Limits{Time: 5 * time.Minute, Memory: 2 << 30}

const testTimeout = 10 * time.Second

// Test runs the tests of the named sources, with the policies of all. An error means that they could not be run, or that there are
// none; results are in the order of places.
func Test(ctx context.Context, sources ...Source) ([]Tested, error) {
	files, err := read(ctx, sources)
	if err != nil {
		return nil, err
	}
	modules, err := parseAll(files)
	if err != nil {
		return nil, err
	}
	if _, err := arrange(modules); err != nil {
		return nil, err
	}
	tests, err := readTests(ctx, sources)
	if err != nil {
		return nil, err
	}
	if len(tests) == 0 {
		return nil, errors.New("there are no tests: want rules test_… in files that end in _test.rego")
	}
	all := map[string]*ast.Module{}
	for _, m := range append(modules, tests...) {
		all[m.file()] = m.Module
	}
	var results []Tested
	stopped := watchdog.Run(ctx, testLimits, func() { results, err = runTests(ctx, all) })
	if stopped != nil {
		return nil, fmt.Errorf("the tests of the policies: %w", stopped)
	}
	return results, err
}

func runTests(ctx context.Context, modules map[string]*ast.Module) ([]Tested, error) {
	compiler := ast.NewCompiler().WithCapabilities(capabilities()).WithEnablePrintStatements(true)
	runner := tester.NewRunner().SetCompiler(compiler).SetModules(modules).SetTimeout(testTimeout).CapturePrintOutput(true)
	ran, err := runner.RunTests(ctx, nil)
	if err != nil {
		return nil, regoError(err)
	}
	var all []Tested
	for r := range ran {
		one := Tested{
			Name: strings.TrimPrefix(r.Package, "data.") + "." + r.Name, File: r.Location.File, Line: r.Location.Row,
			Skipped: r.Skip, Printed: strings.TrimRight(string(r.Output), "\n"),
		}
		switch {
		case r.Error != nil:
			_, one.Fault = failure(r.Error, r.Location)
		case r.Fail:
			one.Fault = "it is not so"
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b Tested) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Name, b.Name))
	})
	return all, ctx.Err()
}

// readTests parses the tests of the sources that have a name: ours stand beside our policies and are run with the program's own.
func readTests(ctx context.Context, sources []Source) (tests []module, err error) {
	for _, source := range sources {
		if source.Name == "" {
			continue
		}
		err := walk(ctx, source, func(name string) error {
			if !isTest(name) {
				return nil
			}
			f, err := readFile(source, name)
			if err != nil {
				return err
			}
			m, err := parse(f)
			tests = append(tests, m)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return tests, nil
}
