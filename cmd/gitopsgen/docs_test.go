package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/blueprints"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
)

// help gives what a command prints when asked for help.
func help(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	env := environment{
		args:   append(append([]string{"gitopsgen"}, args...), "--help"),
		stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" },
	}
	if status := run(context.Background(), env); status != statusPassed {
		t.Fatalf("gitopsgen %s: status %d: %s", strings.Join(args, " "), status, &stderr)
	}
	return strings.TrimRight(stdout.String(), "\n")
}

// TestCommandsPage keeps docs/commands.md as the program explains itself, and wants an example for every command.
func TestCommandsPage(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Commands\n\nWritten by `make golden` from the program's own help.\n")
	fmt.Fprintf(&b, "\n```\n%s\n```\n", help(t))
	for _, c := range newApp(&program{}).Commands {
		names := [][]string{{c.Name}}
		for _, sub := range c.Subcommands {
			names = append(names, []string{c.Name, sub.Name})
		}
		for i, name := range names {
			text := help(t, name...)
			if !strings.Contains(text, "example") && !(i == 0 && len(names) > 1) {
				t.Errorf("gitopsgen %s --help: no example", strings.Join(name, " "))
			}
			fmt.Fprintf(&b, "\n## %s\n\n```\n%s\n```\n", strings.Join(name, " "), text)
		}
	}
	goldentest.Compare(t, []byte(b.String()), "docs/commands.md")
}

// TestSpecPage keeps docs/spec.md as the JSON Schema has it.
func TestSpecPage(t *testing.T) {
	var schema property
	if err := json.Unmarshal(blueprint.JSONSchema(), &schema); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# gitopsgen.yaml\n\nWritten by `make golden` from the JSON Schema (`gitopsgen spec schema`).\n\n| field | type | meaning |\n| --- | --- | --- |\n")
	schema.describe(t, &b, "")
	goldentest.Compare(t, []byte(b.String()), "docs/spec.md")
}

// property is what we read of a JSON Schema.
type property struct {
	Type                 string
	Description          string
	Enum                 []string
	Properties           map[string]property
	Items                *property
	AdditionalProperties any
	OneOf                []property
}

// describe writes a line for each field below p.
func (p property) describe(t *testing.T, b *strings.Builder, path string) {
	for _, name := range slices.Sorted(maps.Keys(p.Properties)) {
		field := p.Properties[name]
		at := strings.TrimPrefix(path+"."+name, ".")
		if field.Description == "" {
			t.Errorf("%s: no description", at)
		}
		text := field.Description
		if len(field.Enum) > 0 {
			text += " One of " + wording.Either(field.Enum) + "."
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", at, field.Type, text)
		field.describe(t, b, at)
	}
	if p.Items != nil {
		p.Items.describe(t, b, path+"[]")
	}
	if below, ok := p.AdditionalProperties.(map[string]any); ok {
		data, err := json.Marshal(below)
		if err != nil {
			t.Fatal(err)
		}
		var values property
		if err := json.Unmarshal(data, &values); err != nil {
			t.Fatal(err)
		}
		values.describe(t, b, path+".*")
	}
	for _, one := range p.OneOf {
		one.describe(t, b, path)
	}
}

// TestReadme wants the README's broken input to get the answer that the README shows.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(repositoryRoot, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	input, want := block(t, string(readme), "yaml"), block(t, string(readme), "console")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lamp.yaml"), []byte(input), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	var stdout, stderr bytes.Buffer
	env := environment{args: []string{"gitopsgen", "lint"}, stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }}
	if status := run(context.Background(), env); status != statusFindings {
		t.Errorf("status %d, want %d: %s", status, statusFindings, &stderr)
	}
	seconds := regexp.MustCompile(`, [0-9.]+ s\n`)
	got := seconds.ReplaceAllString("$ gitopsgen lint\n"+stdout.String(), "\n")
	if want = seconds.ReplaceAllString(want, "\n"); got != want {
		t.Errorf("got:\n%s\nREADME.md says:\n%s", got, want)
	}
}

// block gives the first block of a language in a page.
func block(t *testing.T, page, language string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "```"+language+"\n")
	text, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatalf("no block of %s", language)
	}
	return text
}

// blocks gives all blocks of a language in a page, in order.
func blocks(t *testing.T, page, language string) []string {
	t.Helper()
	var all []string
	for strings.Contains(page, "```"+language+"\n") {
		all = append(all, block(t, page, language))
		_, page, _ = strings.Cut(page, "```"+language+"\n")
	}
	return all
}

