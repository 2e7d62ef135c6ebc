package rules

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// choice is which values of a file sops encrypts: by the first of these that is set.
type choice struct {
	encryptedRegex, unencryptedRegex   *regexp.Regexp
	encryptedSuffix, unencryptedSuffix string
}

// choiceOf reads what the metadata of a file says, or a rule by which files are made. ok is false for what is not understood.
func choiceOf(n *yaml.Node) (c choice, ok bool) {
	said := func(key string) string {
		if v := manifest.Field(n, key); v != nil {
			return v.Value
		}
		return ""
	}
	for key, into := range map[string]**regexp.Regexp{"encrypted_regex": &c.encryptedRegex, "unencrypted_regex": &c.unencryptedRegex} {
		if text := said(key); text != "" {
			re, err := regexp.Compile(text)
			if err != nil {
				return c, false
			}
			*into = re
		}
	}
	c.encryptedSuffix, c.unencryptedSuffix = said("encrypted_suffix"), said("unencrypted_suffix")
	return c, said("encrypted_comment_regex")+said("unencrypted_comment_regex") == ""
}

// encrypts reports whether sops encrypts the value below some keys.
func (c choice) encrypts(keys []string) bool {
	has := func(is func(string) bool) bool { return slices.ContainsFunc(keys, is) }
	suffix := func(s string) func(string) bool { return func(key string) bool { return strings.HasSuffix(key, s) } }
	switch {
	case c.encryptedRegex != nil:
		return has(c.encryptedRegex.MatchString)
	case c.unencryptedRegex != nil:
		return !has(c.unencryptedRegex.MatchString)
	case c.encryptedSuffix != "":
		return has(suffix(c.encryptedSuffix))
	case c.unencryptedSuffix != "":
		return !has(suffix(c.unencryptedSuffix))
	}
	return !has(suffix("_unencrypted"))
}

// clear gives the first value that is to be encrypted and is not; nil where there is none.
func (c choice) clear(n *yaml.Node, keys []string) (value *yaml.Node, at []string) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			if len(keys) == 0 && key == "sops" {
				continue
			}
			if value, at = c.clear(n.Content[i+1], append(slices.Clip(keys), key)); value != nil {
				return value, at
			}
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			if value, at = c.clear(item, keys); value != nil {
				return value, at
			}
		}
	case yaml.ScalarNode:
		if n.Tag != "!!null" && n.Value != "" && !isEncrypted(n.Value) && c.encrypts(keys) {
			return n, keys
		}
	}
	return nil, nil
}

func isEncrypted(value string) bool { return strings.HasPrefix(strings.Trim(value, `"'`), "ENC[") }

// creationRule is one by which sops makes files.
type creationRule struct {
	path   *regexp.Regexp
	choice choice
}

// mostRules and longestPath bound what .sops.yaml says: each file is held against each rule.
const mostRules, longestPath = 100, 1 << 10

// sopsFolder is how sops makes files of a folder, and the folder that paths begin at.
type sopsFolder struct {
	rules []creationRule
	from  string
}

// readFolder reads the .sops.yaml of a folder. known is false where it says more than is read.
func readFolder(f tree.File) (s sopsFolder, known bool) {
	s.from = path.Dir(f.Path)
	docs, problems := manifest.Documents(f.Path, f.Data)
	if len(problems) > 0 || len(docs) == 0 {
		return s, true
	}
	list := manifest.Field(docs[0], "creation_rules")
	if list == nil || list.Kind != yaml.SequenceNode {
		return s, true
	}
	for _, n := range list.Content {
		pattern := manifest.Field(n, "path_regex")
		if pattern == nil {
			continue // it names no file
		}
		if len(s.rules) == mostRules || len(pattern.Value) > longestPath {
			return s, false
		}
		re, err := regexp.Compile(pattern.Value)
		c, ok := choiceOf(n)
		if err == nil && ok {
			s.rules = append(s.rules, creationRule{re, c})
		}
	}
	return s, true
}
