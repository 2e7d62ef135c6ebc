package policy

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/open-policy-agent/opa/v1/ast"
	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

// readMetadata reads the METADATA above a policy's package. It is strict: what is missing, or not known, is an error.
func readMetadata(m module) (policy, error) {
	i := slices.IndexFunc(m.Annotations, func(a *ast.Annotations) bool { return a.Scope == "package" })
	if i < 0 {
		return policy{}, errorAt(m.Package.Loc(), "package %s has no METADATA: want title, description and custom above it",
			PackageName(m.Module))
	}
	r := metadataReader{start: m.Annotations[i].Location}
	p := r.policy()
	return p, r.err
}

// metadataReader reads a METADATA block and keeps the first error.
type metadataReader struct {
	start *ast.Location // the line that says METADATA
	err   error
}

func (r *metadataReader) policy() policy {
	var p policy
	top := r.fields(r.document(), "metadata", field{"scope", false}, field{"title", true}, field{"description", true},
		field{"custom", true})
	p.rule.Title = r.text(top["title"])
	p.rule.Description = r.text(top["description"])
	custom := r.fields(top["custom"], "custom", field{"rationale", true}, field{"severity", true}, field{"kinds", false},
		field{"under", false}, field{"params", false}, field{"references", false}, field{"repository_only", false})
	p.rule.Rationale = r.text(custom["rationale"])
	p.rule.Severity = r.severities(custom["severity"])
	p.rule.Params = r.params(custom["params"])
	p.rule.Kinds = r.texts(custom["kinds"])
	p.rule.Under = r.texts(custom["under"])
	p.rule.References = r.texts(custom["references"])
	p.rule.RepositoryOnly = r.text(custom["repository_only"])
	p.kinds = r.kinds(custom["kinds"])
	return p
}

// version is what an apiVersion has and a kind here has not: no object is of such a group.
var version = regexp.MustCompile(`^v[0-9]+((alpha|beta)[0-9]+)?$`)

// kinds reads the kinds that a policy judges: Kind, group/Kind, or pods for all that run pods.
func (r *metadataReader) kinds(n *yaml.Node) kinds {
	var all kinds
	for i, name := range r.texts(n) {
		if name == withPods {
			all.pods = true
			continue
		}
		k, ok := parseKind(name)
		switch {
		case !ok:
			r.fail(n.Content[i], "kind %q: want Kind, group/Kind with core for the core group, or %s", name, withPods)
		case k.group == "v1":
			r.fail(n.Content[i], "kind %q: want core/%s", name, k.name)
		case version.MatchString(k.group):
			r.fail(n.Content[i], "kind %q: %q is a version, want the group", name, k.group)
		case !unicode.IsUpper([]rune(k.name)[0]):
			r.fail(n.Content[i], "kind %q: want it as objects write it, which begins with a capital", name)
		}
		all.listed = append(all.listed, k)
	}
	return all
}

// document parses the block once more, as nodes: OPA drops the fields that it does not know, and all positions.
func (r *metadataReader) document() *yaml.Node {
	lines := strings.Split(string(r.start.Text), "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], "# ")
	}
	lines[0] = "" // METADATA itself, so that node lines count from it
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(strings.Join(lines, "\n")), &document); err != nil {
		r.fail(nil, "metadata: %s", oneLine(strings.TrimPrefix(err.Error(), "yaml: ")))
		return nil
	}
	if len(document.Content) == 0 {
		return nil
	}
	return document.Content[0]
}

// field is a key that a mapping may or must have.
type field struct {
	name     string
	required bool
}

// fields gives the values of a mapping by key. It is empty after an error.
func (r *metadataReader) fields(n *yaml.Node, what string, known ...field) map[string]*yaml.Node {
	values := make(map[string]*yaml.Node)
	for _, pair := range r.pairs(n, what) {
		if !slices.ContainsFunc(known, func(f field) bool { return f.name == pair.key.Value }) {
			r.fail(pair.key, "field %q of %s: want %s", pair.key.Value, what, names(known))
		}
		values[pair.key.Value] = pair.value
	}
	for _, f := range known {
		if f.required && values[f.name] == nil {
			r.fail(n, "%s has no %s", what, f.name)
		}
	}
	return values
}

func names(fields []field) string {
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

type pair struct{ key, value *yaml.Node }

// pairs lists a mapping's keys and values; a missing mapping has none.
func (r *metadataReader) pairs(n *yaml.Node, what string) []pair {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		r.fail(n, "%s is no mapping", what)
		return nil
	}
	var pairs []pair
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if slices.ContainsFunc(pairs, func(p pair) bool { return p.key.Value == key.Value }) {
			r.fail(key, "%s has %q twice", what, key.Value)
		}
		pairs = append(pairs, pair{key, n.Content[i+1]})
	}
	return pairs
}

// text reads a text that must say something; a missing one is "".
func (r *metadataReader) text(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" || strings.TrimSpace(n.Value) == "" {
		r.fail(n, "%q is no text", n.Value)
	}
	return strings.TrimSpace(n.Value)
}

// texts reads a list of texts, which must not be empty; a missing one is nil.
func (r *metadataReader) texts(n *yaml.Node) []string {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		r.fail(n, "%q is no list of texts", n.Value)
		return nil
	}
	var texts []string
	for _, item := range n.Content {
		texts = append(texts, r.text(item))
	}
	return texts
}

func (r *metadataReader) severities(n *yaml.Node) linter.Severities {
	tiers := r.fields(n, "severity", field{"small", true}, field{"medium", true}, field{"enterprise", true})
	return linter.Severities{
		Small:      r.severity(tiers["small"]),
		Medium:     r.severity(tiers["medium"]),
		Enterprise: r.severity(tiers["enterprise"]),
	}
}

func (r *metadataReader) severity(n *yaml.Node) linter.Severity {
	if n == nil {
		return linter.Off
	}
	severity, err := linter.ParseSeverity(n.Value)
	if err != nil {
		r.fail(n, "%w", err)
	}
	return severity
}

// params reads the settings of a rule, sorted by name.
func (r *metadataReader) params(n *yaml.Node) []linter.Param {
	var params []linter.Param
	for _, pair := range r.pairs(n, "params") {
		what := "param " + pair.key.Value
		fields := r.fields(pair.value, what, field{"description", true}, field{"required", false}, field{"default", false})
		required := fields["required"] != nil && fields["required"].Value == "true"
		value := r.value(fields["default"])
		if required == (value != nil) {
			r.fail(pair.key, "%s: want required: true or a default", what)
		}
		params = append(params, linter.Param{Name: pair.key.Value, Description: r.text(fields["description"]), Default: value})
	}
	slices.SortFunc(params, func(a, b linter.Param) int { return strings.Compare(a.Name, b.Name) })
	return params
}

func (r *metadataReader) value(n *yaml.Node) any {
	if n == nil {
		return nil
	}
	value, err := manifest.Value(n)
	if err != nil {
		r.fail(n, "%w", err)
	}
	return value
}

// fail keeps the first error; without a node it is about the whole block.
func (r *metadataReader) fail(n *yaml.Node, format string, args ...any) {
	if r.err != nil {
		return
	}
	location := &ast.Location{File: r.start.File, Row: r.start.Row, Col: r.start.Col}
	if n != nil {
		location.Row += n.Line - 1
		location.Col += n.Column - 1 + len("# ")
	}
	r.err = errorAt(location, format, args...)
}
