package upgrade

import (
	"bytes"
	"path"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Bump is the version of a chart that somebody else changed in a generated kustomization, Renovate say.
type Bump struct {
	// File is the kustomization, and Dir its folder.
	File, Dir string
	Chart     string
	// From is what gitopsgen wrote, To what stands there.
	From, To string
}

// Higher reports whether a version is above another one; what is no version is not.
func Higher(version, than string) bool {
	a, errA := semver.NewVersion(version)
	b, errB := semver.NewVersion(than)
	return errA == nil && errB == nil && a.GreaterThan(b)
}

// Bumps finds the versions of charts that stand in a directory and are to stay there, where a generated tree has others: those that
// gitopsgen did not change, and of those that both sides changed the higher ones.
func Bumps(have Existing, want lock.Lock) []Bump {
	wanted := map[string][]byte{}
	for _, f := range want.Files {
		wanted[f.ID] = f.Data
	}
	var bumps []Bump
	for _, f := range have.Lock.Files {
		here, ok := have.Tree.File(f.Path)
		if !ok || !kustomization.IsFile(f.Path) || !edited(f, here) {
			continue
		}
		was, is, will := versions(f.Data), versions(here.Data), versions(wanted[f.ID])
		for chart, version := range is {
			if was[chart] == "" || will[chart] == "" || version == was[chart] || version == will[chart] {
				continue
			}
			if was[chart] == will[chart] || Higher(version, will[chart]) {
				bumps = append(bumps, Bump{File: f.Path, Dir: path.Dir(f.Path), Chart: chart, From: was[chart], To: version})
			}
		}
	}
	return bumps
}

// versions are those of the charts of a kustomization, by name; what stands there twice, or is none, is left out.
func versions(text []byte) map[string]string {
	const file = "kustomization.yaml"
	all := map[string]string{}
	if !bytes.Contains(text, []byte("helmCharts")) {
		return all
	}
	t, err := tree.New(tree.File{Path: file, Data: text})
	if err != nil {
		return all
	}
	k, _ := kustomization.Read(t, ".")
	count := map[string]int{}
	for _, c := range k.Charts() {
		if count[c.Name]++; c.Version != "" && !strings.ContainsAny(c.Version, "\r\n") {
			all[c.Name] = c.Version
		}
	}
	for chart, n := range count {
		if n > 1 {
			delete(all, chart)
		}
	}
	return all
}