// TestGuides runs the examples of the guides: what they show must work as it stands there.
func TestGuides(t *testing.T) {
	guide := func(name string) string {
		data, err := os.ReadFile(filepath.Join(repositoryRoot, "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	write := func(dir string, files map[string]string) {
		for name, text := range files {
			at := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	program := func(want int, args ...string) string {
		var stdout, stderr bytes.Buffer
		env := environment{args: append([]string{"gitopsgen"}, args...), stdout: &stdout, stderr: &stderr, getenv: func(string) string { return "" }}
		if status := run(t.Context(), env); status != want {
			t.Errorf("gitopsgen %s: status %d, want %d: %s%s", strings.Join(args, " "), status, want, &stdout, &stderr)
		}
		return stdout.String()
	}

	page := guide("blueprints.md")
	dir := t.TempDir()
	code := blocks(t, page, "jsonnet")
	specs := blocks(t, page, "yaml")
	write(dir, map[string]string{"values.yaml": specs[0], "spec.yaml": specs[1], "my.jsonnet": code[0], "parts/lamp.libsonnet": code[1]})
	out := filepath.Join(dir, "out")
	program(statusPassed, "scaffold", "--no-commit", "--spec="+filepath.Join(dir, "spec.yaml"), out)
	lamp, err := os.ReadFile(filepath.Join(out, "clusters/prod/components/lamp/lamp.yaml"))
	if err != nil || !strings.Contains(string(lamp), `brightness: "11"`) {
		t.Errorf("docs/blueprints.md: its component gives %q, %v", lamp, err)
	}

	out = filepath.Join(dir, "values")
	program(statusPassed, "scaffold", "--no-commit", "--spec="+filepath.Join(dir, "values.yaml"), out)
	for file, want := range map[string]string{
		"clusters/edge/components/metrics-server/values.yaml":    "replicas: 2",
		"clusters/prod/components/metrics-server/values.yaml":    "hostNetwork:",
		"clusters/prod/components/cert-manager-extras/acme.yaml": "email: ann@example.org",
	} {
		if text, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(file))); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("docs/blueprints.md: %s has no %q, %v", file, want, err)
		}
	}

	dir = t.TempDir()
	write(dir, map[string]string{"charts.yaml": block(t, guide("charts.md"), "yaml"), "air-gapped.yaml": block(t, guide("air-gapped.md"), "yaml")})
	for _, name := range []string{"charts", "air-gapped"} {
		out = filepath.Join(dir, name)
		program(statusPassed, "scaffold", "--offline", "--no-commit", "--spec="+out+".yaml", out)
		for _, image := range strings.Fields(program(statusPassed, "images", "--offline", out)) {
			if !strings.HasPrefix(image, "registry.example.org/") {
				t.Errorf("docs/%s.md: its settings leave %s where it is", name, image)
			}
		}
	}

	script, err := os.ReadFile(filepath.Join(repositoryRoot, "golden", "scripts", "diff_deletions.txtar"))
	if shown := block(t, guide("diff.md"), "console"); err != nil || !strings.Contains(string(script), shown) {
		t.Errorf("docs/diff.md shows what its script does not, %v:\n%s", err, shown)
	}

	page = guide("schemas.md")
	dir = t.TempDir()
	write(dir, map[string]string{"fast.yaml": block(t, page, "yaml")})
	_, shown, _ := strings.Cut(block(t, page, "console"), "\n")
	shown, _, _ = strings.Cut(shown, "\n\n")
	if got := program(statusPassed, "lint", "--kube-version=next", dir); !strings.Contains(strings.ReplaceAll(got, dir+"/", ""), shown) {
		t.Errorf("docs/schemas.md shows what lint does not:\n%s", got)
	}

	page = guide("policies.md")
	dir = t.TempDir()
	settings := blocks(t, page, "yaml")
	write(dir, map[string]string{
		"gitopsgen.yaml":                   settings[0],
		"policies/lights/owner/owner.rego": block(t, page, "rego"),
		"policies/waivers.yaml":            settings[1],
		"lamp.yaml":                        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lamp, namespace: lights}\n",
	})
	for _, want := range []string{"ConfigMap has no owner [lights/owner]", "the waiver of pods/privileged excuses nothing"} {
		if got := program(statusPassed, "lint", dir); !strings.Contains(got, want) {
			t.Errorf("docs/policies.md: its files give %s, want %s", got, want)
		}
	}
}

// TestNotes wants notes of this version: people who upgrade ask what is new.
func TestNotes(t *testing.T) {
	notes, err := blueprint.NotesSince(blueprints.FS, "")
	if err != nil || len(notes) < 2 || notes[0].Version != version {
		t.Errorf("the newest notes are of %v, and this is %s; %v", notes, version, err)
	}
}
