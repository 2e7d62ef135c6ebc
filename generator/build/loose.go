package build

import (
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// charts are the directories of a tree that hold a Helm chart.
type charts map[string]bool

func chartsIn(t tree.Tree) charts {
	all := charts{}
	for _, f := range t.Files() {
		if path.Base(f.Path) == chart.File {
			all[path.Dir(f.Path)] = true
		}
	}
	return all
}

// of gives the outermost chart that a file is part of; empty where it is part of none. Beside a chart anything may stand, but
// where charts are kept the whole folder is the chart's.
func (c charts) of(p string) (dir string) {
	if len(c) == 0 {
		return ""
	}
	for at := path.Dir(p); ; at = path.Dir(at) {
		if c[at] && (isChartFile(strings.TrimPrefix(p, at+"/")) || isKept(at)) {
			dir = at
		}
		if at == "." {
			return dir
		}
	}
}

// isChartFile reports whether a path in a folder that holds a chart is one that Helm knows.
func isChartFile(p string) bool {
	first, _, below := strings.Cut(p, "/")
	if below {
		return slices.Contains([]string{"templates", "charts", "crds"}, first)
	}
	return slices.Contains([]string{chart.File, "Chart.lock", "requirements.yaml", "requirements.lock"}, p) || strings.HasPrefix(p, "values")
}

// isKept reports whether a directory stands where Helm and kustomize keep charts.
func isKept(dir string) bool { return slices.Contains(strings.Split(path.Dir(dir), "/"), "charts") }

// LooseCharts are the directories of charts that are no part of another, and that no kustomization takes from where charts are
// kept. Libraries of templates render to nothing; what stands where kustomize keeps a version of a chart was taken once.
func (r *Repository) LooseCharts() (dirs, libraries, kept []string) {
	all := chartsIn(r.Tree)
	if len(all) == 0 {
		return nil, nil, nil
	}
	homes, taken := map[string]bool{}, map[string]bool{}
	units, wrong := Units(r.Tree)
	for _, u := range units {
		for _, dir := range []string{u.Dir, types.HelmDefaultHome} {
			taken[chart.Home{Dir: dir}.Folder(u.Chart)] = true
		}
	}
	for _, p := range wrong { // nobody can say which charts it takes
		homes[path.Join(path.Dir(p.Place.File), types.HelmDefaultHome)] = true
	}
	for _, f := range r.Tree.Files() {
		dir := path.Dir(f.Path)
		if path.Base(f.Path) != chart.File || all.of(f.Path) != dir || toolOf(f.Path) != "" || taken[dir] || below(homes, dir) {
			continue
		}
		switch m := chart.MetadataIn([]tree.File{{Path: chart.File, Data: f.Data}}); {
		case m.Type == "library":
			libraries = append(libraries, dir)
		case strings.HasSuffix(dir, path.Join("/"+m.Name+"-"+m.Version, m.Name)):
			kept = append(kept, dir)
		default:
			dirs = append(dirs, dir)
		}
	}
	return dirs, libraries, kept
}

// LooseChart is the unit of a chart in a directory that nothing names: what `helm template` makes of it by itself.
func LooseChart(dir string) Unit {
	return Unit{
		Kind: Helm, Dir: dir, Place: manifest.Place{File: path.Join(dir, chart.File), Line: 1, Column: 1},
		Release: helm.Release{Name: defaultRelease, Namespace: defaultNamespace, IncludeCRDs: true},
	}
}

// LooseJsonnet are the files that Argo CD would evaluate in a directory, outside of charts.
func (r *Repository) LooseJsonnet() []string {
	all := chartsIn(r.Tree)
	var paths []string
	for _, f := range r.Tree.Files() {
		if isJsonnet(f.Path) && all.of(f.Path) == "" && toolOf(f.Path) == "" {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

// Owner gives a function that says of a file which chart it is part of, by the directory of that, and which tool keeps it; empty
// is none.
func (r *Repository) Owner() func(p string) (chart, tool string) {
	all := chartsIn(r.Tree)
	return func(p string) (chart, tool string) { return all.of(p), toolOf(p) }
}

// below reports whether a directory stands below one of some.
func below(dirs map[string]bool, dir string) bool {
	for dir != "." {
		if dir = path.Dir(dir); dirs[dir] {
			return true
		}
	}
	return false
}

// tools are the folders in the root of a repository in which tools keep what is theirs. Argo CD deploys nothing from there, unless
// an Application names it.
var tools = map[string]string{
	".circleci": "CI", ".devcontainer": "an editor", ".gitea": "CI", ".forgejo": "CI", ".github": "CI", ".gitlab": "CI", ".gitopsgen": "gitopsgen",
	".husky": "Git hooks", ".idea": "an editor", ".tekton": "CI", ".vscode": "an editor", ".woodpecker": "CI",
}

// toolOf says whose a file is that a tool keeps; empty where it is none's.
func toolOf(p string) string {
	first, _, below := strings.Cut(p, "/")
	if !below {
		return ""
	}
	return tools[first]
}
