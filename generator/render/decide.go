package render

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/argocd"
	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	of "github.com/gitopsgen/gitopsgen/generator/source"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// decision finds out what one source of an Application renders.
type decision struct {
	*renderer
	app argocd.Application
	src argocd.Source
	// refs are the sources that values files are found in by a name.
	refs map[string]reference
	// several says that the Application has more than this one.
	several bool
	// over are the files that are merged into the source.
	over []tree.File

	// unit is what is rendered, where renders says so. state and fault say why it is not.
	unit    build.Unit
	renders bool
	state   build.State
	fault   fault
}

// reference is the repository of a source that values files are found in: its root, and why it is not here.
type reference struct {
	root  string
	state build.State
}

var refKey = regexp.MustCompile(`^[a-zA-Z0-9_-]+$`)

// references are the names that sources have for values files, each with the reason why that source is not here.
func (r *renderer) references(sources []argocd.Source) (map[string]reference, fault) {
	refs := map[string]reference{}
	if len(sources) < 2 {
		return refs, fault{} // Argo CD looks for names where there are several
	}
	for _, src := range sources {
		_, twice := refs[src.Ref]
		switch at := src.At.With("ref"); {
		case src.Ref == "":
			continue
		case !refKey.MatchString(src.Ref):
			return nil, fault{fmt.Sprintf("ref %q: want letters, digits, - and _", src.Ref), at}
		case twice:
			return nil, fault{fmt.Sprintf("ref %q: two sources are called so", src.Ref), at}
		case src.Chart != "":
			return nil, fault{fmt.Sprintf("ref %q: a chart of a repository of charts has no files for others", src.Ref), at}
		}
		refs[src.Ref] = reference{r.rootOf(src.RepoURL), r.elsewhere(src, ".")}
	}
	return refs, fault{}
}

// decide finds out as Argo CD does what the source renders.
func (d *decision) decide() {
	if d.several && d.src.Ref != "" && d.src.Path == "" && d.src.Chart == "" {
		return // others read files of it, and that is all
	}
	if d.src.Chart != "" || strings.HasPrefix(d.src.RepoURL, "oci://") {
		d.fromCharts()
		return
	}
	d.unit.Dir = d.dirOf(d.src)
	if d.state = d.elsewhere(d.src, d.unit.Dir); d.state != (build.State{}) {
		return
	}
	if d.fault = d.wrong(d.src); d.fault.text != "" {
		return
	}
	d.over = of.Overrides(d.repository().Tree, d.unit.Dir, d.app.ID.Name)
	merged, err := of.Merged(d.app, d.src, d.over)
	if err != nil {
		d.fault = fault{err.Error(), d.src.At}
		return
	}
	d.src = merged
	d.fromDirectory()
}

// fromDirectory decides by the fields of the source, else by the files, how its directory is rendered.
func (d *decision) fromDirectory() {
	src := d.src
	file := kustomization.In(d.repository().Tree, d.unit.Dir)
	_, isChart := d.repository().Tree.File(path.Join(d.unit.Dir, chart.File))
	types := src.Types()
	switch {
	case len(types) > 1:
		d.fault = fault{fmt.Sprintf("its source has %s: Argo CD takes one of them", strings.Join(types, " and ")), src.At}
	case src.Plugin != nil:
		d.state = notRendered(fmt.Sprintf("its source is rendered by the plugin %q of Argo CD", src.Plugin.Name), hintPlugin)
	case src.Directory != nil && file != "" && src.Directory.Takes(path.Base(file)):
		d.fault = fault{fmt.Sprintf("directory makes Argo CD read %s as a plain manifest: leave it out", file), src.At.With("directory")}
	case src.Helm != nil, isChart && len(types) == 0 && file == "":
		d.helm()
	case src.Kustomize != nil && file == "":
		d.fault = fault{fmt.Sprintf("path %q has no kustomization.yaml", src.Path), src.At.With("path")}
	case src.Kustomize != nil:
		d.kustomize()
	case file != "":
		d.unit.Kind, d.renders = build.Kustomization, true
	case src.Directory == nil:
		d.unit.Kind, d.renders = build.Directory, true
	default:
		d.directory(src.Directory)
	}
}

// kustomize decides what is written into a kustomization.
func (d *decision) kustomize() {
	request := of.New(d.app, d.src, d.over)
	edits, err := request.Edits()
	if err != nil {
		d.fault = fault{err.Error(), d.src.At.With("kustomize")}
		return
	}
	if version := d.src.Kustomize.Version; version != "" {
		d.note("asks for kustomize %q: it is rendered by the one that Argo CD ships", version)
	}
	d.noteUnknown(request)
	d.unit.Kind, d.unit.Edits, d.unit.Place, d.renders = build.Kustomization, edits, d.app.Place(d.src.At.With("kustomize")...), true
}

