package policy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter"
)

// Check judges the rules in v.Judged. A finding has a severity where it is a warning of package main. A policy that
// never ends is stopped through ctx.
func (c *Checker) Check(ctx context.Context, v *linter.View) (linter.Judgement, error) {
	inputs, err := newInputs(v.Input)
	if err != nil {
		return linter.Judgement{}, err
	}
	ours, own := session{inputs: inputs, patience: c.patience}, session{inputs: inputs, limits: c.limits}
	ours.open = sync.OnceValue(func() error { // what is kept of earlier runs needs no policy
		err := c.Compile(ctx)
		ours.policies = c.judged(v.Input, false)
		return err
	})
	findings, err := v.Each(ctx, linter.Judge{Key: ours.key, Object: ours.resource, By: c.by(v.Input), Passing: ours.isSlow})
	if c.own {
		for n, p := range c.judged(v.Input, true) {
			if v.Share.Has(n) { // what one finds in an object decides whether it is asked about the next
				own.policies = append(own.policies, p)
			}
		}
	}
	if err != nil || len(own.policies) == 0 {
		return linter.Judgement{Findings: findings, NotJudged: ours.notJudged()}, err
	}
	// One after the other: what one takes of time and memory is not another's.
	theirs, err := v.Each(ctx, linter.Judge{Key: own.key, InOrder: true, Object: func(ctx context.Context, r *manifest.Resource) ([]linter.Finding, error) {
		if r.Origin.Fetched && !v.Trusted {
			return nil, nil
		}
		return own.resource(ctx, r)
	}})
	return linter.Judgement{Findings: append(findings, theirs...), NotJudged: ours.notJudged()}, err
}

// judged are our policies that are to be judged, or the repository's own.
func (c *Checker) judged(in linter.Input, own bool) (all []policy) {
	for _, p := range c.policies {
		if p.own == own && in.Judged[p.rule.ID] {
			all = append(all, p)
		}
	}
	return all
}

// by names all that decides what our policies find in an object, but for the object and what is around it.
func (c *Checker) by(in linter.Input) string {
	params := map[string]map[string]any{}
	for _, rule := range c.rules {
		if in.Judged[rule.ID] {
			params[rule.ID] = in.Params[rule.ID]
		}
	}
	text, err := json.Marshal([]any{c.sum, in.Tier, params})
	if err != nil {
		return ""
	}
	return string(text)
}

// session is one run of Check, of our policies or of the repository's own.
type session struct {
	// open has the policies ready before the first object is judged; nil where they are.
	open func() error
	// policies are those that are asked; one of the repository's own that passes its limits is asked no more.
	policies []policy
	inputs   inputs
	limits   watchdog.Limits
	patience time.Duration
	slow     slow
	// shared has the *answers that nobody adds to.
	shared sync.Pool
}

// key names what policies see beside an object.
func (s *session) key(r *manifest.Resource) string {
	return fmt.Sprint(r.Origin.Fetched, around(s.inputs.namespaces, r, nil).text, around(s.inputs.tokenless, r, nil).text)
}

