// Package status says how a generated repository stands: to its gitopsgen.yaml, to the version that reads it, and to its users' edits.
//
// It reads nothing and writes nothing: what stands there, and what would be written, is handed to it.
package status

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// Status is how a repository stands.
type Status struct {
	// Version is that which reads the repository, Written that which wrote it.
	Version, Written string
	// Unfinished says that an earlier run was stopped while it wrote. Then nothing else is known.
	Unfinished bool
	// Outdated says that this version has something to write, whatever was changed in the spec; Upgrade counts the files, besides
	// gitopsgen's own.
	Outdated bool
	Upgrade  int
	// Unapplied counts the files that would change by what was changed in the spec.
	Unapplied int
	// Conflicts are on record, decided or not.
	Conflicts []upgrade.Record
	// Edited, Deleted and Moved are generated files that users changed, sorted by path.
	Edited, Deleted []string
	Moved           []Moved
	// Missing are the capabilities that the tier asks for and nothing in the catalogue serves, Defaults those that are served by
	// another option than a new platform would have; both are sorted by name.
	Missing  []string
	Defaults []Default
}

// Moved is a generated file that a user put elsewhere.
type Moved struct {
	Path string `json:"file"`
	// From is where gitopsgen would have it.
	From string `json:"from"`
}

// Default is a capability with the option that serves it, and the one that a new platform would have.
type Default struct {
	Capability string `json:"capability"`
	Option     string `json:"option"`
	Default    string `json:"default"`
}

// Current reports whether nothing is to be done.
func (s Status) Current() bool {
	return !s.Unfinished && !s.Outdated && s.Unapplied == 0 && len(s.Conflicts) == 0
}

// Input is what is compared.
type Input struct {
	// Version is that which reads the repository.
	Version string
	Have    upgrade.Existing
	// Applied is what would be written from the spec that was applied last, Want from the one that stands there.
	Applied, Want upgrade.State
	// Choices are what serves each capability, Can is what could.
	Choices map[string]blueprint.Choice
	Can     map[string]blueprint.CapabilityDescription
	// Merge says how an upgrade would merge.
	Merge upgrade.MergeOptions
}

// Of says how a repository stands that nobody is writing.
func Of(in Input) (Status, error) {
	s := Status{Version: in.Version, Written: in.Have.Lock.Gitopsgen, Unapplied: differing(in.Applied.Lock, in.Want.Lock)}
	var err error
	if s.Conflicts, err = upgrade.ReadRecords(in.Have.Tree); err != nil {
		return s, err
	}
	plan, err := upgrade.Merge(in.Have, in.Applied, in.Merge)
	if err != nil {
		return s, err
	}
	for _, c := range plan.Changes {
		if !upgrade.Own(c.File.Path) && c.File.Path != blueprint.SpecFile { // which stands there as the user wants it
			s.Upgrade++
		}
	}
	s.Outdated = s.Upgrade > 0 || s.Written != s.Version
	s.drift(in, plan)
	for _, name := range slices.Sorted(maps.Keys(in.Choices)) {
		choice, standard := in.Choices[name], in.Can[name].Default
		if choice.Missing && choice.Level == "mandatory" {
			s.Missing = append(s.Missing, name)
		}
		if _, available := in.Can[name].Options[standard]; available && choice.Option != "" && choice.Option != standard {
			s.Defaults = append(s.Defaults, Default{name, choice.Option, standard})
		}
	}
	return s, nil
}

// differing counts the files that are not the same in two locks.
func differing(one, other lock.Lock) int {
	files := map[string][]byte{}
	for _, f := range one.Files {
		files[f.Path] = f.Data
	}
	n := 0
	for _, f := range other.Files {
		if data, ok := files[f.Path]; !ok || !bytes.Equal(data, f.Data) {
			n++
		}
		delete(files, f.Path)
	}
	return n + len(files)
}

// drift notes what users did to generated files.
func (s *Status) drift(in Input, plan upgrade.Plan) {
	moved := map[string]bool{}
	for _, o := range plan.Outcomes {
		if o.Kind == upgrade.Moved {
			moved[o.From] = true
			s.Moved = append(s.Moved, Moved{o.Path, o.From})
		}
	}
	for _, f := range in.Have.Lock.Files {
		now, here := in.Have.Tree.File(f.Path)
		switch {
		case moved[f.Path]:
			continue
		case !here:
			s.Deleted = append(s.Deleted, f.Path)
			continue
		case !bytes.Equal(now.Data, f.Data):
			s.Edited = append(s.Edited, f.Path)
		}
		if from := in.Have.Lock.MovedFrom(f.ID); from != "" {
			s.Moved = append(s.Moved, Moved{f.Path, from})
		}
	}
	for _, f := range in.Applied.Lock.Files {
		if slices.Contains(in.Have.Lock.Deleted, f.ID) {
			s.Deleted = append(s.Deleted, f.Path)
		}
	}
	slices.Sort(s.Deleted)
	slices.SortFunc(s.Moved, func(a, b Moved) int { return strings.Compare(a.Path, b.Path) })
}
