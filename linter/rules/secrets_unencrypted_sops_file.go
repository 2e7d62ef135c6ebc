package rules

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
)

var secretsUnencryptedSopsFile = linter.Rule{
	ID:          "secrets/unencrypted-sops-file",
	Title:       "A file that is for sops holds values in clear",
	Description: "Encrypt it with sops --encrypt --in-place, and change the secret: whoever has the repository has read it.",
	Rationale:   "What was once in Git in clear is known to everybody who ever cloned it.",
	Severity:    always,
	Check:       checkUnencryptedSopsFile,
}

// sopsConfig says which files sops makes, and how.
const sopsConfig = ".sops.yaml"

func checkUnencryptedSopsFile(v *linter.View) linter.Judgement {
	var out linter.Judgement
	folders := map[string]sopsFolder{}
	for _, f := range v.Tree.Files() {
		if path.Base(f.Path) == sopsConfig {
			s, known := readFolder(f)
			if folders[path.Dir(f.Path)] = s; !known {
				out.NotJudged = append(out.NotJudged, linter.NotJudged{Reason: fmt.Sprintf("%s has more than %d rules, or one of more than %d bytes", f.Path, mostRules, longestPath)})
			}
		}
	}
	for _, f := range v.Tree.Files() {
		at, key := folders[nearest(folders, path.Dir(f.Path))].clear(f)
		if at.File != "" && v.Tree.WhyUnread(f.Path) == "" {
			out.Findings = append(out.Findings, linter.Finding{Place: at, Message: fmt.Sprintf("the value of %q is not encrypted", key)})
		}
	}
	return out
}

// nearest is the folder, or the next one above it, that says how sops makes files.
func nearest(folders map[string]sopsFolder, dir string) string {
	for {
		if _, ok := folders[dir]; ok || dir == "." {
			return dir
		}
		dir = path.Dir(dir)
	}
}

// clear gives the first value of a file for sops that stands there in clear, and its key; no place is none.
func (s sopsFolder) clear(f tree.File) (at manifest.Place, key string) {
	base := path.Base(f.Path)
	if base == sopsConfig {
		return at, ""
	}
	parts := strings.Split(base, ".")
	named := len(parts) > 2 && slices.Contains(parts[1:len(parts)-1], "sops")
	rule, ruled := s.rule(f.Path)
	if !named && !ruled {
		return at, ""
	}
	switch parts[len(parts)-1] {
	case "yaml", "yml", "json":
		return clearValue(f, rule, named)
	case "env", "ini":
		if named {
			return clearLine(f, rule.choice)
		}
	}
	return at, ""
}

// rule is the creation rule that names a file.
func (s sopsFolder) rule(file string) (rule creationRule, ok bool) {
	file = strings.TrimPrefix(file, s.from+"/")
	for _, r := range s.rules {
		if r.path.MatchString(file) {
			return r, true
		}
	}
	return rule, false
}

// clearValue looks into each document. What only a rule names is for sops where it is a Secret, or no object at all and the rule
// is for some files: many a rule names whole folders, or every file.
func clearValue(f tree.File, rule creationRule, named bool) (at manifest.Place, key string) {
	docs, problems := manifest.Documents(f.Path, f.Data)
	if len(problems) > 0 {
		return at, "" // another rule tells
	}
	for _, doc := range docs {
		by, meta := rule.choice, manifest.Field(doc, "sops")
		if meta != nil {
			c, ok := choiceOf(meta)
			if !ok {
				continue
			}
			by = c
		}
		kind := manifest.Field(doc, "kind")
		secret := kind != nil && kind.Value == "Secret"
		if !named && meta == nil && !secret && (kind != nil || rule.path.MatchString("lamp.yaml") || rule.path.MatchString("lights/lamp.yaml")) {
			continue
		}
		if secret && meta == nil && by == (choice{}) {
			doc = only(doc, "data", "stringData") // the rest of an object is no secret
		}
		if n, keys := by.clear(doc, nil); n != nil {
			return manifest.Place{File: f.Path, Line: n.Line, Column: n.Column}, strings.Join(keys, ".")
		}
	}
	return at, ""
}

// only gives a mapping with some of its keys.
func only(n *yaml.Node, keys ...string) *yaml.Node {
	out := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if slices.Contains(keys, n.Content[i].Value) {
			out.Content = append(out.Content, n.Content[i], n.Content[i+1])
		}
	}
	return out
}

// clearLine looks into the lines of a file of variables.
func clearLine(f tree.File, by choice) (at manifest.Place, key string) {
	n, section := 0, ""
	for line := range bytes.Lines(f.Data) {
		n++
		text := strings.TrimSpace(string(line))
		if strings.HasPrefix(text, "[") {
			section = text
		}
		key, value, ok := strings.Cut(text, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		ours := strings.HasPrefix(key, "sops_") || section == "[sops]" || strings.HasPrefix(text, "#") || strings.HasPrefix(text, ";")
		if ok && !ours && value != "" && !isEncrypted(value) && by.encrypts([]string{key}) {
			return manifest.Place{File: f.Path, Line: n, Column: 1}, key
		}
	}
	return at, ""
}
