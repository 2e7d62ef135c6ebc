package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/linter/policy"
)

func TestErrors(t *testing.T) {
	const body = "deny contains {\"msg\": \"dark\"}\n"
	for _, test := range []struct {
		name   string
		source policy.Source
		want   string
	}{
		{"syntax", theirs("dark.rego", "package main\n\ndeny contains if {\n"), "policies/dark.rego:3:15: unexpected if keyword"},
		{"the Rego of old", theirs("dark.rego", "package main\n\ndeny[msg] { msg := 1 }\n"), "policies/dark.rego:3:1: `contains` keyword is required for partial set rules"},
		{"nothing", theirs("dark.rego", "\n"), "policies/dark.rego: empty module"},
		{"unsafe variable", dark(`deny contains {"msg": x}`), "policies/lamps/dark/dark.rego:9:23: var x is unsafe"},
		{"bad METADATA", theirs("dark.rego", "# METADATA\n# title: [\npackage main\n"), "policies/dark.rego:"},
		{"http.send", dark("deny contains http.send({})"),
			"policies/lamps/dark/dark.rego:9:15: undefined function http.send: policies see the object alone"},
		{"net.lookup_ip_addr", dark(`deny contains net.lookup_ip_addr("example.org")`),
			"policies/lamps/dark/dark.rego:9:15: undefined function net.lookup_ip_addr: policies see the object alone"},
		{"opa.runtime", dark("deny contains opa.runtime()"),
			"policies/lamps/dark/dark.rego:9:15: undefined function opa.runtime: policies see the object alone"},
		{"folder is not package", theirs("lamps/dim/dim.rego", metadata+"package policies.lamps.dark\n"+body),
			"policies/lamps/dim/dim.rego:7:1: package policies.lamps.dark: want it in policies/lamps/dark/dark.rego"},
		{"short package", theirs("dark.rego", metadata+"package policies.dark\n"+body),
			"policies/dark.rego:7:1: package policies.dark: want policies.<category>.<name> in snake_case"},
		{"package in capitals", theirs("lamps/Dark/Dark.rego", metadata+"package policies.lamps.Dark\n"+body),
			"policies/lamps/Dark/Dark.rego:7:1: package policies.lamps.Dark: want policies.<category>.<name> in snake_case"},
		{"library outside lib", theirs("wires.rego", "package lib.wires\n\nlong := 5\n"),
			"policies/wires.rego:1:1: package lib.wires: want lib.<name> in policies/lib/<name>"},
		{"deny that is never asked", theirs("dark.rego", "package lamps\n\n"+body),
			"policies/dark.rego:3:1: deny is never asked in package lamps: want package main or policies.<category>.<name>"},
		{"no deny", dark(`warn contains {"msg": "dark"}`), "policies/lamps/dark/dark.rego:7:1: package policies.lamps.dark has no rule deny"},
		{"deny that is no set", dark(`deny := {"msg": "dark"}`), "policies/lamps/dark/dark.rego:9:1: deny yields no set: want deny contains … if"},
		{"deny that is an object", theirs("dark.rego", "package main\n\ndeny[msg] if msg := \"dark\"\n"),
			"policies/dark.rego:3:1: deny yields no set: want deny contains … if"},
		{"exception", theirs("dark.rego", "package main\n\nexception contains [\"dark\"]\n"),
			"policies/dark.rego:3:1: exception is not asked here: want a waiver in waivers.yaml"},
		{"two files of one rule", theirs("a/dark.rego", "package main\n\n"+body, "dark.rego", "package main\n\n"+body, "a-dark.rego", "package main\n\n"+body),
			`policies/a-dark.rego:1:1: rule "main/a-dark" stands in policies/a/dark.rego already`},
		{"our policy again", theirs("pods/privileged/privileged.rego", metadata+"package policies.pods.privileged\n"+body),
			"policies/pods/privileged/privileged.rego:7:1: package policies.pods.privileged stands in ours/pods/privileged/privileged.rego already"},
		{"our library again", theirs("lib/images/more.rego", "package lib.images\n\nname(_) := \"ghcr.io/\"\n"),
			"policies/lib/images/more.rego:1:1: package lib.images stands in ours/lib/images/images.rego already"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := policy.New(t.Context(), ours(), test.source)
			if got := fmt.Sprint(err); !strings.HasPrefix(got, test.want) || strings.Contains(got, "rego_") {
				t.Errorf("got  %s\nwant %s…", got, test.want)
			}
		})
	}
}