// resource asks all policies about one resource.
func (s *session) resource(ctx context.Context, r *manifest.Resource) ([]linter.Finding, error) {
	if s.open != nil {
		if err := s.open(); err != nil {
			return nil, err
		}
	}
	var findings []linter.Finding
	var object *ast.Term                   // made for the first policy that wants it
	var plain ast.Value                    // what policies without parameters see, made for the first of them
	shared, _ := s.shared.Get().(*answers) // each goroutine has its own
	if shared == nil {
		shared = &answers{}
	}
	defer s.shared.Put(shared)
	shared.next()
	guard := s.newGuard(ctx)
	defer func() { guard.end() }()
	for _, p := range s.policies {
		if !p.kinds.has(r.ID) {
			continue
		}
		if object == nil {
			var err error
			if object, err = term(r.Object); err != nil {
				return nil, fmt.Errorf("%s: %w", r.ID, err)
			}
		}
		input, params := plain, s.inputs.params[p.rule.ID]
		switch {
		case p.bare:
			input = object.Value
		case params != nil:
			input = s.inputs.of(r, object, params)
		case plain == nil:
			plain = s.inputs.of(r, object, ast.ObjectTerm())
			input = plain
		}
		found, err := s.ask(ctx, p, question{resource: r, input: input, guard: guard, shared: shared})
		if errors.Is(err, errSlow) {
			guard.end()
			guard = s.newGuard(ctx)
			s.giveUp(p, r)
			watchdog.Note(ctx)
			continue
		}
		if given, ok := p.fault(ctx, err); ok {
			found, err = []linter.Finding{given}, nil
			s.policies = slices.DeleteFunc(slices.Clone(s.policies), func(other policy) bool { return other.rule.ID == p.rule.ID })
		}
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

// What a policy of the repository's own may take for one object, and find there.
var ownLimits = watchdog.Limits{Time: 5 * time.Second, Memory: 1 << 30}

const maxFound = 1_000

// question is what a policy is asked.
type question struct {
	resource *manifest.Resource
	input    ast.Value
	cancel   topdown.Cancel
	// guard is what stops one of our policies.
	guard guard
	// shared is what the policies that were asked before found out about the object; nil where they share nothing. They may,
	// where libraries see nothing but their arguments.
	shared topdown.VirtualCache
}

// ask asks one policy about one resource. The error is a *watchdog.Exceeded where one of the repository's own passes its
// limits.
func (s *session) ask(ctx context.Context, p policy, q question) (found []linter.Finding, err error) {
	if !p.own {
		return s.askOurs(ctx, p, q)
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	q.cancel, q.shared = topdown.NewCancel(), nil
	defer context.AfterFunc(ctx, q.cancel.Cancel)()
	var all []linter.Finding // what is given up on writes here, and nobody reads it
	var failed error
	if stopped := watchdog.Run(ctx, s.limits, func() { all, failed = p.judge(ctx, q) }); stopped != nil {
		return nil, fmt.Errorf("rule %q on %s: %w", p.rule.ID, q.resource.ID, stopped)
	}
	if len(all) > maxFound {
		return nil, &watchdog.Exceeded{Reason: fmt.Sprintf("it found more than %d things in one object", maxFound)}
	}
	return all, failed
}

// judge asks all queries of a policy.
func (p policy) judge(ctx context.Context, asked question) ([]linter.Finding, error) {
	r := asked.resource
	options := []rego.EvalOption{rego.EvalParsedInput(asked.input), rego.EvalExternalCancel(asked.cancel), rego.EvalMetrics(metrics.NoOp()), rego.EvalSortSets(true)}
	if asked.shared != nil {
		options = append(options, rego.EvalVirtualCache(asked.shared))
	}
	var findings []linter.Finding
	for _, q := range p.queries {
		results, err := q.prepared.Eval(ctx, options...)
		if ctx.Err() != nil {
			return nil, fmt.Errorf("rule %q on %s: %w", p.rule.ID, r.ID, context.Cause(ctx))
		}
		if err != nil {
			location, message := failure(err, q.location)
			return nil, errorAt(location, "rule %q on %s: %s", p.rule.ID, r.ID, message)
		}
		for _, result := range results {
			values, _ := result.Expressions[0].Value.([]any) // checkSet has seen to it that it is a set
			for _, value := range values {
				finding, err := p.finding(r, value)
				if err != nil {
					return nil, errorAt(q.location, "rule %q on %s: %s yields %w", p.rule.ID, r.ID, q.name, misshapen{err})
				}
				finding.Severity = q.severity
				findings = append(findings, finding)
			}
		}
	}
	return findings, nil
}

// failure gives the place and the words of an error of evaluation; where it has no place, fallback's.
func failure(err error, fallback *ast.Location) (*ast.Location, string) {
	var running *topdown.Error
	if !errors.As(err, &running) {
		return fallback, err.Error()
	}
	if running.Location == nil {
		return fallback, oneLine(running.Message)
	}
	return running.Location, oneLine(running.Message)
}
