package listing

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/status"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Status are the formats of how a repository stands.
var Status = map[string]func(io.Writer, generator.Standing) error{
	"json": statusJSON,
	"text": statusText,
}

// standing is a status in JSON; its form is versioned by the field schema.
type standing struct {
	Schema     int                `json:"schema"`
	Name       string             `json:"name"`
	Version    string             `json:"version"`
	Written    string             `json:"written"`
	Current    bool               `json:"current"`
	Unfinished bool               `json:"unfinished"`
	Upgrade    pending            `json:"upgrade"`
	Spec       pending            `json:"spec"`
	Versions   []standingVersion  `json:"versions"`
	Conflicts  []standingConflict `json:"conflicts"`
	Edited     []string           `json:"edited"`
	Deleted    []string           `json:"deleted"`
	Moved      []status.Moved     `json:"moved"`
	Missing    []string           `json:"missing"`
	Defaults   []status.Default   `json:"defaults"`
}

// pending is what would be written.
type pending struct {
	Pending bool `json:"pending"`
	Files   int  `json:"files"`
}

// standingVersion is one that an upgrade takes over into the spec, at its place there.
type standingVersion struct {
	Component string `json:"component"`
	From      string `json:"from"`
	To        string `json:"to"`
	At        string `json:"at"`
	// File is the kustomization that has it already.
	File string `json:"file,omitempty"`
}

type standingConflict struct {
	File     string `json:"file"`
	Document string `json:"document,omitempty"`
	At       string `json:"at,omitempty"`
	Reason   string `json:"reason"`
	// Take is empty where nobody decided.
	Take   string `json:"take,omitempty"`
	Record string `json:"record"`
	Line   int    `json:"line"`
}

func statusJSON(w io.Writer, s generator.Standing) error {
	out := standing{
		Schema: 1, Name: s.Platform.Spec.Name, Version: s.Version, Written: s.Written, Current: s.Current(), Unfinished: s.Unfinished,
		Upgrade: pending{s.Outdated, s.Upgrade}, Spec: pending{s.Unapplied > 0, s.Unapplied},
		Versions: []standingVersion{}, Conflicts: []standingConflict{}, Edited: listOf(s.Edited), Deleted: listOf(s.Deleted), Moved: listOf(s.Moved), Missing: listOf(s.Missing), Defaults: listOf(s.Defaults),
	}
	for _, v := range s.Versions {
		out.Versions = append(out.Versions, standingVersion{v.Component, v.From, v.To, v.Path, v.File})
	}
	for _, r := range s.Conflicts {
		for _, d := range r.Decisions {
			out.Conflicts = append(out.Conflicts, standingConflict{r.File, d.Document, d.At, d.Reason, string(d.Take), d.Place.File, d.Place.Line})
		}
	}
	return escape.JSON(w, out)
}

// listOf is a list that is not null in JSON.
func listOf[T any](list []T) []T { return append([]T{}, list...) }

func statusText(w io.Writer, s generator.Standing) error {
	var b strings.Builder
	line := func(key, format string, args ...any) {
		escape.Fprintf(&b, "  %-10s %s\n", key, fmt.Sprintf(format, args...))
	}
	if s.Unfinished {
		b.WriteString("an earlier run was stopped while it wrote\n")
		line("unfinished", "gitopsgen upgrade finishes that first; how all else stands shows then")
	} else {
		escape.Fprintf(&b, "%s: %s, written by gitopsgen %s\n", s.Platform.Spec.Name, s.Platform.Spec.Tier, s.Written)
		writePending(s.Status, line)
		for _, v := range s.Versions {
			line("version", "%s %s, which %s has, goes into %s by an upgrade", v.Component, v.To, cmp.Or(v.File, "the blueprint"), blueprint.SpecFile)
		}
		writeDrift(s.Status, line)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writePending tells what makes a repository other than current, and what to do about it.
func writePending(s status.Status, line func(key, format string, args ...any)) {
	if s.Current() {
		line("current", "%s is applied, and gitopsgen %s has nothing else to write", blueprint.SpecFile, s.Version)
	}
	if s.Outdated {
		news := ""
		if s.Written != s.Version {
			news = "; gitopsgen upgrade --notes says what is new"
		}
		line("upgrade", "gitopsgen %s would change %s: gitopsgen upgrade --dry-run shows what%s", s.Version, wording.Count(s.Upgrade, "file"), news)
	}
	if s.Unapplied > 0 {
		line("spec", "%s was changed, and %s would by that: gitopsgen upgrade applies it", blueprint.SpecFile, wording.Count(s.Unapplied, "file"))
	}
	for _, r := range s.Conflicts {
		if n := len(r.Open()); n > 0 {
			line("conflict", "%s to be decided: gitopsgen resolve --take=ours|theirs %s", wording.Count(n, "value"), escape.Shell(r.File))
		} else {
			line("conflict", "%s is decided: gitopsgen upgrade writes it", r.File)
		}
	}
}

// writeDrift tells what is not counted.
func writeDrift(s status.Status, line func(key, format string, args ...any)) {
	if len(s.Edited) > 0 {
		line("edited", "%s; an upgrade keeps that", wording.Some(s.Edited))
	}
	if len(s.Deleted) > 0 {
		line("deleted", "%s; gitopsgen upgrade --restore FILE brings one back", wording.Some(s.Deleted))
	}
	for _, m := range s.Moved {
		line("moved", "%s, from %s; an upgrade follows", m.Path, m.From)
	}
	if len(s.Missing) > 0 {
		line("missing", "%s: no option in the catalogue yet", strings.Join(s.Missing, ", "))
	}
	for _, d := range s.Defaults {
		line("default", "a new platform would have %s for %s, this one has %s: set capabilities.%s to change that", d.Default, d.Capability, d.Option, d.Capability)
	}
}
