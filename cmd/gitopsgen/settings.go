package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/layout"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/linter"
)

// The files and folders that say how a repository is judged, besides its spec and its lock. The first waivers are the
// blueprints' own.
const (
	policyDir    = "policies"
	ownWaivers   = ".gitopsgen/waivers.yaml"
	usersWaivers = policyDir + "/waivers.yaml"
)

// settings are what a repository says about how it is judged.
type settings struct {
	// from is the revision that they are of; empty is the tree that is judged.
	from string
	// tree holds the policies and the waivers.
	tree tree.Tree
	// document is nil where there is no spec.
	document *blueprint.Document
	spec     blueprint.Spec
	lock     layout.Lock
}

// own are the settings that a tree itself holds.
func (r rendered) own() *settings {
	return &settings{tree: r.tree, document: r.document, spec: r.spec, lock: r.lock}
}

// readSettings reads the settings that the revision of a directory has; tier is used where they name none.
func readSettings(dir, revision string, tier blueprint.Tier) (*settings, error) {
	t, commit, err := gitrepo.ReadRevision(dir, revision, blueprint.SpecFile, layout.LockFile, ownWaivers, policyDir)
	switch {
	case errors.Is(err, gitrepo.ErrNoRevision):
		return nil, usageError{hintError{fmt.Errorf("--settings-from: %w", err), "a clone that is not whole may lack it: git fetch --depth=1 origin BRANCH:refs/remotes/origin/BRANCH brings origin/BRANCH"}}
	case err != nil:
		return nil, fmt.Errorf("--settings-from: %w", err)
	}
	s, err := settingsIn(t, revision+":"+blueprint.SpecFile, tier)
	if err != nil {
		return nil, err
	}
	if s.lock, _, err = layout.ReadLock(t); err != nil {
		return nil, fmt.Errorf("revision %q: %w", revision, err)
	}
	s.from = fmt.Sprintf("%s (%.7s)", revision, commit)
	return s, nil
}

// settingsIn reads the settings that stand in a tree, without its lock; file is what its spec is called in errors.
func settingsIn(t tree.Tree, file string, tier blueprint.Tier) (*settings, error) {
	s := &settings{tree: t}
	if f, ok := t.File(blueprint.SpecFile); ok {
		doc, err := blueprint.Read(file, f.Data)
		if err != nil {
			return nil, err
		}
		s.document, s.spec = doc, doc.Spec
	}
	s.spec.Tier = cmp.Or(s.spec.Tier, tier)
	return s, nil
}

// place is where the spec has a field, in a file of the repository.
func (s *settings) place(path ...any) manifest.Place {
	at := s.document.Place(path...)
	at.File = blueprint.SpecFile
	return at
}

// options are the severities, and both files of waivers.
func (s *settings) options(rules []linter.Rule) (linter.Options, error) {
	o := linter.Options{Severity: map[string]linter.Severity{}}
	var ids []string
	for _, rule := range rules {
		ids = append(ids, rule.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(s.spec.Lint.Severity)) {
		severity, err := linter.ParseSeverity(s.spec.Lint.Severity[id])
		if err != nil {
			return o, err
		}
		if err := s.known(id, "severity", ids); err != nil {
			return o, err
		}
		o.Severity[id] = severity
		o.Set = append(o.Set, linter.Set{Rule: id, To: severity, Place: s.place("lint", "severity", id)})
	}
	for _, id := range slices.Sorted(maps.Keys(s.spec.Lint.Params)) {
		if err := s.known(id, "params", ids); err != nil {
			return o, err
		}
		for _, name := range slices.Sorted(maps.Keys(s.spec.Lint.Params[id])) {
			o.Set = append(o.Set, linter.Set{Rule: id, Param: name, Place: s.place("lint", "params", id, name)})
		}
	}
	if list, at := s.trusted(); len(list) > 0 && s.spec.Lint.Params[trustedRule] == nil {
		o.Set = append(o.Set, linter.Set{Rule: trustedRule, Param: "trusted", Place: at})
	}
	s.waivers(&o, ids)
	return o, nil
}

// waivers reads both files of waivers.
func (s *settings) waivers(o *linter.Options, ids []string) {
	for _, file := range []string{ownWaivers, usersWaivers} {
		if f, ok := s.tree.File(file); ok {
			waivers, findings := linter.ReadWaivers(file, f.Data, ids)
			o.Waivers = append(o.Waivers, waivers...)
			o.WaiverFindings = append(o.WaiverFindings, findings...)
		}
	}
}

// known gives an error if a setting is of no rule that there is.
func (s *settings) known(id, key string, ids []string) error {
	if slices.Contains(ids, id) {
		return nil
	}
	at := s.document.Place("lint", key, id)
	return fmt.Errorf("%s: lint.%s: unknown rule %q%s", at, key, id, blueprint.DidYouMean(id, ids))
}

// trusted are the registries that images may come from, and where that is said: what the components need, unless the spec
// has a list.
func (s *settings) trusted() ([]string, manifest.Place) {
	if list := s.spec.Registries.Trusted; len(list) > 0 {
		return list, s.place("registries", "trusted")
	}
	return s.lock.Registries, manifest.Place{File: layout.LockFile}
}

// params are the parameters by rule and name.
func (s *settings) params() map[string]map[string]any {
	params := map[string]map[string]any{}
	if trusted, _ := s.trusted(); len(trusted) > 0 {
		list := make([]any, len(trusted))
		for i, prefix := range trusted {
			list[i] = prefix
		}
		params[trustedRule] = map[string]any{"trusted": list}
	}
	maps.Copy(params, s.spec.Lint.Params)
	return params
}