// directory decides which manifests of a directory are rendered, and what Jsonnet among them is given.
func (d *decision) directory(fields *argocd.Directory) {
	d.unit.Kind, d.unit.Manifests, d.renders = build.Directory, *fields, true
	if fields.Recurse {
		d.unit.Kind = build.RecursiveDirectory
	}
	request := of.New(d.app, d.src, d.over)
	if d.unit.Jsonnet = request.Jsonnet(); !d.unit.Jsonnet.None() {
		d.unit.Place = d.app.Place(d.src.At.With("directory")...)
	}
	d.noteUnknown(request)
}

func (d *decision) note(format string, value any) {
	d.result.Notes = append(d.result.Notes, "Application "+d.app.ID.Name+" "+fmt.Sprintf(format, value))
}

// noteUnknown notes the variables of the build environment that nobody knows here.
func (d *decision) noteUnknown(r *of.Request) {
	for _, name := range r.Unknown() {
		d.note("uses $%s, which nobody knows before the commit: it stays as it is", name)
	}
}

// fromCharts decides what a chart of a repository of charts, or an OCI artefact, renders to.
func (d *decision) fromCharts() {
	src := d.src
	repo, name := src.RepoURL, src.Chart
	if name == "" {
		repo, name = path.Dir(strings.Replace(repo, "oci://", "", 1)), path.Base(repo)
		repo = "oci://" + repo
	}
	if !strings.Contains(repo, "://") {
		repo = "oci://" + repo // as Argo CD has registries
	}
	if strings.HasPrefix(repo, "oci://") && strings.Contains(name, "/") {
		repo, name = strings.TrimSuffix(repo, "/")+"/"+path.Dir(name), path.Base(name)
	}
	switch types := src.Types(); {
	case src.Helm == nil && len(types) > 0:
		d.state = notRendered(fmt.Sprintf("its source is a chart with %q, which this version does not render", types[0]), "")
	case src.Chart == "" && src.Path == "":
		d.fault = fault{"its source has no path", src.At}
	case src.Chart == "" && path.Clean(src.Path) != ".":
		d.state = notRendered(fmt.Sprintf("its source is the folder %q of the OCI artefact %s, which this version does not render", src.Path, chart.Location(src.RepoURL)), "")
	case src.Chart != "" && src.TargetRevision == "":
		d.fault = fault{"its source is a chart without targetRevision", src.At}
	case src.TargetRevision == "":
		d.fault = fault{"its source is an OCI artefact without targetRevision", src.At}
	default:
		d.unit.Chart = chart.Ref{Repo: repo, Name: name, Version: src.TargetRevision}
		d.helm()
	}
}

// helm decides what the chart of the source is told.
func (d *decision) helm() {
	request := of.New(d.app, d.src, d.over)
	request.Refs = map[string]string{}
	for name, ref := range d.refs {
		if ref.state == (build.State{}) {
			request.Refs[name] = ref.root
		}
	}
	if d.src.Helm != nil {
		for i, file := range d.src.Helm.ValueFiles {
			ref, _, _ := strings.Cut(strings.TrimPrefix(file, "$"), "/")
			if known, named := d.refs[ref]; named && strings.HasPrefix(file, "$") && known.state != (build.State{}) {
				d.state = known.state
				d.state.Kind, d.state.Hint = build.NotRendered, hintValues
				d.state.Reason = fmt.Sprintf("its values file %q is not here: %s", file, strings.TrimPrefix(known.state.Reason, "its source is "))
				d.state.Place = d.app.Place(d.src.At.With("helm", "valueFiles", i)...)
				return
			}
		}
	}
	layers, err := request.Layers()
	if err != nil {
		d.fault = fault{err.Error(), d.src.At.With("helm")}
		return
	}
	d.noteUnknown(request)
	for _, l := range layers {
		if strings.Contains(l.Name, "${ARGOCD_APP_REVISION") {
			d.state = notRendered(fmt.Sprintf("the name of its values file, %q, holds what nobody knows before the commit", l.Name), "")
			return
		}
	}
	d.unit.Kind, d.renders = build.Helm, true
	d.unit.Release, d.unit.Layers, d.unit.Place = request.Release(), layers, d.place()
	if d.src.Helm != nil && d.src.Helm.IgnoreMissingValueFiles {
		d.unit.Missing = of.LeftOut
	}
}

const hintValues = "check out the repository that holds the values and give it by --repo URL=DIR"

// place is where the chart is named.
func (d *decision) place() manifest.Place {
	field := "path"
	if d.src.Chart != "" {
		field = "chart"
	}
	return d.app.Place(d.src.At.With(field)...)
}
