// Package admission writes policies as Gatekeeper asks them at the API server: each as a ConstraintTemplate with its Rego, and a
// Constraint with what a repository sets of it.
//
// It knows what Gatekeeper hands to Rego and how it chooses objects, and nothing of what a policy judges.
package admission

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/policy"
)

// Options say what a repository sets, and what is to become of what breaks a rule.
type Options struct {
	Tier blueprint.Tier
	// Severity replaces that of single rules, and Params are theirs, without defaults.
	Severity map[string]linter.Severity
	Params   map[string]map[string]any
	// Waivers are all that there are; those of another cluster than Cluster do not count. Where it is empty, no waiver that
	// names a cluster does.
	Waivers []linter.Waiver
	Cluster string
	// Enforce is the most that is done about an object; the zero value is Dryrun.
	Enforce Action
	// Least is the least severity of a rule that is written; Off is Warning.
	Least linter.Severity
}

// Action is what Gatekeeper does about an object.
type Action int

// The actions, in rising order.
const (
	// Dryrun lists it in the status of the constraint.
	Dryrun Action = iota
	// Warn tells who applies it, too.
	Warn
	// Deny refuses it.
	Deny
)

var actions = [...]string{"dryrun", "warn", "deny"}

// String gives the name by which Gatekeeper knows it.
func (a Action) String() string { return actions[a] }

// ParseAction reads dryrun, warn or deny.
func ParseAction(name string) (Action, error) {
	i := slices.Index(actions[:], name)
	if i < 0 {
		return Dryrun, fmt.Errorf("%q: want dryrun, warn or deny", name)
	}
	return Action(i), nil
}

// For gives what is done about what breaks a rule of a severity, if a is the most that is done: what is no error refuses nothing.
func (a Action) For(s linter.Severity) Action {
	switch s {
	case linter.Error:
		return a
	case linter.Warning:
		return min(a, Warn)
	default:
		return Dryrun
	}
}

// Export is what was written.
type Export struct {
	// Templates and Constraints are JSON-shaped objects: a template for the policies of a category, sorted by kind, and a constraint for each
	// policy, sorted by rule.
	Templates, Constraints []any
	// Left are the policies that were not written, sorted by rule.
	Left []Left
	// Waivers are those that say more than the API server knows. They excuse nothing there.
	Waivers []linter.Waiver
	// pods are the kinds that run pods, which constraints about all of them have at the end; none where there is no such constraint.
	pods []any
}

// Left is a policy that was not written, and why.
type Left struct{ Rule, Reason string }

// Policies are those of a checker. What Export writes of them for every cluster is worked out once. They are not for several goroutines
// at a time.
type Policies struct {
	checker *policy.Checker
	// why is why a policy cannot be written, by its package, whole whether all of a file can be, by its name, and templates are those of
	// kinds, by what these are.
	why       map[string]string
	whole     map[string]bool
	templates map[string]object
}

// Of are the policies of a checker. The error is that of compiling them.
func Of(ctx context.Context, c *policy.Checker) (*Policies, error) {
	return &Policies{checker: c, why: map[string]string{}, whole: map[string]bool{}, templates: map[string]object{}}, c.Compile(ctx)
}

// New writes the policies of a checker, as Export does.
func New(ctx context.Context, c *policy.Checker, o Options) (Export, error) {
	p, err := Of(ctx, c)
	if err != nil {
		return Export{}, err
	}
	return p.Export(o), nil
}

// Export writes the policies. Those of a category share a template, for most of it is what they have in common; the
// repository's own have others, so that what fails there fails alone.
func (p *Policies) Export(o Options) (out Export) {
	o.Least = cmp.Or(o.Least, linter.Warning)
	var templates []kind
	for _, w := range p.checker.Written() {
		params, reason := o.params(w)
		if reason == "" {
			reason = cmp.Or(o.reason(w), p.whyUnusable(w.Package))
		}
		if reason == "" {
			templates, reason = add(templates, w)
		}
		if reason != "" {
			out.Left = append(out.Left, Left{w.Rule.ID, reason})
			continue
		}
		out.Constraints = append(out.Constraints, o.constraint(w, params))
		if len(w.Pods) > 0 {
			out.pods = kinds(w.Pods)
		}
		out.Waivers = append(out.Waivers, o.unknown(w.Rule.ID)...)
	}
	slices.SortFunc(templates, func(a, b kind) int { return strings.Compare(a.name, b.name) })
	for _, k := range templates {
		out.Templates = append(out.Templates, p.template(k))
	}
	return out
}

