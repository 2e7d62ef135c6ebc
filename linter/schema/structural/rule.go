package structural

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	celast "github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/ext"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/common"
	"k8s.io/apiserver/pkg/cel/library"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Broken is a rule that an object breaks.
type Broken struct {
	// Path leads to the value that the rule is about.
	Path manifest.Path
	// Message is what the definition says of it, and why the rule could not be judged where it is that. Where the definition says
	// nothing it names the rule.
	Message string
}

// Broken lists the rules that a filled object breaks, which has the types that its schema wants. Rules about a change judge
// nothing, for the API server judges none of them when an object is created.
func (s *Schema) Broken(ctx context.Context, object map[string]any) ([]Broken, error) {
	c := check{ctx: ctx}
	err := c.judge(s.root, object)
	return c.broken, err
}

// check is the judging of one object.
type check struct {
	ctx    context.Context
	path   manifest.Path
	broken []Broken
}

func (c *check) judge(n *node, v any) error {
	if len(n.rules) > 0 {
		self := common.UnstructuredToVal(v, n)
		for _, r := range n.rules {
			if err := c.apply(r, self); err != nil {
				return err
			}
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if p := n.property(name); p != nil && p.judges && v[name] != nil {
				if err := c.below(p, name, v[name]); err != nil {
					return err
				}
			}
		}
	case []any:
		for i, item := range v {
			if n.items == nil || !n.items.judges {
				break
			}
			if err := c.below(n.items, i, item); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *check) below(n *node, step, v any) error {
	c.path = append(c.path, step)
	defer func() { c.path = c.path[:len(c.path)-1] }()
	return c.judge(n, v)
}

// apply judges a value by one rule.
func (c *check) apply(r *rule, self any) error {
	program, err := r.program()
	if err != nil {
		c.tell(r, fmt.Sprintf("the rule %s is no CEL: %s", shortened(r.source), line(err.Error())))
		return nil
	}
	if program == nil {
		return nil
	}
	out, _, err := program.ContextEval(c.ctx, map[string]any{"self": self, "oldSelf": types.OptionalNone})
	if c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	switch {
	case err != nil:
		c.tell(r, fmt.Sprintf("%s (%s)", r.text(self), line(err.Error())))
	case out != types.True:
		c.tell(r, r.text(self))
	}
	return nil
}

func (c *check) tell(r *rule, message string) {
	c.broken = append(c.broken, Broken{Path: c.path.With(r.at...), Message: message})
}

// rule is one of x-kubernetes-validations.
type rule struct {
	source, message, expression string
	// at is the field that it blames, below the value that it judges.
	at      manifest.Path
	program func() (cel.Program, error)
}

func readRules(list []any) []*rule {
	var rules []*rule
	for _, item := range list {
		fields, _ := item.(map[string]any)
		r := &rule{}
		r.source, _ = fields["rule"].(string)
		r.message, _ = fields["message"].(string)
		r.expression, _ = fields["messageExpression"].(string)
		if at, _ := fields["fieldPath"].(string); at != "" {
			r.at, _ = manifest.ParsePath(strings.TrimPrefix(doubleQuotes.Replace(at), ".")) // else it blames the value
		}
		optional := fields["optionalOldSelf"] == true
		r.program = sync.OnceValues(func() (cel.Program, error) { return compile(r.source, optional) })
		rules = append(rules, r)
	}
	return rules
}

// doubleQuotes writes a path of a rule, .spec['a.b'], as ours are.
var doubleQuotes = strings.NewReplacer("['", `["`, "']", `"]`)

// environment has what Kubernetes 1.37 adds to CEL: a rule that an older version does not understand is none there, and its
// definition is refused. The package of Kubernetes' that says so brings its command line and metrics along.
var environment = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(
		cel.HomogeneousAggregateLiterals(), cel.DefaultUTCTimeZone(true), cel.CrossTypeNumericComparisons(true), cel.OptionalTypes(),
		library.URLs(), library.Regex(), library.Quantity(), library.IP(), library.CIDR(), library.Format(),
		library.SemverLib(library.SemverVersion(1)), library.Lists(library.ListsVersion(1)),
		ext.Strings(ext.StringsVersion(2)), ext.Sets(), ext.TwoVarComprehensions(), ext.Lists(ext.ListsVersion(3)),
		cel.Variable("self", cel.DynType), cel.Variable("oldSelf", cel.DynType),
	)
})

// compile makes a program of a rule; nil is one about a change. Types are not checked before it runs: that would take most of the
// time, and the API server takes no definition whose rules do not fit. What it may cost is limited as there, loops above all; who
// asks has to limit the time.
func compile(source string, optionalOldSelf bool) (cel.Program, error) {
	env, err := environment()
	if err != nil {
		return nil, err
	}
	parsed, issues := env.Parse(source)
	if issues.Err() != nil {
		message, _, _ := strings.Cut(issues.Errors()[0].Message, " expecting ")
		return nil, errors.New(message)
	}
	if !optionalOldSelf && comparesWithOld(parsed) {
		return nil, nil
	}
	return env.Program(parsed, cel.CostLimit(celconfig.PerCallLimit), cel.CostTracking(&library.CostEstimator{}), cel.InterruptCheckFrequency(celconfig.CheckFrequency))
}

func comparesWithOld(parsed *cel.Ast) bool {
	names := celast.MatchDescendants(celast.NavigateAST(parsed.NativeRep()), celast.KindMatcher(celast.IdentKind))
	return slices.ContainsFunc(names, func(e celast.NavigableExpr) bool { return e.AsIdent() == "oldSelf" })
}

// text says what is wrong with a value that breaks the rule.
func (r *rule) text(self any) string {
	if text := r.evaluated(self); text != "" {
		return text
	}
	if text := line(r.message); text != "" {
		return text
	}
	return "breaks the rule " + shortened(r.source)
}

// evaluated is what the expression of the message gives; empty where that is no text of one line.
func (r *rule) evaluated(self any) string {
	if r.expression == "" {
		return ""
	}
	program, err := compile(r.expression, true)
	if err != nil {
		return ""
	}
	out, _, err := program.Eval(map[string]any{"self": self, "oldSelf": types.OptionalNone})
	if err != nil {
		return ""
	}
	text, _ := out.Value().(string)
	if len(text) > celconfig.MaxEvaluatedMessageExpressionSizeBytes {
		return ""
	}
	return line(text)
}

// line gives a text as one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

// shortened gives the beginning of a rule.
func shortened(source string) string {
	const longest = 120
	if runes := []rune(line(source)); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return line(source)
}
