package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/policies"
	"github.com/gitopsgen/gitopsgen/schemas"
)

// kubernetes is the version whose schemas are written.
const kubernetes = "1.36"

// judging are the policies that conftest is given, too: none needs more than the object.
var judging = []string{
	"images/latest_tag", "pods/host_network", "pods/host_path", "pods/privilege_escalation", "pods/privileged", "pods/read_only_root",
	"pods/run_as_non_root", "resources/memory_limits",
}

// writeRules writes what other programs judge by, so that nobody asks the network: the schemas of our bundle, for kubeconform, and
// eight of our policies, for conftest; and the settings by which gitopsgen judges by these alone.
func writeRules(dir string) error {
	if err := writeSchemas(filepath.Join(dir, "schemas")); err != nil {
		return err
	}
	w := writer{dir: filepath.Join(dir, "policies")}
	var entry, settings strings.Builder
	entry.WriteString("package main\n")
	settings.WriteString("lint:\n  severity:\n    \"*\": \"off\"\n    schema/*: error\n")
	for _, policy := range judging {
		category, name, _ := strings.Cut(policy, "/")
		fmt.Fprintf(&entry, `
deny contains sprintf("%%s [%[1]s/%[2]s]", [finding.msg]) if {
	some finding in data.policies.%[1]s.%[2]s.deny with input as {"object": input}
}
`, category, name)
		fmt.Fprintf(&settings, "    %s: error\n", strings.ReplaceAll(policy, "_", "-"))
		w.copy(policies.FS, policy+"/"+name+".rego")
	}
	w.write("main.rego", "%s", entry.String())
	libraries, err := fs.Glob(policies.FS, "lib/*/*.rego")
	if err != nil {
		return err
	}
	for _, library := range libraries {
		if !strings.HasSuffix(library, "_test.rego") {
			w.copy(policies.FS, library)
		}
	}
	w.dir = dir
	w.write("lint.yaml", "%s", settings.String())
	return w.err
}

// copy writes a file of another folder.
func (w *writer) copy(from fs.FS, name string) {
	text, err := fs.ReadFile(from, name)
	if w.err == nil {
		w.err = err
	}
	w.write(name, "%s", text)
}

// writeSchemas writes the schema of each kind to {{.Group}}_{{.ResourceKind}}_{{.ResourceAPIVersion}}.json, as kubeconform has it: the
// group of what has none is its version.
func writeSchemas(dir string) error {
	served, err := schemas.Embedded().Served(kubernetes)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for apiVersion, kind := range served {
		text, _, err := schemas.Embedded().Schema(apiVersion, kind, kubernetes)
		if err != nil {
			return err
		}
		group, _, _ := strings.Cut(apiVersion, "/")
		version := apiVersion[strings.LastIndexByte(apiVersion, '/')+1:]
		name := fmt.Sprintf("%s_%s_%s.json", group, strings.ToLower(kind), version)
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
