package main

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/report"
	"github.com/gitopsgen/gitopsgen/linter/schema/location"
)

func (p *program) lint() *cli.Command {
	return &cli.Command{
		Name:        "lint",
		Usage:       "check a repository as Argo CD would render it",
		UsageText:   "gitopsgen lint [FLAGS] [DIR]",
		Description: lintDescription,
		Flags:       slices.Concat(lintFlags(), []cli.Flag{repoFlag(), kubeFlag()}, stateFlags(), judgeFlags()),
		Action:      p.runLint,
	}
}

// lintDescription is what help says of lint.
const lintDescription = `DIR is the current directory unless given. In a Git work tree the whole of it is the repository: it is read
and judged, and what is told is what stands below DIR, which may be a file, too, with the findings and the paths that the whole
gives. A folder with a gitopsgen.yaml is a repository of its own. Outside of Git DIR is the repository. In one without Argo CD
Applications every kustomization and every manifest stands for itself.

What is taken from another Git repository is rendered where --repo gives a checkout of it, or repositories in gitopsgen.yaml names a
folder of this one: see docs/sources.md. Nothing is cloned.

The report says which rules are off or softened, which parameters are set and what waivers excuse, and by which line. In
a gate all that is taken from the branch that a change goes to: else who changes the repository says how it is judged.

With --since only what changed is rendered and judged, and only what is new is told. A baseline has what was found in a
repository when it was written, so that only what comes after it is told.

With --kube-version all is rendered and judged as other versions of Kubernetes would have it: --kube-version next says what the
next minor of each cluster would refuse.

With --shard one of several runs judges its share: see gitopsgen report merge --help. Its status says that it is done, and nothing of
what it found.

--rule and --path choose what is told, not what is judged: the rest is counted, and the status is that of all findings. To
judge less, set lint.severity in gitopsgen.yaml.

status: 0 nothing found at or above --fail-on, 1 something found, 2 wrong command line, 3 could not work

examples:
   gitopsgen lint
   gitopsgen lint --format json --fail-on warning
   gitopsgen lint --rule resources/memory-limits --path apps/shop --all
   gitopsgen lint --format github,sarif=report.sarif,markdown=summary.md
   gitopsgen lint --staged --since=HEAD
   gitopsgen lint --settings-from=origin/main --since=origin/main
   gitopsgen lint --baseline=known.yaml --write-baseline
   gitopsgen lint --coverage apps/web
   gitopsgen lint --kube-version=next
   gitopsgen lint --schema-location='schemas/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json'
   gitopsgen lint --repo https://git.example.org/team/base.git=../base
   gitopsgen lint --chart-mirror https://charts.example.org=./charts my-platform`

