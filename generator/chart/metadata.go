package chart

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Metadata is what a chart says of itself and of the charts that it needs.
type Metadata struct {
	APIVersion          string `json:"apiVersion"`
	Name, Version, Type string
	Dependencies        []Dependency
}

// Dependency is a chart that another one needs. Its fields stand as Helm writes them where it works out the digest of a lock.
type Dependency struct {
	Name         string   `json:"name"`
	Version      string   `json:"version,omitempty"`
	Repository   string   `json:"repository"`
	Condition    string   `json:"condition,omitempty"`
	Tags         []string `json:"tags,omitempty"`
	Enabled      bool     `json:"enabled,omitempty"`
	ImportValues []any    `json:"import-values,omitempty"`
	Alias        string   `json:"alias,omitempty"`
}

// MetadataIn reads the metadata of a chart. What cannot be read Helm tells of when it renders the chart.
func MetadataIn(files []tree.File) Metadata {
	var m, more Metadata
	for _, f := range files {
		switch f.Path {
		case File:
			_ = sigs.Unmarshal(f.Data, &m)
		case "requirements.yaml":
			_ = sigs.Unmarshal(f.Data, &more)
		}
	}
	m.Dependencies = append(m.Dependencies, more.Dependencies...)
	return m
}

// locked are the versions of a chart's dependencies that `helm dependency update` wrote down.
type locked struct {
	// file is the lock in the chart's folder; empty where there is none.
	file         string
	Dependencies []Dependency
	Digest       string
}

// lockedIn reads the lock in a chart. One that cannot be read is in sync with nothing.
func lockedIn(files []tree.File) (l locked) {
	for _, f := range files {
		if f.Path == "Chart.lock" || f.Path == "requirements.lock" {
			_ = sigs.Unmarshal(f.Data, &l)
			l.file = f.Path
		}
	}
	return l
}

// inSync reports whether the lock was written for the dependencies that a chart has: else `helm dependency build` refuses it.
func (l locked) inSync(m Metadata) bool {
	if l.Digest == jsonDigest([2][]Dependency{m.Dependencies, l.Dependencies}) {
		return true
	}
	return m.APIVersion == "v1" && l.Digest == jsonDigest(map[string][]Dependency{"dependencies": m.Dependencies}) // as Helm 2 has it
}

func jsonDigest(of any) string {
	data, err := json.Marshal(of)
	if err != nil {
		return ""
	}
	return Digest(data)
}

// Needs are the dependencies of a chart that do not stand in its folder charts, as `helm dependency build` would bring them: in
// the versions of its lock, if it has one. Files are those that Whole gives. The error is an *OutOfSync.
func Needs(files []tree.File) ([]Dependency, error) {
	have := map[string]bool{"": true}
	for _, f := range files {
		if parts := strings.Split(f.Path, "/"); len(parts) == 3 && parts[0] == "charts" && parts[2] == File {
			have[MetadataIn([]tree.File{{Path: File, Data: f.Data}}).Name] = true
		}
	}
	lacking := func(all []Dependency) []Dependency {
		return slices.DeleteFunc(slices.Clone(all), func(d Dependency) bool { return have[d.Name] })
	}
	m, l := MetadataIn(files), lockedIn(files)
	needs := lacking(m.Dependencies)
	switch {
	case len(needs) == 0 || l.file == "":
		return needs, nil
	case !l.inSync(m):
		return nil, &OutOfSync{l.file}
	}
	return lacking(l.Dependencies), nil
}

// OutOfSync says that the lock of a chart was written for other dependencies than it has.
type OutOfSync struct {
	// File is the lock in the chart's folder.
	File string
}

func (e *OutOfSync) Error() string {
	of := File
	if e.File != "Chart.lock" {
		of = "requirements.yaml"
	}
	return fmt.Sprintf("%s is out of sync with the dependencies in %s: helm dependency update writes it anew", e.File, of)
}
