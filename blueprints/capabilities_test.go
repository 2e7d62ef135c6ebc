package blueprints_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
	"github.com/google/go-jsonnet/toolutils"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
)

// TestComponentsAskAndNeverProbe reads all that components and what they share say of platform.<capability>: each fact is
// declared, also where no platform of ours comes along, and no component looks whether something is there.
func TestComponentsAskAndNeverProbe(t *testing.T) {
	can, err := blueprint.Describe(t.Context(), librarySource, blueprint.Spec{Tier: blueprint.Small}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, pattern := range []string{"components/*.libsonnet", "lib/ingress.libsonnet", "lib/kube.libsonnet"} {
		files, err := fs.Glob(blueprints.FS, pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			text, err := fs.ReadFile(blueprints.FS, file)
			if err != nil {
				t.Fatal(err)
			}
			node, err := jsonnet.SnippetToAST(file, string(text))
			if err != nil {
				t.Fatal(err)
			}
			walk(node, func(n ast.Node) {
				if capability, fact, ok := ask(n); ok && fact != "served" && fact != "external" {
					asked++
					if _, declared := can.Capabilities[capability].Facts[fact]; !declared {
						t.Errorf("%s: the capability %q has no fact %q", n.Loc(), capability, fact)
					}
				}
				if capability, ok := probe(n); ok {
					t.Errorf("%s: it probes the capability %q: ask for a fact, and let the capability answer where nothing serves it", n.Loc(), capability)
				}
			})
		}
	}
	if asked < 40 {
		t.Errorf("found %d questions", asked)
	}
}

func walk(n ast.Node, visit func(ast.Node)) {
	visit(n)
	for _, child := range toolutils.Children(n) {
		walk(child, visit)
	}
}

// ask reads platform.<capability>.<fact>.
func ask(n ast.Node) (capability, fact string, ok bool) {
	of, fact, ok := index(n)
	if !ok {
		return "", "", false
	}
	capability, ok = served(of)
	return capability, fact, ok
}

// served reads platform.<capability>.
func served(n ast.Node) (capability string, ok bool) {
	of, capability, ok := index(n)
	if !ok {
		return "", false
	}
	platform, isVar := of.(*ast.Var)
	switch capability {
	case "cluster", "hub", "image", "imageParts", "chartRepo", "podSecurity", "spec", "tier":
		return "", false
	}
	return capability, isVar && platform.Id == "platform"
}

// index reads <of>.<name>, or <of>['<name>'].
func index(n ast.Node) (of ast.Node, name string, ok bool) {
	i, ok := n.(*ast.Index)
	if !ok {
		return nil, "", false
	}
	text, ok := i.Index.(*ast.LiteralString)
	if !ok {
		return nil, "", false
	}
	return i.Target, text.Value, true
}

// probe reads std.objectHas(platform.<capability>, …) and its like.
func probe(n ast.Node) (capability string, ok bool) {
	call, isCall := n.(*ast.Apply)
	if !isCall || len(call.Arguments.Positional) == 0 {
		return "", false
	}
	_, function, ok := index(call.Target)
	if !ok || !strings.HasPrefix(function, "objectHas") && function != "get" && function != "objectFields" {
		return "", false
	}
	return served(call.Arguments.Positional[0].Expr)
}
