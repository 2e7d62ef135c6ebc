package build

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/kustomize"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/values"
)

// named are the charts of repositories of charts that those of Applications are, or depend on. Those of kustomizations Units lists.
func (b *Builder) named(units []Unit) (all []Unit) {
	for _, u := range units {
		switch {
		case u.Kind != Helm:
		case u.Chart.Repo != "":
			all = append(all, Unit{Kind: Helm, Place: u.Place, Chart: u.Chart})
		default:
			for _, d := range b.needs(u.Dir) {
				all = append(all, Unit{Kind: Helm, Place: u.Place, Chart: chart.Ref{Repo: d.Repository, Name: d.Name, Version: d.Version}})
			}
		}
	}
	return slices.DeleteFunc(all, func(u Unit) bool { return u.Chart.Version == "" })
}

// needs are the charts of repositories of charts that one of this repository depends on and does not hold.
func (b *Builder) needs(dir string) []chart.Dependency {
	isLocal := func(d chart.Dependency) bool {
		return !strings.Contains(d.Repository, "://") || strings.HasPrefix(d.Repository, "file://")
	}
	files := chart.In(b.Repository.Tree, dir)
	if !slices.ContainsFunc(chart.MetadataIn(files).Dependencies, func(d chart.Dependency) bool { return !isLocal(d) }) {
		return nil
	}
	files, _ = chart.Whole(files) // what is wrong with it is told when it is rendered
	needs, _ := chart.Needs(files)
	return slices.DeleteFunc(needs, isLocal)
}

// argoCD is the group of Argo CD's objects.
const argoCD = "argoproj.io"

func namesArgoCD(files []tree.File) bool {
	return slices.ContainsFunc(files, func(f tree.File) bool { return bytes.Contains(f.Data, []byte(argoCD)) })
}

func layerNamesArgoCD(l values.Layer) bool { return bytes.Contains(l.Text, []byte(argoCD)) }

// mayBeFollowed reports whether a kustomization may hold objects of Argo CD's, by the files that it names and by those of its
// charts.
func (b *Builder) mayBeFollowed(ctx context.Context, w *kustomize.Whole) bool {
	var files []tree.File
	add := func(p string) {
		f, _ := b.Repository.Tree.File(p)
		files = append(files, f)
	}
	for p := range w.Read {
		add(p)
	}
	for _, c := range w.Charts {
		u := newUnit(c)
		for _, l := range u.Layers {
			add(path.Join(c.Dir, l.Name))
		}
		places := append([]Charts{chart.Home{Tree: b.Repository.Tree, Dir: c.Home}, chart.Home{Tree: b.Repository.Tree, Dir: types.HelmDefaultHome}}, b.options.Charts...)
		found, _ := Fetch(ctx, places, u.Chart, b.options.Pins[u.Chart.Public()]) // what could not be had is told as such
		files = append(files, found.Files...)
	}
	return namesArgoCD(files)
}
