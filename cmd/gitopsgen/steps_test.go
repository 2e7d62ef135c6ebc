package main

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"gopkg.in/yaml.v3"
)

// step is what a forge runs in a job.
type step struct {
	Run, Shell string
	Directory  string `yaml:"working-directory"`
	Env        map[string]string
}

// inputs are what somebody who uses an action or a component may set.
type inputs map[string]struct{ Default string }

// pipeline is what a forge runs, with the jobs that have steps.
type pipeline struct {
	// An action of GitHub has Inputs and Runs, a workflow of GitHub or Forgejo has Jobs.
	Inputs inputs
	Runs   struct{ Steps []step }
	Jobs   map[string]struct{ Steps []step }
	// GitLab has one job, of this name, and a component has its inputs in a document of its own.
	Spec      struct{ Inputs inputs }
	Gitopsgen struct {
		Variables map[string]string
		Before    []string `yaml:"before_script"`
		Script    []string
	}
	// Woodpecker has steps by name.
	Steps map[string]struct{ Commands []string }
}

func readPipeline(data []byte) (p pipeline, err error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for err == nil {
		err = decoder.Decode(&p)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if p.Spec.Inputs != nil {
		p.Inputs = p.Spec.Inputs
	}
	return p, err
}

// steps gives what there is to do, in order. What GitLab and Woodpecker run is one step, whose shell is a plain one.
func (p pipeline) steps() []step {
	all := p.Runs.Steps
	for _, name := range slices.Sorted(maps.Keys(p.Jobs)) {
		all = append(all, p.Jobs[name].Steps...)
	}
	if job := p.Gitopsgen; len(job.Script) > 0 {
		all = append(all, step{Run: strings.Join(append(job.Before, job.Script...), "\n"), Shell: "sh", Env: job.Variables})
	}
	for _, name := range slices.Sorted(maps.Keys(p.Steps)) {
		all = append(all, step{Run: strings.Join(p.Steps[name].Commands, "\n"), Shell: "sh"})
	}
	return all
}

// shells are the commands that run a step, by its shell.
var shells = map[string][]string{
	"":     {"bash", "-e"},
	"bash": {"bash", "--noprofile", "--norc", "-eo", "pipefail"},
	"sh":   {"sh", "-e"},
}

// runSteps runs the commands of a workflow or an action as the forge does, and wants them to end with a status: steps STATUS FILE.
// What GitHub puts in for an expression comes from the environment.
func runSteps(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: steps STATUS FILE")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	p, err := readPipeline([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	got, ran := 0, 0
	for _, s := range p.steps() {
		if s.Run == "" || got != 0 {
			continue
		}
		got = p.run(ts, s)
		ran++
	}
	if got != want || ran == 0 {
		ts.Fatalf("status %d after %d steps, want %d", got, ran, want)
	}
}

// run runs one step in the current directory, or its own, and gives its status.
func (p pipeline) run(ts *testscript.TestScript, s step) int {
	file := filepath.Join(ts.MkAbs("."), "..", "step.sh")
	ts.Check(os.WriteFile(file, []byte(p.expand(ts, s.Run)), 0o644))
	command := []string{"-C", ts.MkAbs(p.expand(ts, s.Directory))}
	for _, name := range slices.Sorted(maps.Keys(s.Env)) {
		command = append(command, name+"="+p.expand(ts, s.Env[name]))
	}
	err := ts.Exec("env", slices.Concat(command, shells[s.Shell], []string{file})...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	ts.Check(err)
	return 0
}

// expression matches what GitHub and GitLab put values in for.
var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}|\$\[\[ *(.*?) *\]\]`)

// expand puts in the values of expressions, as far as scripts say them.
func (p pipeline) expand(ts *testscript.TestScript, text string) string {
	return expression.ReplaceAllStringFunc(text, func(whole string) string {
		m := expression.FindStringSubmatch(whole)
		name := m[1] + m[2]
		if input, ok := strings.CutPrefix(name, "inputs."); ok {
			given := cmp.Or(ts.Getenv("INPUT_"+strings.ToUpper(input)), p.Inputs[input].Default)
			return strings.ReplaceAll(given, `\n`, "\n")
		}
		switch name {
		case "github.event_name == 'pull_request' && 'HEAD^1' || ''":
			if ts.Getenv("GITHUB_EVENT_NAME") == "pull_request" {
				return "HEAD^1"
			}
			return ""
		case "github.sha":
			return cmp.Or(ts.Getenv("GITHUB_SHA"), head(ts))
		}
		variable, known := expressions[name]
		if !known {
			ts.Fatalf("%s: nobody knows its value", whole)
		}
		return ts.Getenv(variable)
	})
}

// head is the commit that is checked out.
func head(ts *testscript.TestScript) string {
	cmd := exec.Command("git", "rev-parse", "HEAD")
	cmd.Dir = ts.MkAbs(".")
	out, err := cmd.Output()
	ts.Check(err)
	return strings.TrimSpace(string(out))
}

// expressions are the variables of a script that stand for what an expression gives.
var expressions = map[string]string{
	"runner.temp":                                           "RUNNER_TEMP",
	"github.action_path":                                    "ROOT",
	"github.server_url":                                     "SERVER_URL",
	"github.repository":                                     "GITHUB_REPOSITORY",
	"github.ref":                                            "GITHUB_REF",
	"github.event.pull_request.base.sha":                    "BASE_SHA",
	"github.event_name":                                     "GITHUB_EVENT_NAME",
	"github.token":                                          "TOKEN",
	"github.event.workflow_run.id":                          "RUN_ID",
	"github.event.workflow_run.html_url":                    "RUN_URL",
	"github.event.workflow_run.head_sha":                    "RUN_SHA",
	"github.event.workflow_run.head_branch":                 "RUN_BRANCH",
	"github.event.workflow_run.head_repository.owner.login": "RUN_OWNER",
}
