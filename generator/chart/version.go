package chart

import (
	"strings"

	"github.com/Masterminds/semver/v3"
)

// IsRange reports whether the chart is named by a range of versions, as Argo CD and Helm take it. Registries are asked for 1.2 as
// it stands, and repositories for the newest 1.2.x.
func (r Ref) IsRange() bool {
	if _, err := semver.NewConstraint(r.Version); err != nil {
		return false
	}
	if strings.HasPrefix(r.Repo, "oci://") {
		_, err := semver.NewVersion(r.Version)
		return err != nil
	}
	_, err := semver.StrictNewVersion(strings.TrimPrefix(r.Version, "v"))
	return err != nil
}

// Satisfies reports whether a version is one of a range.
func Satisfies(wanted, version string) bool { return Newest(wanted, []string{version}) != "" }

// Newest gives the newest of some versions that is one of a range; empty where none is.
func Newest(wanted string, versions []string) (newest string) {
	c, err := semver.NewConstraint(wanted)
	if err != nil {
		return ""
	}
	var best *semver.Version
	for _, text := range versions {
		if v, err := semver.NewVersion(text); err == nil && c.Check(v) && (best == nil || v.GreaterThan(best)) {
			newest, best = text, v
		}
	}
	return newest
}
