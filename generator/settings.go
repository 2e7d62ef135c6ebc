package generator

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/appset"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/wording"
	"github.com/gitopsgen/gitopsgen/linter"
)

// The files and folders that say how a repository is judged, besides its spec and its lock. The first waivers are the
// blueprints' own.
const (
	policyDir    = "policies"
	ownWaivers   = ".gitopsgen/waivers.yaml"
	usersWaivers = policyDir + "/waivers.yaml"
)

// Settings are what a repository says about how it is judged.
type Settings struct {
	// revision is the one that they are of, as it was asked for, and from is the same with its commit; both are empty where
	// they are those of the tree that is judged.
	revision, from string
	// Repository holds the spec, the lock, the policies and the waivers. Where the settings are of another revision it has
	// no other files.
	Repository
}

// ReadSettings reads the settings that the revision of a directory has; tier is that of a spec which names none.
func (g Generator) ReadSettings(ctx context.Context, dir, revision string, tier blueprint.Tier) (*Settings, error) {
	t, commit, err := snapshot.ReadRevision(ctx, dir, revision, blueprint.SpecFile, path.Dir(lock.Path), policyDir)
	if err != nil {
		return nil, unread(fmt.Errorf("--settings-from: %w", err))
	}
	r, err := readSpec(t, revision+":"+blueprint.SpecFile, tier)
	if err != nil {
		return nil, err
	}
	if r.Lock, err = g.readLock(t); err != nil {
		return nil, fmt.Errorf("revision %q: %w", revision, err)
	}
	return &Settings{revision, fmt.Sprintf("%s (%.7s)", revision, commit), r}, nil
}

// overlooked tells of policies and waivers in the focus, which are none of the repository's.
func (r Repository) overlooked() []string {
	dir := path.Join(string(r.Focus), policyDir)
	isOne := func(f tree.File) bool {
		return path.Ext(f.Path) == ".rego" || f.Path == path.Join(string(r.Focus), usersWaivers)
	}
	if r.Focus == "" || !slices.ContainsFunc(r.Tree.Under(dir), isOne) {
		return nil
	}
	return []string{fmt.Sprintf("nothing is judged by what stands in %s: the repository's policies and waivers are those in %s of its root", dir, policyDir)}
}

// place is where the spec has a field, in a file of the repository.
func (s *Settings) place(path ...any) manifest.Place {
	if s.Document == nil {
		return manifest.Place{File: blueprint.SpecFile}
	}
	at := s.Document.Place(path...)
	at.File = blueprint.SpecFile
	return at
}

// options are the severities, and both files of waivers.
func (s *Settings) options(rules []linter.Rule) (linter.Options, error) {
	o := linter.Options{Severity: map[string]linter.Severity{}}
	var ids []string
	for _, rule := range rules {
		ids = append(ids, rule.ID)
	}
	if err := s.severities(&o, ids); err != nil {
		return o, err
	}
	for _, id := range slices.Sorted(maps.Keys(s.Spec.Lint.Params)) {
		if err := s.known(id, "params", ids); err != nil {
			return o, err
		}
		rule := rules[slices.Index(ids, id)]
		for _, name := range slices.Sorted(maps.Keys(s.Spec.Lint.Params[id])) {
			at := s.place("lint", "params", id, name)
			if err := rule.CheckParam(name, s.Spec.Lint.Params[id][name]); err != nil {
				return o, fmt.Errorf("%s: lint.params.%s: %w", at, id, err)
			}
			o.Set = append(o.Set, linter.Set{Rule: id, Param: name, Place: at})
		}
	}
	if list, at := s.trusted(); len(list) > 0 && s.Spec.Lint.Params[trustedRule] == nil {
		o.Set = append(o.Set, linter.Set{Rule: trustedRule, Param: "trusted", Place: at})
	}
	s.waivers(&o, ids)
	return o, nil
}

// severities are those that the spec sets: of a rule, of category/* or of * for all; what says more goes over what says less.
func (s *Settings) severities(o *linter.Options, ids []string) error {
	given := s.Spec.Lint.Severity
	for _, key := range slices.SortedFunc(maps.Keys(given), func(a, b string) int { return cmp.Or(cmp.Compare(reach(a), reach(b)), strings.Compare(a, b)) }) {
		severity, err := linter.ParseSeverity(given[key])
		if err != nil {
			return err
		}
		set := linter.Set{Rule: key, To: severity, Place: s.place("lint", "severity", key)}
		if reach(key) == 0 {
			if err := s.known(key, "severity", ids); err != nil {
				return err
			}
			o.Severity[key], o.Set = severity, append(o.Set, set)
			continue
		}
		set.Pattern = key
		matched := false
		for _, id := range ids {
			if !strings.HasPrefix(id, strings.TrimSuffix(key, "*")) {
				continue
			}
			matched = true
			if _, isSet := o.Severity[id]; !isSet {
				set.Rule, o.Severity[id] = id, severity
				o.Set = append(o.Set, set)
			}
		}
		if !matched {
			return fmt.Errorf("%s: lint.severity: %q: no rule is called so", set.Place, key)
		}
	}
	return nil
}

