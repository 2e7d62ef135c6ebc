// Command staticcheck runs the analyzers of honnef.co/go/tools on the packages of one module, and reads of all that they import the types
// alone, which the build cache has. The staticcheck of that module reads the source of each dependency anew where its own cache is
// empty: 400 s of CPU on a fresh machine, where this takes 15 s. Nobody learns by it what a dependency calls deprecated (SA1019): make
// deprecated asks that.
package main

import (
	"flag"
	"fmt"
	"go/token"
	"log"
	"maps"
	"os"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
	"honnef.co/go/tools/analysis/lint"
	"honnef.co/go/tools/simple"
	"honnef.co/go/tools/staticcheck"
	"honnef.co/go/tools/stylecheck"
	"honnef.co/go/tools/unused"
)

func main() {
	log.SetFlags(0)
	tags := flag.String("tags", "", "build tags, with commas between them")
	flag.Parse()
	found, err := findings(*tags, flag.Args())
	if err != nil {
		log.Fatalf("cannot check %q: %v", flag.Args(), err)
	}
	for _, line := range found {
		fmt.Println(line)
	}
	if len(found) > 0 {
		os.Exit(1)
	}
}

// findings returns a line for each thing that is wrong in the packages that patterns name, and in their tests.
func findings(tags string, patterns []string) ([]string, error) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Tests: true, BuildFlags: []string{"-tags=" + tags}}, patterns...)
	if err != nil {
		return nil, err
	}
	if packages.PrintErrors(pkgs) > 0 || len(pkgs) == 0 {
		return nil, fmt.Errorf("%d packages, and not all of them compile", len(pkgs))
	}
	graph, err := checker.Analyze(analyzers(), pkgs, nil)
	if err != nil {
		return nil, err
	}
	lines := map[string]bool{} // a package is there once more with its tests
	use := map[token.Position]bool{}
	idle := map[token.Position]string{}
	for _, action := range graph.Roots {
		if action.Err != nil {
			return nil, fmt.Errorf("%s: %w", action, action.Err)
		}
		for _, d := range action.Diagnostics {
			lines[fmt.Sprintf("%s: %s (%s)", action.Package.Fset.Position(d.Pos), d.Message, action.Analyzer.Name)] = true
		}
		if result, ok := action.Result.(unused.Result); ok {
			for _, object := range result.Used {
				use[object.Position] = true
			}
			for _, object := range result.Unused {
				idle[object.Position] = fmt.Sprintf("%s: %s %s is unused (U1000)", object.DisplayPosition, object.Kind, object.Name)
			}
		}
	}
	for at, line := range idle {
		if !use[at] {
			lines[line] = true
		}
	}
	return slices.Sorted(maps.Keys(lines)), nil
}

func analyzers() []*analysis.Analyzer {
	var all []*analysis.Analyzer
	for _, one := range slices.Concat(simple.Analyzers, staticcheck.Analyzers, stylecheck.Analyzers, []*lint.Analyzer{unused.Analyzer}) {
		forgetDependencies(one.Analyzer)
		all = append(all, one.Analyzer)
	}
	return all
}

// forgetDependencies makes an analyzer, and those that it builds on, learn nothing from one package for another: for that, they would have to
// read the source of both.
func forgetDependencies(a *analysis.Analyzer) {
	a.FactTypes = nil
	for _, required := range a.Requires {
		forgetDependencies(required)
	}
}
