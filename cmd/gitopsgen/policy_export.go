package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/supply"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/admission"
)

func (p *program) policyExport() *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write the policies as the API server asks them",
		UsageText: "gitopsgen policy export --gatekeeper [FLAGS] [DIR]",
		Description: `Writes a ConstraintTemplate and a Constraint of Gatekeeper for each policy that one object decides, with the tier, the
severities, the parameters and the waivers of the repository in DIR. Without DIR, and with no gitopsgen.yaml and no
policies in the current directory, they are our own for a tier. What is not written, and why, goes to stderr. Nothing
is rendered, and no cluster is asked. A generated repository has them already: see components.gatekeeper.

--enforce is the most that is done: dryrun lists what breaks a rule in the status of its constraint, warn tells who
applies it, deny refuses it where the rule is an error, and warns of the rest. Begin with dryrun.

examples:
   gitopsgen policy export --gatekeeper --tier=enterprise > policies.yaml
   gitopsgen policy export --gatekeeper --enforce=deny my-platform
   gitopsgen policy export --gatekeeper --output=gatekeeper --severity=info`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "gatekeeper", Usage: "write them for Gatekeeper, 3.23 or later; so far there is nothing else to write them for"},
			&cli.StringFlag{Name: "enforce", Value: admission.Dryrun.String(), Usage: "the most that is done about what breaks a rule: dryrun, warn or deny"},
			&cli.StringFlag{Name: "severity", Value: linter.Warning.String(), Usage: "least `SEVERITY` of the rules: info, warning or error"},
			&cli.StringFlag{Name: "cluster", Usage: "take the waivers of the cluster `NAME`; the first unless given"},
			&cli.StringFlag{Name: "output", Usage: "write a file for each object into the directory `DIR`, which is made; what stands there under other names stays"},
			tierFlag(),
		},
		Action: p.runPolicyExport,
	}
}

func (p *program) runPolicyExport(c *cli.Context) error {
	dir, err := oneArg(c, "")
	if err != nil {
		return err
	}
	o, err := exportOptions(c)
	if err != nil {
		return err
	}
	g := p.with(supply.Options{Offline: true})
	r, err := p.judging(c, g, dir)
	if err != nil {
		return err
	}
	out, err := g.ExportPolicies(c.Context, r, o)
	if err != nil {
		return err
	}
	objects := append(out.Templates, out.Constraints...)
	if c.IsSet("output") {
		err = writeObjects(c.String("output"), objects)
	} else {
		err = printObjects(p.Out, objects)
	}
	if err == nil {
		p.tellExport(out)
	}
	return err
}

// exportOptions turns the flags of policy export into values.
func exportOptions(c *cli.Context) (o generator.ExportOptions, err error) {
	o.Cluster = c.String("cluster")
	if o.Enforce, err = admission.ParseAction(c.String("enforce")); err != nil {
		return o, fault.Misuse(fmt.Errorf("--enforce %w", err))
	}
	o.Least, err = linter.ParseSeverity(c.String("severity"))
	switch {
	case !c.Bool("gatekeeper"):
		err = errors.New("want --gatekeeper, which says for whom they are written")
	case err != nil || o.Least == linter.Off:
		err = fmt.Errorf("--severity %q: want info, warning or error", c.String("severity"))
	case c.IsSet("cluster") && o.Cluster == "":
		err = errors.New(`--cluster "": want the name of a cluster`)
	case c.IsSet("output") && c.String("output") == "":
		err = errors.New(`--output "": want a directory`)
	}
	if err != nil {
		return o, fault.Misuse(err)
	}
	return o, nil
}

// printObjects writes objects as documents.
func printObjects(w io.Writer, objects []any) error {
	for i, object := range objects {
		if i > 0 {
			fmt.Fprintln(w, "---")
		}
		if err := escape.YAML(w, object); err != nil {
			return err
		}
	}
	return nil
}

// writeObjects writes each object into a file of its own, named after its kind and its name.
func writeObjects(dir string, objects []any) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	for _, object := range objects {
		var b bytes.Buffer
		if err := escape.YAML(&b, object); err != nil {
			return err
		}
		if err := gitrepo.WriteFile(filepath.Join(dir, admission.FileName(object)), b.Bytes(), 0o644); err != nil {
			return fmt.Errorf("--output: %w", err)
		}
	}
	return nil
}

// tellExport tells what the API server will not do as lint does.
func (p *program) tellExport(out admission.Export) {
	for _, l := range out.Left {
		escape.Fprintf(p.Err, "not written: %s: %s\n", l.Rule, l.Reason)
	}
	for _, w := range out.Waivers {
		escape.Fprintf(p.Err, "not written: the waiver of %s, %s: it names a component and no object of it, which the API server cannot tell\n", w.Rule, w.Place)
	}
	fmt.Fprintf(p.Err, "%s written\n", wording.Count(len(out.Constraints), "rule"))
}
