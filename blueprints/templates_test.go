package blueprints_test

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/templates"
)

// fullSpec has every text that goes into files of the repository. FORGE is where it is served.
const fullSpec = `apiVersion: gitopsgen/v1
name: acme
tier: medium
domain: acme.example.org
repository: {url: "https://FORGE.example.org/acme/platform.git", branch: main, owners: ["@acme/platform"]}
kubernetesVersion: "1.36"
clusters:
  - name: prod
    nodes: [{name: one, roles: [control-plane], address: 192.168.1.5}]
  - name: edge
    server: https://edge.example.org:6443
    domain: edge.example.org
capabilities:
  gitops: {external: {by: the hosting team, reason: they do, facts: {namespace: argocd}}}
components:
  sops-secrets-operator: {params: {age: [age1abc]}}
teams:
  - name: lamps
    owner: Ann
    groups: {edit: [lamps-edit], view: [lamps-view]}
    quota: {requests.cpu: "1"}
    apps: {repoURL: "https://git.example.org/lamps.git", path: apps, revision: main}
registries:
  trusted: [ghcr.io/]
lint: {severity: {images/latest-tag: info}}
ci: {install: make install}
`

// written builds the repository of a spec.
func written(t *testing.T, text string) (tree.Tree, error) {
	t.Helper()
	p, err := library.Evaluate(t.Context(), generator.SpecText{Text: []byte(text), File: blueprint.SpecFile})
	if err != nil {
		return tree.Tree{}, err
	}
	made, err := layout.Tree(layout.Input{Spec: p.Spec, SpecText: []byte(text), Blueprint: p.Blueprint, Templates: templates.FS, Version: library.Version})
	if err != nil {
		t.Fatal(err)
	}
	return made, nil
}

// leaves are the texts of a document.
func leaves(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
		return []*yaml.Node{n}
	}
	var all []*yaml.Node
	for i, child := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			all = append(all, leaves(child)...)
		}
	}
	return all
}

// spoilt is a spec with something behind every text that reading it takes, and how many these are.
func spoilt(t *testing.T, spec, more string) (string, int) {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(spec), &doc); err != nil {
		t.Fatal(err)
	}
	taken := 0
	text := []byte(spec)
	for _, leaf := range leaves(&doc) {
		was, style := leaf.Value, leaf.Style
		leaf.Value, leaf.Style = was+more, yaml.DoubleQuotedStyle
		changed, err := yaml.Marshal(&doc)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := blueprint.Read(blueprint.SpecFile, changed); err != nil {
			leaf.Value, leaf.Style = was, style
			continue
		}
		text = changed
		taken++
	}
	return string(text), taken
}

// shape is what a document is made of, whatever its texts say.
func shape(n *yaml.Node) string {
	var b strings.Builder
	switch n.Kind {
	case yaml.ScalarNode:
		return n.ShortTag()
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			fmt.Fprintf(&b, "%s: %s, ", n.Content[i].Value, shape(n.Content[i+1]))
		}
		return "{" + b.String() + "}"
	}
	for _, child := range n.Content {
		b.WriteString(shape(child) + ", ")
	}
	return "[" + b.String() + "]"
}

// shapes are the shapes of all documents of a file.
func shapes(t *testing.T, f tree.File) string {
	t.Helper()
	var all []string
	decoder := yaml.NewDecoder(strings.NewReader(string(f.Data)))
	for {
		var doc yaml.Node
		if err := decoder.Decode(&doc); err != nil {
			if err.Error() != "EOF" {
				t.Errorf("%s: %v\n%s", f.Path, err, f.Data)
			}
			return strings.Join(all, "\n")
		}
		all = append(all, shape(&doc))
	}
}

// commands is what a shell makes of a text: its words, each with the characters in it that mean something to the shell.
func commands(text string) []string {
	var words []string
	word, begun := "", false
	end := func() {
		if begun {
			words = append(words, word)
		}
		word, begun = "", false
	}
	quote := rune(0)
	escaped := false
	for _, r := range text {
		switch {
		case escaped:
			escaped = false
		case quote == '\'' && r != '\'', quote == '"' && !strings.ContainsRune("\"$`\\", r):
		case r == '\\':
			escaped, begun = true, true
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, begun = r, true
		case r == ' ':
			end()
		case r == '\n':
			end()
			words = append(words, "\n")
		default:
			begun = true
			if strings.ContainsRune("$`;&|<>()*?[]#~{}!", r) {
				word += string(r)
			}
		}
	}
	end()
	return append(words, string(quote))
}

// TestTemplatesQuote states that no text of a spec changes what a generated file is made of: neither the keys of YAML nor
// the commands of README.md.
func TestTemplatesQuote(t *testing.T) {
	t.Parallel()
	for _, forge := range []string{"github", "gitlab"} {
		spec := strings.Replace(fullSpec, "FORGE", forge, 1)
		plain, err := written(t, spec)
		if err != nil {
			t.Fatal(err)
		}
		for _, more := range []string{"\n  - run: id", "\u2028- x\x7f", "$(id)", "`id`", "'; id; '\"", "\", x: \"", " # x", ": x", "]", "${{ x }}"} {
			text, taken := spoilt(t, spec, more)
			if strings.ContainsAny(more, "\n\x7f\u2028") && taken > 1 { // the age key is a parameter, which may be anything
				t.Errorf("%q: %d texts of the spec take it, want the parameter alone:\n%s", more, taken, text)
			}
			got, err := written(t, text)
			if err != nil {
				t.Fatalf("%q: %v\n%s", more, err, text)
			}
			compareShapes(t, fmt.Sprintf("%s with %q", forge, more), got, plain)
		}
	}
}

// shell matches the blocks of commands in a page.
var shell = regexp.MustCompile("(?s)```sh\n.*?```")

func compareShapes(t *testing.T, what string, got, plain tree.Tree) {
	t.Helper()
	for _, f := range plain.Files() {
		g, ok := got.File(f.Path)
		switch {
		case !ok:
			t.Errorf("%s: %s is not there", what, f.Path)
		case slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(f.Path)) && f.Path != lock.Path:
			if now, want := shapes(t, g), shapes(t, f); now != want {
				t.Errorf("%s: %s has another shape:\n%s", what, f.Path, g.Data)
			}
		case path.Ext(f.Path) == ".md":
			now, want := shell.FindAllString(string(g.Data), -1), shell.FindAllString(string(f.Data), -1)
			if len(now) != len(want) {
				t.Errorf("%s: %s has %d blocks of commands, want %d", what, f.Path, len(now), len(want))
				continue
			}
			for i := range want {
				if !slices.Equal(commands(now[i]), commands(want[i])) {
					t.Errorf("%s: %s has other commands:\n%s\nwant:\n%s", what, f.Path, now[i], want[i])
				}
			}
		}
	}
	if len(got.Files()) != len(plain.Files()) {
		t.Errorf("%s: %d files, want %d", what, len(got.Files()), len(plain.Files()))
	}
}
