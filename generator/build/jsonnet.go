package build

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/jsonnet"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

func isJsonnet(p string) bool { return path.Ext(p) == ".jsonnet" }

// program is a Jsonnet file of a unit.
func (b *Builder) program(u Unit, file string) jsonnet.Program {
	p := jsonnet.Program{Tree: b.Repository.Tree, File: file, Dir: u.Dir, Arguments: u.Jsonnet, Limits: b.options.Limits}
	if u.Kind == Jsonnet {
		p.Dir = path.Dir(file)
		p.Limits.Time = min(p.Limits.Time, maxAlone)
	}
	return p
}

// jsonnet adds what a program gives. An error means that ctx has ended or a limit was passed.
func (b *Builder) jsonnet(ctx context.Context, p jsonnet.Program, built *Built) error {
	out, wrong, err := b.evaluate(ctx, p)
	built.Read = append(built.Read, out.Read...)
	built.Resources = append(built.Resources, out.Resources...)
	switch {
	case wrong == nil:
	case wrong.Unsupported:
		built.State = State{Kind: NotRendered, Reason: fmt.Sprintf("jsonnet %s: %s", p.File, wrong)}
	default:
		built.Problems = append(built.Problems, Problem{Place: wrong.Place, Message: fmt.Sprintf("jsonnet %s: %s", p.File, wrong.Message)})
	}
	return err
}

// evaluate evaluates a program, and says what is wrong with it, be it that it takes too long. An error means that ctx has ended or
// a limit was passed.
func (b *Builder) evaluate(ctx context.Context, p jsonnet.Program) (jsonnet.Output, *jsonnet.Fault, error) {
	out, err := p.Evaluate(ctx)
	var wrong *jsonnet.Fault
	var exceeded *watchdog.Exceeded
	switch {
	case err == nil, errors.As(err, &wrong):
		return out, wrong, nil
	case errors.As(err, &exceeded) && !exceeded.Memory:
		return out, &jsonnet.Fault{Place: manifest.Top(p.File), Message: "it was " + exceeded.Error()}, nil
	}
	return out, nil, fmt.Errorf("jsonnet %s: %w", p.File, err)
}

// maxAlone bounds a file that nobody asked for.
const maxAlone = 5 * time.Second

// What becomes of a Jsonnet file that nothing names.
const (
	notAlone    = "no Application reaches it, nor does it render without arguments: "
	hintReached = "have an Application name its directory"
)

// alone evaluates a Jsonnet file that nothing names, without arguments. Its state says why it gives no objects of Kubernetes, which
// need not be a mistake. An error means that ctx has ended or a limit was passed.
func (b *Builder) alone(ctx context.Context, u Unit) (Built, error) {
	out, wrong, err := b.evaluate(ctx, b.program(u, u.Dir))
	isNone := func(res manifest.Resource) bool { return res.ID.Version == "" || res.ID.Kind == "" }
	reason := ""
	switch {
	case wrong != nil && wrong.Place.File != u.Dir:
		reason = wrong.Error()
	case wrong != nil:
		reason = wrong.Message
	case len(out.Resources) == 0 || slices.ContainsFunc(out.Resources, isNone):
		reason = "it gives no objects of Kubernetes"
	}
	if err == nil && reason != "" {
		return Built{State: State{Kind: NotRendered, Reason: notAlone + reason, Hint: hintReached}}, nil
	}
	return Built{Resources: out.Resources, Read: out.Read}, err
}
