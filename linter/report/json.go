package report

import (
	"time"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

type jsonReport struct {
	Schema int      `json:"schema"`
	Tool   jsonTool `json:"tool"`
	// Root is the folder that was judged, from the root of the Git repository.
	Root string `json:"root"`
	// Outside counts what is not told because it stands in a file elsewhere, of which something there is made.
	Outside []jsonOutside `json:"outside"`
	// Since is the state of the repository from which on it was judged; empty is all of it.
	Since string `json:"since,omitempty"`
	// Rules are those that there are findings of.
	Rules        []jsonRule        `json:"rules"`
	Findings     []jsonFinding     `json:"findings"`
	Unlisted     int               `json:"unlisted"`
	NotChosen    jsonCounts        `json:"notChosen"`
	Baseline     *jsonBaseline     `json:"baseline,omitempty"`
	Waived       []jsonFinding     `json:"waived"`
	NotJudged    []jsonNotJudged   `json:"notJudged"`
	Applications []jsonApplication `json:"applications"`
	Roots        []jsonRoot        `json:"roots"`
	Notes        []string          `json:"notes"`
	Failures     []string          `json:"failures"`
	Coverage     *jsonCoverage     `json:"coverage,omitempty"`
	Settings     jsonSettings      `json:"settings"`
	Summary      jsonSummary       `json:"summary"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonOutside struct {
	File     string `json:"file"`
	Findings int    `json:"findings"`
}

type jsonRule struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	// Severity is the one in force.
	Severity linter.Severity `json:"severity"`
}

// jsonCounts are numbers of findings by severity.
type jsonCounts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
}

// jsonBaseline says what a baseline leaves out.
type jsonBaseline struct {
	File  string `json:"file"`
	Known int    `json:"known"`
	// Unmatched are the entries that nothing is found of any more.
	Unmatched []jsonEntry `json:"unmatched"`
}

type jsonEntry struct {
	Rule        string `json:"rule"`
	Fingerprint string `json:"fingerprint"`
	About       string `json:"about"`
	Count       int    `json:"count"`
	jsonPlace
}

type jsonSummary struct {
	Objects        int     `json:"objects"`
	Errors         int     `json:"errors"`
	Warnings       int     `json:"warnings"`
	Infos          int     `json:"infos"`
	Waived         int     `json:"waived"`
	Known          int     `json:"known"`
	Applications   int     `json:"applications"`
	Unchanged      int     `json:"unchanged"`
	Recorded       int     `json:"recorded"`
	NotRendered    int     `json:"notRendered"`
	Elsewhere      int     `json:"elsewhere"`
	Standalone     int     `json:"standalone"`
	Kustomizations int     `json:"kustomizations"`
	Charts         int     `json:"charts"`
	Seconds        float64 `json:"seconds"`
}

// jsonApplication says how far an Application was rendered, and why no further.
type jsonApplication struct {
	Name    string `json:"name"`
	Cluster string `json:"cluster"`
	Status  string `json:"status"`
	Reason  string `json:"reason,omitempty"`
	jsonPlace
}

// jsonRoot is what no Application names, and why it is not rendered.
type jsonRoot struct {
	Kind   string `json:"kind"`
	Path   string `json:"path"`
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
}

// jsonSettings are what the repository says about how it is judged.
type jsonSettings struct {
	// From is the revision that they are of; empty is the tree itself.
	From       string         `json:"from,omitempty"`
	Severities []jsonSeverity `json:"severities"`
	Params     []jsonParam    `json:"params"`
	Waivers    []jsonWaiver   `json:"waivers"`
	External   []jsonExternal `json:"external"`
}

type jsonSeverity struct {
	Rule     string          `json:"rule"`
	Severity linter.Severity `json:"severity"`
	// Own is what the tier gives the rule.
	Own linter.Severity `json:"own"`
	jsonPlace
}

type jsonParam struct {
	Rule string `json:"rule"`
	Name string `json:"name"`
	jsonPlace
}

type jsonWaiver struct {
	Rule    string `json:"rule"`
	Reason  string `json:"reason"`
	Owner   string `json:"owner,omitempty"`
	Expires string `json:"expires,omitempty"`
	// Findings is how many it excuses.
	Findings int `json:"findings"`
	jsonPlace
}

type jsonExternal struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	Cluster   string `json:"cluster,omitempty"`
	// Findings is how many are not told for it.
	Findings int `json:"findings"`
	jsonPlace
}

type jsonPlace struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

type jsonNotJudged struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}

// writeJSON writes the report for programs. Its form is versioned by the field schema.
func writeJSON(w *escape.Writer, r Report) error {
	out := jsonReport{
		Schema: 1, Tool: jsonTool(r.Tool), Root: r.judged(), Outside: []jsonOutside{}, Since: r.Since, Rules: newJSONRules(r),
		Unlisted: r.Unlisted, NotChosen: jsonCounts(r.NotChosen), Findings: []jsonFinding{}, Waived: []jsonFinding{}, NotJudged: []jsonNotJudged{},
		Applications: []jsonApplication{}, Roots: []jsonRoot{}, Notes: append([]string{}, r.Notes...), Failures: append([]string{}, r.Failures...), Settings: newJSONSettings(r),
		Summary: jsonSummary{
			Objects: r.Objects, Errors: r.Count(linter.Error), Warnings: r.Count(linter.Warning), Infos: r.Count(linter.Info),
			Waived: len(r.Waived), Known: r.Known, Unchanged: r.CountApplications(build.Unchanged), Applications: len(r.Applications), Recorded: r.CountApplications(build.Recorded), NotRendered: r.countMissing(), Elsewhere: r.CountApplications(build.Elsewhere),
			Standalone: r.Standalone, Kustomizations: r.Kustomizations, Charts: r.Charts, Seconds: r.Seconds,
		},
	}
	out.Baseline, out.Coverage = newJSONBaseline(r), newJSONCoverage(r)
	for _, o := range r.Outside {
		out.Outside = append(out.Outside, jsonOutside{r.at(manifest.Place{File: o.File}).File, o.Findings})
	}
	for _, a := range r.Applications {
		out.Applications = append(out.Applications, jsonApplication{a.Name, a.Cluster, a.State.Kind.String(), a.State.Reason, jsonPlace(r.at(a.Place))})
	}
	for _, root := range r.Roots {
		out.Roots = append(out.Roots, jsonRoot{root.Kind, r.at(manifest.Place{File: root.Name}).File, root.State.Kind.String(), root.State.Reason})
	}
	ends := newExtents(r)
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, newJSONFinding(r, f, ends))
	}
	for _, f := range r.Waived {
		one := newJSONFinding(r, f.Finding, ends)
		one.Reason = f.Waiver.Reason
		out.Waived = append(out.Waived, one)
	}
	for _, n := range r.NotJudged {
		out.NotJudged = append(out.NotJudged, jsonNotJudged(n))
	}
	return escape.JSON(w, out)
}

func newJSONBaseline(r Report) *jsonBaseline {
	if r.Baseline == "" {
		return nil
	}
	out := &jsonBaseline{File: r.Baseline, Known: r.InBaseline, Unmatched: []jsonEntry{}}
	for _, e := range r.Unmatched {
		out.Unmatched = append(out.Unmatched, jsonEntry{e.Rule, e.Fingerprint, e.About, e.Count, jsonPlace(e.Place)})
	}
	return out
}

func newJSONRules(r Report) []jsonRule {
	found := map[string]bool{}
	for _, f := range r.Findings {
		found[f.Rule] = true
	}
	for _, f := range r.Waived {
		found[f.Rule] = true
	}
	out := []jsonRule{}
	for _, rule := range r.Rules {
		if found[rule.ID] {
			_, severity := r.Weigh(rule)
			out = append(out, jsonRule{rule.ID, rule.Title, rule.Description, severity})
		}
	}
	return out
}

func newJSONSettings(r Report) jsonSettings {
	out := jsonSettings{From: r.SettingsFrom, Severities: []jsonSeverity{}, Params: []jsonParam{}, Waivers: []jsonWaiver{}, External: []jsonExternal{}}
	for _, s := range r.Set {
		if s.Param == "" {
			out.Severities = append(out.Severities, jsonSeverity{s.Rule, s.To, s.Own, jsonPlace(r.at(s.Place))})
		} else {
			out.Params = append(out.Params, jsonParam{s.Rule, s.Param, jsonPlace(r.at(s.Place))})
		}
	}
	for _, w := range r.Waivers {
		one := jsonWaiver{Rule: w.Rule, Reason: w.Reason, Owner: w.Owner, Findings: w.Findings, jsonPlace: jsonPlace(r.at(w.Place))}
		if !w.Expires.IsZero() {
			one.Expires = w.Expires.Format(time.DateOnly)
		}
		out.Waivers = append(out.Waivers, one)
	}
	for _, e := range r.External {
		out.External = append(out.External, jsonExternal{e.Kind, e.Namespace, e.Name, e.Cluster, e.Findings, jsonPlace(r.at(e.Place))})
	}
	return out
}
