package main

import (
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/doctor"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/listing"
	"github.com/gitopsgen/gitopsgen/generator/supply"
)

func (p *program) doctor() *cli.Command {
	return &cli.Command{
		Name:      "doctor",
		Usage:     "say what is still to be done before the bootstrap",
		UsageText: "gitopsgen doctor [DIR]",
		Description: `DIR is the current directory unless given. Each thing is told with its place and with what to do about it.

Secrets are told and not counted: whether they are there shows on the cluster alone.

status: 0 nothing is left to do, 1 something is, 3 could not work

examples:
   gitopsgen doctor
   gitopsgen doctor my-platform`,
		Action: p.runDoctor,
	}
}

func (p *program) runDoctor(c *cli.Context) error {
	dir, err := oneArg(c, ".")
	if err != nil {
		return err
	}
	text, err := gitrepo.ReadFile(dir, blueprint.SpecFile)
	if err != nil {
		return fault.Hint(err, "doctor is for repositories that gitopsgen scaffold made")
	}
	platform, err := p.with(supply.Options{Offline: true}).Evaluate(c.Context, generator.SpecText{
		Text: text, File: filepath.Join(dir, blueprint.SpecFile), Folder: dir,
	})
	if err != nil {
		return err
	}
	todo := doctor.Chores(doctor.Input{
		Document: platform.Document, Spec: platform.Spec, Blueprint: platform.Blueprint, Remotes: gitrepo.Remotes(dir),
	})
	left, err := listing.Chores(p.stdout, platform.Spec.Name, todo)
	if err == nil && left > 0 {
		return errFindings
	}
	return err
}
