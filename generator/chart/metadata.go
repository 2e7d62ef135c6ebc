package chart

import (
	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Metadata is what a chart says of itself and of the charts that it needs.
type Metadata struct {
	Name, Version, Type string
	Dependencies        []Dependency
}

// Dependency is a chart that another one needs.
type Dependency struct {
	Name, Version, Repository string
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

// Locked are the versions that `helm dependency update` wrote down, by the charts' names.
func Locked(files []tree.File) map[string]string {
	versions := map[string]string{}
	for _, f := range files {
		if f.Path == "Chart.lock" || f.Path == "requirements.lock" {
			var lock Metadata
			_ = sigs.Unmarshal(f.Data, &lock)
			for _, d := range lock.Dependencies {
				versions[d.Name] = d.Version
			}
		}
	}
	return versions
}
