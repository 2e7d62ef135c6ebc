// Package part keeps in a file what one of several runs found of a repository that they share, and makes the report of the whole from
// all these files.
//
// It knows how findings are written down and read back, and nothing of how they are found. What is told, it has linter and locate tell
// as they do where one run finds all.
package part

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/locate"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

// schema is the version of the form that parts have. Parts are read by the version of gitopsgen that wrote them alone.
const schema = 1

// Facts are what a run knows when it has found its share.
type Facts struct {
	Input   linter.Input
	Options linter.Options
	Rules   []linter.Rule
	linter.Judgement
	// Values are those behind the findings.
	Values map[locate.Field]locate.Found
	// Report has all that is told besides findings, and the files that these are in.
	Report report.Report
	// Failure says why the run fails whatever was found; it has no lines where nothing does.
	Failure Failure
	// Commit and Tree name what was judged, and Flags how.
	Commit, Tree string
	Flags        []Flag
}

// Failure is why a run fails, with what to do about it.
type Failure struct {
	Errors []string `json:"errors,omitempty"`
	Hint   string   `json:"hint,omitempty"`
}

// Flag is a flag that decides what is found, with what tells its values apart and does not say them.
type Flag struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
}

// Part is what one run found.
type Part struct {
	Schema int    `json:"schema"`
	Kind   string `json:"kind"`
	// Tool is what wrote it, of which share.
	Tool  report.Tool  `json:"tool"`
	Share linter.Share `json:"share"`
	// Commit is empty where it is of no commit, Tree the digest of all files.
	Commit string `json:"commit"`
	Tree   string `json:"tree"`
	Flags  []Flag `json:"flags"`
	// Seconds is how long it took, and Now when it was judged which waivers have expired.
	Seconds float64   `json:"seconds"`
	Now     time.Time `json:"now"`
	Whole   whole     `json:"whole"`
	Own     own       `json:"own"`
}

// kind tells a part from a report and from anything else.
const kind = "a part of a gitopsgen report"

// whole is what all parts say alike.
type whole struct {
	Report  report.Report `json:"report"`
	Failure Failure       `json:"failure"`
	Rules   []linter.Rule `json:"rules"`
	// Checked are the rules that bring their check.
	Checked map[string]bool `json:"checked"`
	Input   input           `json:"input"`
	Options options         `json:"options"`
}

// input is what of a linter.Input counts when everything is found.
type input struct {
	Params       map[string]map[string]any `json:"params"`
	Applications []linter.State            `json:"applications"`
	External     []linter.External         `json:"external"`
}

// options are those of linter.Options that a part may have.
type options struct {
	Severity       map[string]linter.Severity `json:"severity"`
	Set            []linter.Set               `json:"set"`
	Waivers        []linter.Waiver            `json:"waivers"`
	WaiverFindings []finding                  `json:"waiverFindings"`
	Baseline       *linter.Baseline           `json:"baseline"`
	Only           linter.Only                `json:"only"`
}

// own is what a share found.
type own struct {
	Findings  []finding          `json:"findings"`
	NotJudged []linter.NotJudged `json:"notJudged"`
	Needed    []int              `json:"needed"`
	Resources []resource         `json:"resources"`
	Values    []value            `json:"values"`
	Ends      []end              `json:"ends"`
}

// end says where ends what stands at a place.
type end struct {
	At manifest.Place `json:"at"`
	report.End
}

// New gives what a share found as a part.
func New(share linter.Share, f Facts) Part {
	p := Part{
		Schema: schema, Kind: kind, Tool: f.Report.Tool, Share: share, Commit: f.Commit, Tree: f.Tree, Flags: f.Flags, Seconds: f.Report.Seconds, Now: f.Options.Now,
		Whole: whole{
			Report: bare(f.Report), Failure: f.Failure, Rules: f.Rules, Checked: map[string]bool{},
			Input: input{f.Input.Params, f.Input.Applications, f.Input.External},
			Options: options{
				Severity: f.Options.Severity, Set: f.Options.Set, Waivers: f.Options.Waivers,
				Baseline: f.Options.Baseline, Only: f.Options.Only,
			},
		},
	}
	p.Whole.Report.Tier = f.Input.Tier
	for _, rule := range f.Rules {
		if rule.Check != nil {
			p.Whole.Checked[rule.ID] = true
		}
	}
	w := newWriter(f)
	for _, one := range f.Options.WaiverFindings {
		p.Whole.Options.WaiverFindings = append(p.Whole.Options.WaiverFindings, w.finding(one))
	}
	p.Own = w.own(f)
	return p
}

// bare is a report without findings, files, and what is secret of other repositories.
func bare(r report.Report) report.Report {
	r.Report, r.Tree, r.Seconds = linter.Report{}, tree.Tree{}, 0
	r.Checkouts = r.Checkouts.Named()
	return r
}

// Write writes a part as Read reads it.
func (p Part) Write(w io.Writer) error { return escape.JSON(w, p) }

// Read reads a part that this version wrote; file is what errors call it.
func Read(file string, data []byte, tool report.Tool) (p Part, err error) {
	var head struct {
		Kind string
		Tool report.Tool
	}
	switch {
	case len(data) == 0:
		return p, fmt.Errorf("%s: it is empty: the run that was to write it has failed", file)
	case json.Unmarshal(data, &head) != nil, head.Kind != kind:
		return p, fmt.Errorf("%s: it is no part of a report: want what gitopsgen lint --shard=I/N writes", file)
	case head.Tool != tool:
		return p, fmt.Errorf("%s: gitopsgen %s wrote it, and this is %s: all parts and their merge want one version", file, head.Tool.Version, tool.Version)
	}
	if err := json.Unmarshal(data, &p); err != nil || p.Schema != schema {
		return p, fmt.Errorf("%s: it is damaged, or another version of gitopsgen wrote it: %v", file, err)
	}
	return p, p.check(file)
}
