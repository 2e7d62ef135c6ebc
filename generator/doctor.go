package generator

import (
	"context"
	"path/filepath"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/doctor"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
)

// Chores says what is still to be done before the generated repository in a directory can be bootstrapped, and which platform
// that is.
func (g Generator) Chores(ctx context.Context, dir string) (p Platform, todo []doctor.Chore, err error) {
	text, err := gitrepo.ReadFile(dir, blueprint.SpecFile)
	if err != nil {
		return p, nil, fault.Hint(err, "doctor is for repositories that gitopsgen scaffold made")
	}
	p, err = g.Evaluate(ctx, SpecText{Text: text, File: filepath.Join(dir, blueprint.SpecFile), Folder: dir})
	if err != nil {
		return p, nil, err
	}
	return p, doctor.Chores(doctor.Input{
		Document: p.Document, Spec: p.Spec, Blueprint: p.Blueprint, Remotes: gitrepo.Remotes(dir),
	}), nil
}