func TestBadFindings(t *testing.T) {
	const deny = `policies/lamps/dark/dark.rego:9:1: rule "lamps/dark" on Lamp lamp: deny yields `
	const warn = `policies/dark.rego:3:1: rule "main/dark" on Lamp lamp: warn yields `
	for _, test := range []struct {
		source policy.Source
		want   string
	}{
		{dark(`deny contains "dark"`), deny + `"dark": want {"msg": …, "at": […]}`},
		{dark(`deny contains {"at": []}`), deny + "a finding without msg"},
		{dark(`deny contains {"msg": 5}`), deny + "the msg 5: want a text"},
		{dark(`deny contains {"msg": " "}`), deny + `the msg " ": want a text`},
		{dark(`deny contains {"msg": "dark", "fix": 3}`), deny + `the fix 3: want a text`},
		{dark(`deny contains {"msg": "dark", "path": []}`), deny + `a finding with "path": want msg, at, fix`},
		{dark(`deny contains {"msg": "dark", "at": "spec"}`), deny + `the at "spec": want a list`},
		{dark(`deny contains {"msg": "dark", "at": [1.5]}`), deny + "the at [1.5]: want field names and indices"},
		{dark(`deny contains {"msg": "dark", "at": [-1]}`), deny + "the at [-1]: want field names and indices"},
		{theirs("dark.rego", "package main\n\nwarn contains 5\n"), warn + `5: want {"msg": …, "at": […]}`},
		{theirs("dark.rego", "package main\n\nwarn contains {\"text\": 5}\n"), warn + "a finding without msg"},
		{dark("deny contains {\"msg\": watts}\n\nwatts := 1 if input.tier\n\nwatts := 2 if input.tier"),
			`policies/lamps/dark/dark.rego:13:1: rule "lamps/dark" on Lamp lamp: rule data.policies.lamps.dark.watts produced conflicting values: ` +
				"1 at policies/lamps/dark/dark.rego:11 2 at policies/lamps/dark/dark.rego:13"},
	} {
		checker := newChecker(t, test.source)
		findings := check(t, checker, input(t, checker, "{apiVersion: v1, kind: Lamp, metadata: {name: lamp}}\n---\n{apiVersion: v1, kind: Lamp, metadata: {name: bulb}}"))
		want := "the policy was stopped, and judges nothing from here on: " + test.want
		if len(findings) != 1 || findings[0].Message != want {
			t.Errorf("got  %v\nwant %s", findings, want)
		}
	}
}

// TestWhatIsWrongIsWhatIsToMend states that the fix of a policy that is stopped is about what was wrong with it.
func TestWhatIsWrongIsWhatIsToMend(t *testing.T) {
	for _, test := range []struct {
		source policy.Source
		want   string
	}{
		{theirs("dark.rego", "package main\n\ndeny contains 5\n"), `Mend the policy: it is to yield a text, or {"msg": text, "at": [field names and indices]}.`},
		{dark(`deny contains {"msg": "dark", "at": "metadata.name"}`),
			`Mend the policy: it is to yield {"msg": text, "at": [field names and indices], "fix": text}, of which at and fix may be left out.`},
		{dark("deny contains {\"msg\": watts}\n\nwatts := \"1\" if input.tier\n\nwatts := \"2\" if input.tier"), "Mend the policy: it fails at the place that is named."},
	} {
		checker := newChecker(t, test.source)
		findings := check(t, checker, input(t, checker, "{apiVersion: v1, kind: Lamp, metadata: {name: lamp}}"))
		if len(findings) != 1 || findings[0].Fix != test.want {
			t.Errorf("got  %v\nwant %s", findings, test.want)
		}
	}
}

// TestTextsOfPoliciesAreBounded states that what a policy says is cut.
func TestTextsOfPoliciesAreBounded(t *testing.T) {
	checker := newChecker(t, dark(`deny contains {"msg": sprintf("é%5000d", [1]), "fix": sprintf("x%5000d", [1])}`))
	findings := check(t, checker, input(t, checker, "{apiVersion: v1, kind: Lamp, metadata: {name: lamp}}"))
	if len(findings) != 1 {
		t.Fatalf("got %v, want one", findings)
	}
	for _, f := range findings {
		if longest := 1000 + len("…"); len(f.Message) > longest || len(f.Fix) > longest {
			t.Errorf("%s: got a message of %d bytes and a fix of %d, want at most %d", f.Rule, len(f.Message), len(f.Fix), longest)
		}
	}
}
