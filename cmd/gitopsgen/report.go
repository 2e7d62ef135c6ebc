package main

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/part"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

func (p *program) report() *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "about the reports of lint",
		UsageText: "gitopsgen report merge",
		Subcommands: []*cli.Command{{
			Name:        "merge",
			Usage:       "make one report of the parts that several runs of lint wrote",
			UsageText:   "gitopsgen report merge [FLAGS] FILE...",
			Description: mergeDescription,
			Flags:       mergeFlags(),
			Action:      p.runMerge,
		}},
	}
}

// mergeDescription is what help says of report merge.
const mergeDescription = `each FILE is what a run of gitopsgen lint --shard=I/N printed, on whatever machine: all of one version of gitopsgen, with the
same flags, of the same files. The report and the status are those that lint without --shard has. Nothing else is read: neither the
repository nor its charts have to be at hand.

status: 0 nothing found at or above --fail-on, 1 something found, 2 wrong command line, 3 could not work, or the parts do not fit
together

examples:
   gitopsgen lint --shard=1/2 > ../part-1.json
   gitopsgen lint --shard=2/2 > ../part-2.json
   gitopsgen report merge --format=text,sarif=report.sarif ../part-1.json ../part-2.json`

// tellingFlags are the flags of lint that say how a report is told and how much it weighs. Parts have neither.
var tellingFlags = []string{"format", "fail-on", "all", "max-findings", "coverage"}

// mergeFlags are those of lint that say how a report is told, as they are there.
func mergeFlags() (flags []cli.Flag) {
	for _, f := range slices.Concat(lintFlags(), judgeFlags()) {
		if slices.Contains(tellingFlags, f.Names()[0]) {
			flags = append(flags, f)
		}
	}
	return flags
}

func (p *program) runMerge(c *cli.Context) error {
	outputs, err := parseOutputs(c.String("format"))
	if err != nil {
		return err
	}
	least, err := checkLint(c)
	if err != nil {
		return err
	}
	files, err := argsAmongFlags(c)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fault.Misuse(fault.Hint(errors.New("there are no parts to merge"), "gitopsgen lint --shard=I/N prints one"))
	}
	var parts []part.Named
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		one, err := part.Read(file, data, tool())
		if err != nil {
			return err
		}
		parts = append(parts, part.Named{File: file, Part: one})
	}
	most := c.Int("max-findings")
	if c.Bool("all") {
		most = math.MaxInt
	}
	whole, failure, err := part.Whole(parts, most)
	if err != nil {
		return err
	}
	return p.conclude(c, generator.Checked{Report: whole, Failure: failure}, outputs, least)
}

// tool is this program, as reports name it.
func tool() report.Tool { return report.Tool{Name: "gitopsgen", Version: version} }

// share turns --shard, where it is given, into values.
func (p *program) share(c *cli.Context, r generator.Repository, o *generator.CheckOptions) (err error) {
	if !c.IsSet("shard") {
		return nil
	}
	if o.Share, err = linter.ParseShare(c.String("shard")); err != nil {
		return fault.Misuse(fmt.Errorf("--shard %q: %w", c.String("shard"), err))
	}
	for _, name := range tellingFlags {
		if c.IsSet(name) {
			return fault.Misuse(fault.Hint(fmt.Errorf("--shard and --%s: a part of a report is not told", name), "give it to gitopsgen report merge"))
		}
	}
	switch {
	case c.IsSet("since"):
		err = errors.New("--shard and --since: what changed is judged by one run, want one of them")
	case c.Bool("write-baseline"):
		err = errors.New("--shard and --write-baseline: a baseline has all findings of the repository")
	case r.Focus != "":
		err = fault.Hint(errors.New("--shard: a part is one of the report of the whole repository"), "name its root, "+filepath.ToSlash(filepath.Clean(r.Dir)))
	}
	if err != nil {
		return fault.Misuse(err)
	}
	o.Flags = judgedBy(c)
	return nil
}

// aside are the flags that do not decide what is found, or where that shows in what is: runs on several machines may differ in them.
var aside = []string{"shard", "timeout", "chart-mirror", "ca-file", "allow-host", "offline"}

// judgedBy gives the flags that decide what is found. Their values are digests: some are URLs with passwords.
func judgedBy(c *cli.Context) (flags []part.Flag) {
	for _, f := range c.Command.Flags {
		name := f.Names()[0]
		if !c.IsSet(name) || slices.Contains(aside, name) {
			continue
		}
		value := c.Value(name)
		if list, ok := value.(cli.StringSlice); ok {
			value = list.Value()
		}
		flags = append(flags, part.Flag{Name: name, Digest: fmt.Sprintf("%.8x", sha256.Sum256(fmt.Append(nil, value)))})
	}
	slices.SortFunc(flags, func(a, b part.Flag) int { return cmp.Compare(a.Name, b.Name) })
	return flags
}

// writePart prints what this run found, and says that it is not all. What ends the run without shards ends the merge.
func (p *program) writePart(found generator.Checked) error {
	if err := found.Part.Write(p.Out); err != nil {
		return err
	}
	s := found.Part.Share
	p.Note(fmt.Sprintf("part %d of %d, and no report: whether something is found says gitopsgen report merge with %s", s.Number, s.Of, wording.Count(s.Of, "part")))
	return nil
}
