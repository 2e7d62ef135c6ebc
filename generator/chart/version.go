package chart

import "github.com/Masterminds/semver/v3"

// Satisfies reports whether a version is one of a range, as Helm and Argo CD take ranges.
func Satisfies(wanted, version string) bool {
	c, err := semver.NewConstraint(wanted)
	v, wrong := semver.NewVersion(version)
	return err == nil && wrong == nil && c.Check(v)
}