// lintFlags are those of lint alone.
func lintFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT` of the report, or several with files, as in github,sarif=report.sarif: " + wording.Either(report.Formats())},
		&cli.StringFlag{Name: "settings-from", Usage: "take severities, parameters, policies, waivers and the baseline from the Git `REVISION`, as a gate does from the branch that a change goes to"},
		&cli.StringFlag{Name: "since", Usage: "tell only what is found since the Git `REVISION`: since the newest commit that it has in common with what is judged"},
		&cli.StringFlag{Name: "baseline", Usage: "do not tell the findings in this `FILE`"},
		&cli.BoolFlag{Name: "write-baseline", Usage: "write what is found into the file of --baseline"},
		&cli.BoolFlag{Name: "coverage", Usage: "list every file with what it is and what reaches it, in the format text; json always has them"},
		&cli.IntFlag{Name: "max-findings", Usage: "list the `NUMBER` worst findings, and count the others"},
		&cli.StringSliceFlag{Name: "rule", Usage: "tell only the findings of this `RULE`, or of the rules of a category, as in resources/*"},
		&cli.StringSliceFlag{Name: "path", Usage: "tell only the findings in this `FILE`, below this folder, or in what a pattern names, as in apps/*/values.yaml"},
		&cli.StringSliceFlag{Name: "schema-location", Usage: "take the schemas of kinds that are not Kubernetes' own from this `LOCATION` too, a folder or a URL, or a template of such as kubeconform has it"},
		&cli.StringFlag{Name: "shard", Usage: "judge the `I/N`th share of all, as in 2/3, and print it as a part of a report: gitopsgen report merge makes the report of all parts"},
		&cli.BoolFlag{Name: "all", Usage: "list every finding, where text names but a few of each rule"},
		tierFlag(),
	}
}

func (p *program) runLint(c *cli.Context) error {
	outputs, err := parseOutputs(c.String("format"))
	if err != nil {
		return err
	}
	tier, err := parseTier(c)
	if err != nil {
		return err
	}
	least, err := checkLint(c)
	if err != nil {
		return err
	}
	g, r, err := p.open(c, tier)
	if err != nil {
		return err
	}
	o, err := p.checkOptions(c, g, r)
	if err != nil {
		return err
	}
	if err := p.share(c, r, &o); err != nil {
		return err
	}
	found, err := g.Check(c.Context, r, o)
	if err != nil {
		return err
	}
	if o.Share.Of > 0 {
		return p.writePart(found)
	}
	if c.Bool("write-baseline") && found.Failure == nil {
		return p.writeBaseline(c.String("baseline"), found)
	}
	found.Root = filepath.ToSlash(filepath.Clean(r.Dir))
	return p.conclude(c, found, outputs, least)
}

// conclude tells a report, and gives the error that says how the run ends.
func (p *program) conclude(c *cli.Context, found generator.Checked, outputs []output, least linter.Severity) error {
	found.Color, found.All, found.ListFiles = p.Color, c.Bool("all"), c.Bool("coverage")
	if err := p.tell(found.Report, outputs); err != nil {
		return errors.Join(append(fault.Each(err), fault.Each(found.Failure)...)...)
	}
	switch {
	case found.Failure != nil:
		return found.Failure
	case found.Worst() >= least:
		return errFindings
	}
	return nil
}

// checkLint finds flags of lint that contradict each other, and gives the severity from which on findings fail the run.
func checkLint(c *cli.Context) (least linter.Severity, err error) {
	switch {
	case c.Int("max-findings") < 0:
		err = fmt.Errorf("--max-findings %d: want a number of findings", c.Int("max-findings"))
	case c.IsSet("since") && c.String("since") == "", c.IsSet("baseline") && c.String("baseline") == "":
		err = errors.New("--since wants a revision, and --baseline a file")
	case c.Bool("coverage") && c.IsSet("since"):
		err = errors.New("--coverage and --since: of what did not change nobody knows what reaches it, want one of them")
	case c.Bool("all") && c.IsSet("max-findings"):
		err = errors.New("--all and --max-findings: want one of them")
	case slices.Contains(append(c.StringSlice("rule"), c.StringSlice("path")...), ""):
		err = errors.New("--rule wants the id of a rule, and --path a file, a folder or a pattern")
	case !c.Bool("write-baseline"):
	case !c.IsSet("baseline"):
		err = errors.New("--write-baseline: --baseline has to name the file")
	case c.IsSet("since") || c.IsSet("settings-from") || c.Bool("staged") || c.IsSet("rev") || c.IsSet("max-findings") || c.IsSet("rule") || c.IsSet("path") || c.IsSet("kube-version"):
		err = errors.New("--write-baseline: a baseline has all findings of the work tree, by its own settings")
	}
	if err != nil {
		return least, fault.Misuse(err)
	}
	return failOn(c)
}

// checkOptions turns the flags of lint into values, and reads what they name.
func (p *program) checkOptions(c *cli.Context, g generator.Generator, r generator.Repository) (o generator.CheckOptions, err error) {
	if o.RenderOptions, err = withCheckouts(c); err != nil {
		return o, err
	}
	if o.Locations, err = schemaLocations(c); err != nil {
		return o, err
	}
	o.Keep = true
	o.Most, o.Only.Rules = c.Int("max-findings"), c.StringSlice("rule")
	if c.Bool("write-baseline") && r.Focus != "" {
		return o, fault.Misuse(fault.Hint(errors.New("--write-baseline: a baseline has all findings of the repository"), "name its root, "+filepath.ToSlash(filepath.Clean(r.Dir))))
	}
	if c.Bool("all") {
		o.Most = math.MaxInt
	}
	if o.Only.Paths, err = r.Paths(c.StringSlice("path"), o.Checkouts); err != nil {
		return o, fault.Misuse(fmt.Errorf("--path: %w", err))
	}
	if c.IsSet("since") {
		at, _ := p.at(c) // open has taken it
		if o.Since, err = g.OpenSince(c.Context, r, at, c.String("since")); err != nil {
			return o, err
		}
	}
	if c.IsSet("settings-from") {
		tier, _ := parseTier(c) // not that of what is judged
		if o.Settings, err = g.ReadSettings(c.Context, r.Dir, c.String("settings-from"), tier); err != nil {
			return o, err
		}
	}
	if c.IsSet("baseline") && !c.Bool("write-baseline") {
		o.Baseline, err = g.ReadBaseline(c.Context, r, c.String("baseline"), o.Settings)
	}
	return o, err
}

// schemaLocations reads the locations that are named. The word for what is embedded may stand among them, as it does for
// kubeconform: that counts in any case.
func schemaLocations(c *cli.Context) (all []location.Location, err error) {
	for _, text := range c.StringSlice("schema-location") {
		if text == location.Default {
			continue
		}
		l, err := location.Parse(text)
		if err != nil {
			return nil, fault.Misuse(fmt.Errorf("--schema-location %q: %w", l, err))
		}
		all = append(all, l)
	}
	return all, nil
}

// writeBaseline makes what was found the baseline.
func (p *program) writeBaseline(file string, found generator.Checked) error {
	if found.Unlisted > 0 {
		return fmt.Errorf("--write-baseline: there are %d findings more than a baseline may have: mend some first", found.Unlisted)
	}
	if err := generator.WriteBaseline(file, found.Findings); err != nil {
		return fmt.Errorf("--write-baseline: %w", err)
	}
	n := 0
	for _, f := range found.Findings {
		n += len(f.Each())
	}
	fmt.Fprintf(p.Out, "%s: %s that lint --baseline=%s does not tell\n", file, wording.Count(n, "finding"), file)
	return nil
}