// reach says how many rules a key of severities may name: one, those of a category, all.
func reach(key string) int {
	switch {
	case key == "*":
		return 2
	case strings.HasSuffix(key, "/*"):
		return 1
	default:
		return 0
	}
}

// waivers reads both files of waivers.
func (s *Settings) waivers(o *linter.Options, ids []string) {
	for _, file := range []string{ownWaivers, usersWaivers} {
		if f, ok := s.Tree.File(file); ok {
			waivers, findings := linter.ReadWaivers(file, f.Data, ids)
			o.Waivers = append(o.Waivers, waivers...)
			o.WaiverFindings = append(o.WaiverFindings, findings...)
		}
	}
}

// known gives an error if a setting is of no rule that there is.
func (s *Settings) known(id, key string, ids []string) error {
	if slices.Contains(ids, id) {
		return nil
	}
	at := s.Document.Place("lint", key, id)
	return fmt.Errorf("%s: lint.%s: unknown rule %q%s", at, key, id, wording.DidYouMean(id, ids))
}

// trusted are the registries that images may come from, and where that is said: what the components need, unless the spec
// has a list.
func (s *Settings) trusted() ([]string, manifest.Place) {
	if list := s.Spec.Registries.Trusted; len(list) > 0 {
		return list, s.place("registries", "trusted")
	}
	return s.Lock.Registries, manifest.Place{File: lock.Path}
}

// params are the parameters by rule and name.
func (s *Settings) params() map[string]map[string]any {
	params := map[string]map[string]any{}
	if trusted, _ := s.trusted(); len(trusted) > 0 {
		list := make([]any, len(trusted))
		for i, prefix := range trusted {
			list[i] = prefix
		}
		params[trustedRule] = map[string]any{"trusted": list}
	}
	maps.Copy(params, s.Spec.Lint.Params)
	return params
}

// external are the objects that come from elsewhere, the Secrets among them that the components need.
func (s *Settings) external() (all []linter.External) {
	for i, one := range s.Spec.Lint.External {
		all = append(all, linter.External{ExternalObject: one, Place: s.place("lint", "external", i)})
	}
	for _, one := range s.Lock.Secrets {
		all = append(all, linter.External{ExternalObject: blueprint.ExternalObject{Kind: "Secret", Namespace: one.Namespace, Name: one.Name, Cluster: one.Cluster}})
	}
	return all
}

// declared are the clusters that the spec names, with where each is named.
func (s *Settings) declared() []appset.Cluster {
	if s.Document == nil {
		return nil
	}
	var all []appset.Cluster
	for i, c := range s.Document.Spec.Clusters {
		if c.Server != "" {
			all = append(all, appset.Cluster{Name: c.Name, Server: c.Server, Labels: c.Labels, Annotations: c.Annotations, Place: s.place("clusters", i)})
		}
	}
	return all
}

// fixtures are what generators of ApplicationSets are taken to find.
func (s *Settings) fixtures() (all []appset.Fixture) {
	for _, set := range slices.Sorted(maps.Keys(s.Spec.Lint.Fixtures)) {
		for _, generator := range appset.Live() {
			found, ok := s.Spec.Lint.Fixtures[set].Of(generator)
			if !ok {
				continue
			}
			at := []any{"lint", "fixtures", set, generator}
			f := appset.Fixture{Set: set, Generator: generator, Place: s.place(at...)}
			for i, fields := range found {
				f.Elements = append(f.Elements, appset.FixtureElement{Fields: fields, Place: s.place(append(at, i)...)})
			}
			all = append(all, f)
		}
	}
	return all
}

// url is where the repository is served; empty is not told. What is generated has the default where nothing is.
func (s *Settings) url() string {
	if s.Document != nil && s.Document.Spec.Repository.URL != "" || s.Lock.Blueprint != "" {
		return s.Spec.Repository.URL
	}
	return ""
}

// clusters are the names of clusters by the server or name in a destination.
func (s *Settings) clusters() map[string]string {
	names := map[string]string{}
	if s.Lock.Blueprint == "" && (s.Document == nil || len(s.Document.Spec.Clusters) == 0) {
		return names // what is generated has a cluster where nothing is told
	}
	for _, c := range s.Spec.Clusters {
		names[c.Server], names[c.Name] = c.Name, c.Name
	}
	return names
}
