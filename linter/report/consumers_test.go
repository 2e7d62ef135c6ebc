package report_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/report"
	"github.com/gitopsgen/gitopsgen/linter/report/reporttest"
)

// reports are what each format is tried with.
func reports() map[string]report.Report {
	return map[string]report.Report{"rich": rich(), "clean": clean(), "large": large(2_000), "empty": {}}
}

// TestJSONSchema holds reports against the published schema, and wants a report with all that there is to have each field.
func TestJSONSchema(t *testing.T) {
	schema, err := os.ReadFile(filepath.Join("..", "..", "docs", "report.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range reports() {
		if err := reporttest.Check(schema, written(t, "json", r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	got := written(t, "json", rich())
	var document any
	if err := json.Unmarshal(schema, &document); err != nil {
		t.Fatal(err)
	}
	for _, name := range fields(document) {
		if !bytes.Contains(got, []byte(`"`+name+`"`)) {
			t.Errorf("docs/report.schema.json has %q, and no report does", name)
		}
	}
	if err := reporttest.Check(schema, bytes.Replace(got, []byte(`"line"`), []byte(`"lines"`), 1)); err == nil {
		t.Error("the schema takes a report with an unknown field")
	}
}

// fields are the names of all properties in a schema.
func fields(schema any) (names []string) {
	s, _ := schema.(map[string]any)
	for key, value := range s {
		if key == "properties" {
			names = slices.AppendSeq(names, maps.Keys(value.(map[string]any)))
		}
		names = append(names, fields(value)...)
	}
	return names
}

// sarifSchema is the published schema, which a module for SARIF keeps as a constant.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", reflect.TypeFor[sarif.Report]().PkgPath()).Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	source, err := strconv.Unquote(file.Scope.Lookup("schema").Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("sarif.json", value); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestSARIF holds reports against the published schema, and has a module for SARIF find rules, regions and what is excused.
func TestSARIF(t *testing.T) {
	schema := sarifSchema(t)
	for name, r := range reports() {
		data := written(t, "sarif", r)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var read sarif.Report
		if err := json.Unmarshal(data, &read); err != nil {
			t.Fatal(err)
		}
		run := read.Runs[0]
		for _, rule := range run.Tool.Driver.Rules {
			if got := shape([]byte(*rule.Help.Markdown)); strings.Contains(strings.ToLower(got), "evil") || strings.Contains(got, "@") {
				t.Errorf("%s: the help of %q is more than text: %s", name, *rule.ID, got)
			}
		}
		if len(run.Results) != len(r.Findings)+len(r.Waived) {
			t.Errorf("%s: got %d results, want %d", name, len(run.Results), len(r.Findings)+len(r.Waived))
		}
		for i, result := range run.Results {
			if got := *run.Tool.Driver.Rules[result.RuleIndex].ID; got != *result.RuleID {
				t.Errorf("%s: result %d has the index of %s, want %s", name, i, got, *result.RuleID)
			}
			if waived := i >= len(r.Findings); waived != (len(result.Suppressions) == 1) {
				t.Errorf("%s: result %d: waived is %t, got %d suppressions", name, i, waived, len(result.Suppressions))
			}
			place := result.Locations[0].PhysicalLocation
			if base := *place.ArtifactLocation.URIBaseID; run.OriginalUriBaseIds[base].Description == nil {
				t.Errorf("%s: result %d: nobody says what %s is", name, i, base)
			}
			if i < len(r.Findings) && r.Findings[i].Place.Line > 0 && *place.Region.StartLine != r.Findings[i].Place.Line {
				t.Errorf("%s: result %d: got line %d, want %d", name, i, *place.Region.StartLine, r.Findings[i].Place.Line)
			}
		}
	}
}

// TestJUnit has a parser of JUnit count what passed, failed and was skipped.
func TestJUnit(t *testing.T) {
	for name, r := range reports() {
		suites, err := junit.Ingest(written(t, "junit", r))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var total junit.Totals
		seen := map[string]bool{}
		for _, suite := range suites {
			total.Tests, total.Failed, total.Error = total.Tests+suite.Totals.Tests, total.Failed+suite.Totals.Failed, total.Error+suite.Totals.Error
			total.Skipped = total.Skipped + suite.Totals.Skipped
			for _, one := range suite.Tests {
				if id := one.Classname + "\x00" + one.Name; seen[id] {
					t.Errorf("%s: two cases are called %q", name, id)
				} else {
					seen[id] = true
				}
			}
		}
		if want := r.Count(linter.Error) + r.Count(linter.Warning); total.Failed != want {
			t.Errorf("%s: got %d failures, want %d", name, total.Failed, want)
		}
		if total.Tests == 0 || (total.Error > 0) != (len(r.Failures) > 0) {
			t.Errorf("%s: got %+v", name, total)
		}
		if want := 10; name == "rich" && total.Skipped != want { // three Applications, four roots, a waiver, a rule that is off, one that is not judged
			t.Errorf("got %d skipped, want %d", total.Skipped, want)
		}
	}
}

// TestGitLab wants what GitLab reads of an issue, and nothing else: it keeps one issue of each fingerprint, and passes over all
// that lack a text, a fingerprint, one of its severities, or a line of a file.
func TestGitLab(t *testing.T) {
	for name, r := range reports() {
		var issues []struct {
			Description string `json:"description"`
			Check       string `json:"check_name"`
			Fingerprint string `json:"fingerprint"`
			Severity    string `json:"severity"`
			Location    struct {
				Path  string `json:"path"`
				Lines struct {
					Begin int `json:"begin"`
				} `json:"lines"`
			} `json:"location"`
		}
		decoder := json.NewDecoder(bytes.NewReader(written(t, "gitlab", r)))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&issues); err != nil || issues == nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(issues) != len(r.Findings) {
			t.Errorf("%s: got %d issues, want %d", name, len(issues), len(r.Findings))
		}
		seen := map[string]bool{}
		for _, one := range issues {
			if one.Description == "" || one.Check == "" || seen[one.Fingerprint] || one.Location.Path == "" || one.Location.Lines.Begin < 1 {
				t.Errorf("%s: got %+v", name, one)
			}
			if !strings.Contains(" info minor major critical blocker ", " "+one.Severity+" ") {
				t.Errorf("%s: got severity %q", name, one.Severity)
			}
			seen[one.Fingerprint] = true
		}
	}
}

// annotation matches what GitHub's runner takes for the commands that we mean; its parts cannot hold what ends them.
var annotation = regexp.MustCompile(`^::(error|warning|notice) (?:file=[^,:\r\n]+,)?(?:line=[1-9][0-9]*,)?(?:col=[1-9][0-9]*,)?title=[^,:\r\n]+::[^\r\n]+$`)

// TestGitHub wants each line to be an annotation or no command at all, and all findings to be in the log.
func TestGitHub(t *testing.T) {
	for name, r := range reports() {
		got, log := string(written(t, "github", r)), 0
		for line := range strings.Lines(got) {
			if line = strings.TrimSuffix(line, "\n"); annotation.MatchString(line) {
				continue
			}
			log++
			var b bytes.Buffer
			if _, err := escape.NewWriter(&b).Write([]byte(line)); err != nil || b.String() != line {
				t.Errorf("%s: %q is a command", name, line)
			}
		}
		r.Root, r.Color, r.All = r.Prefix, false, true
		if want := strings.Count(string(written(t, "text", r)), "\n"); log != want {
			t.Errorf("%s: got %d lines in the log, want the %d of text", name, log, want)
		}
	}
}
