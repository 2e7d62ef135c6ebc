package jsonnet_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/jsonnet"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

func programOf(t *testing.T, texts ...string) jsonnet.Program {
	t.Helper()
	var files []tree.File
	for i := 0; i < len(texts); i += 2 {
		files = append(files, tree.File{Path: texts[i], Data: []byte(texts[i+1])})
	}
	made, err := tree.New(files...)
	if err != nil {
		t.Fatal(err)
	}
	return jsonnet.Program{Tree: made, File: texts[0], Dir: "app", Limits: watchdog.Limits{Time: 5 * time.Second, Memory: 512 << 20}}
}

const object = "{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }"

// TestFiles states that what a program may read is what it names, and what that does, where it stands, whatever it evaluates to.
func TestFiles(t *testing.T) {
	p := programOf(t, "app/deep/a.jsonnet", "local b = import 'b.libsonnet'; if false then import 'c.libsonnet' else (importstr 't.txt') + (importbin 'gone')",
		"app/b.libsonnet", "import 'd.libsonnet'", "lib/b.libsonnet", "1", "lib/c.libsonnet", "(import 'deeper/e.libsonnet')(1) tailstrict", "lib/deeper/e.libsonnet", "{ broken",
		"app/deep/t.txt", "import 'never.libsonnet'", "newer/d.libsonnet", "import '../app/deep/a.jsonnet'", "never.libsonnet", "")
	p.Libs = []string{"lib", "newer"}
	files, err := p.Files(t.Context())
	want := "app/deep/a.jsonnet app/deep/t.txt lib/b.libsonnet lib/c.libsonnet lib/deeper/e.libsonnet"
	if got := strings.Join(files, " "); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// TestUnread states that what a tree does not hold is told, and not taken for what is not there.
func TestUnread(t *testing.T) {
	p := programOf(t, "app/a.jsonnet", "import 'link/b.libsonnet'")
	p.Tree = p.Tree.WithUnread(tree.Unread{Path: "app/link", Reason: "it is a link to a folder, which is not followed", Folder: true})
	_, err := p.Evaluate(t.Context())
	want := `app/a.jsonnet:1:1: import "link/b.libsonnet": it was not read: it is a link to a folder, which is not followed`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestUnsupported states that calls whose recursion nothing bounds are refused, in whichever file that is evaluated.
func TestUnsupported(t *testing.T) {
	p := programOf(t, "app/a.jsonnet", "import 'b.libsonnet'", "app/b.libsonnet", "\nlocal f(x) = f(x) tailstrict; f(1)")
	_, err := p.Evaluate(t.Context())
	var fault *jsonnet.Fault
	if !errors.As(err, &fault) || !fault.Unsupported || fault.Place.String() != "app/b.libsonnet:2:14" {
		t.Errorf("got %v", err)
	}
}

// FuzzEvaluate states that a program never makes this process fail, and that what is wrong with it has a place in its file.
func FuzzEvaluate(f *testing.F) {
	for _, text := range []string{
		object, "[" + object + ", null]", "import 'a.jsonnet'", "importstr 'a.jsonnet'", "function(a, b=1) " + object, "std.extVar('a')", "{ a: self.a }", "local f(x) = f(x); f(1)",
		"error 'no'", "{ kind: 'List', items: 1 }", "{ kind: 1e999 }", "std.parseJson('{')", "std.native('a')", "assert false; {}", "[", "{ assert false, kind: '' }", "local a = a; a",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := programOf(t, "app/a.jsonnet", text)
		p.ExtVars = []jsonnet.Variable{{Name: "a", Value: text, Code: true}}
		_, err := p.Evaluate(t.Context())
		var fault *jsonnet.Fault
		var exceeded *watchdog.Exceeded
		switch {
		case errors.As(err, &exceeded):
			t.Skip(err)
		case err == nil:
			return
		case !errors.As(err, &fault):
			t.Fatal(err)
		}
		lines := strings.Count(text, "\n") + 1
		if at := fault.Place; at.File != "" && (at.File != p.File || at.Line < 1 || at.Line > lines || at.Column < 1) {
			t.Errorf("%v: want a place in the %d lines of the file", err, lines)
		}
	})
}