func (p *Policies) whyUnusable(name string) string {
	why, known := p.why[name]
	if !known {
		why = p.unusable(name)
		p.why[name] = why
	}
	return why
}

func (p *Policies) template(k kind) object {
	key := fmt.Sprintf("%q", k)
	known, ok := p.templates[key]
	if !ok {
		known = k.template(p.checker)
		p.templates[key] = known
	}
	return known
}

// kind is the kind of the constraints of a category.
type kind struct {
	name, category string
	packages       []string
}

// maxKind is how long the name of a kind may be: it is a part of a name in the DNS.
const maxKind = 63

// add adds a policy to the kind of its category. The reason says why it cannot; it is empty where it can.
func add(all []kind, w policy.Written) (with []kind, reason string) {
	name, category := kindOf(w)
	i := slices.IndexFunc(all, func(k kind) bool { return strings.EqualFold(k.name, name) })
	switch {
	case len(name) > maxKind:
		return all, fmt.Sprintf("its kind %s would be too long", name)
	case i < 0:
		return append(all, kind{name, category, []string{w.Package}}), ""
	case all[i].category != category:
		return all, fmt.Sprintf("its kind %s would be that of %s, too", name, all[i].category)
	}
	all[i].packages = append(all[i].packages, w.Package)
	return all, ""
}

// kindOf names the kind of a policy's constraints, such as GitopsgenPods, and its category.
func kindOf(w policy.Written) (name, category string) {
	category, _, _ = strings.Cut(w.Rule.ID, "/")
	var b strings.Builder
	b.WriteString("Gitopsgen")
	if w.Own {
		b.WriteString("Own")
	}
	for word := range strings.SplitSeq(category, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String(), category
}

// params are those of a policy with its defaults. Where one is missing, reason says so.
func (o Options) params(w policy.Written) (params map[string]any, reason string) {
	params, missing := w.Rule.ParamsFrom(o.Params[w.Rule.ID])
	if missing != "" {
		reason = "lint.params: " + missing + " is not set"
	}
	return params, reason
}

// reason says why a policy is not written; empty where it is.
func (o Options) reason(w policy.Written) string {
	severity := w.Rule.SeverityIn(o.Tier, o.Severity)
	switch {
	case w.Package == "":
		return "it is of package main, as conftest has it"
	case w.Rule.RepositoryOnly != "":
		return w.Rule.RepositoryOnly
	case len(w.Kinds)+len(w.Pods) == 0:
		return "it names no kinds, and many of those that the API server is asked about nobody writes"
	case severity == linter.Off:
		return "it is off"
	case severity < o.Least:
		return fmt.Sprintf("it is %s, less than %s", severity, o.Least)
	}
	return ""
}

// unknown are the waivers of a rule that say more than the API server knows: it does not see which component an object is of, so one
// that names no object of that would excuse the same things of others.
func (o Options) unknown(rule string) (all []linter.Waiver) {
	for _, w := range o.Waivers {
		if w.Rule == rule && o.isHere(w) && !o.isKnown(w) {
			all = append(all, w)
		}
	}
	return all
}

// isHere reports whether a waiver may be one of this cluster.
func (o Options) isHere(w linter.Waiver) bool {
	return w.Cluster == "" || o.Cluster == "" || w.Cluster == o.Cluster
}

func (o Options) isKnown(w linter.Waiver) bool {
	return (w.Cluster == "" || o.Cluster != "") && (w.Component == "" || w.Kind != "" && w.Name != "")
}

// waivers are those of a rule as lib.gatekeeper reads them.
func (o Options) waivers(rule string) []any {
	all := []any{}
	for _, w := range o.Waivers {
		if w.Rule != rule || !o.isHere(w) || !o.isKnown(w) {
			continue
		}
		one := map[string]any{}
		for field, value := range map[string]string{"kind": w.Kind, "namespace": w.Namespace, "name": w.Name, "container": w.Container} {
			if value != "" {
				one[field] = value
			}
		}
		if !w.Expires.IsZero() {
			one["expires"] = w.Expires.Format(time.DateOnly)
		}
		all = append(all, one)
	}
	return all
}
