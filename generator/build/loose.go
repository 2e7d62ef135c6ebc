package build

import (
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
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

// beside are the files of a tree that could hold manifests.
func (c charts) beside(t tree.Tree) (paths []string) {
	for _, f := range t.Files() {
		if c.mayStandBeside(f.Path) {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

// mayStandBeside reports whether a file is one that Argo CD would look into, outside of charts and of what tools keep.
func (c charts) mayStandBeside(p string) bool {
	return (isManifest(p) || kustomization.IsFile(p)) && toolOf(p) == "" && c.of(p) == ""
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

// Loose are the directories of charts that are no part of another, and that no kustomization takes from where charts are kept.
type Loose struct {
	// Charts may be rendered. Libraries of templates render to nothing; what is Kept stands where kustomize keeps a version of a
	// chart, and was taken once.
	Charts, Libraries, Kept []string
}

// Loose finds the charts that nothing has.
func (r *Repository) Loose() Loose { return r.loose() }

func (r *Repository) findLoose() (found Loose) {
	if len(r.charts) == 0 {
		return found
	}
	homes, taken := map[string]bool{}, map[string]bool{}
	units, wrong := r.Units()
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
		if path.Base(f.Path) != chart.File || r.charts.of(f.Path) != dir || toolOf(f.Path) != "" || taken[dir] || below(homes, dir) {
			continue
		}
		switch m := chart.MetadataIn([]tree.File{{Path: chart.File, Data: f.Data}}); {
		case m.Type == "library":
			found.Libraries = append(found.Libraries, dir)
		case strings.HasSuffix(dir, path.Join("/"+m.Name+"-"+m.Version, m.Name)):
			found.Kept = append(found.Kept, dir)
		default:
			found.Charts = append(found.Charts, dir)
		}
	}
	return found
}

// LooseChart is the unit of a chart in a directory that nothing names: what `helm template` makes of it by itself.
func LooseChart(dir string) Unit {
	return Unit{
		Kind: Helm, Dir: dir, Place: manifest.Top(path.Join(dir, chart.File)),
		Release: helm.Release{Name: defaultRelease, Namespace: defaultNamespace, IncludeCRDs: true},
	}
}

// LooseJsonnet are the files that Argo CD would evaluate in a directory, outside of charts.
func (r *Repository) LooseJsonnet() []string {
	var paths []string
	for _, f := range r.Tree.Files() {
		if isJsonnet(f.Path) && r.charts.of(f.Path) == "" && toolOf(f.Path) == "" {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

// Owner says of a file which chart it is part of, by the directory of that, and which tool keeps it; empty is none.
func (r *Repository) Owner(p string) (chart, tool string) { return r.charts.of(p), toolOf(p) }

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
