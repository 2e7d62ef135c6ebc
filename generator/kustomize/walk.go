package kustomize

import (
	"context"
	"path"
	"regexp"
	"slices"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// maxKustomizations bounds kustomizations that include others over and over.
const maxKustomizations = 10_000

// Walk reads the kustomization in dir and all that it includes. The error is that of ctx.
func Walk(ctx context.Context, s Source, dir string) (*Whole, error) {
	w := &Whole{
		Dir: dir, Read: map[string]bool{}, source: s, origins: newOrigins(),
		fetched: map[int][]byte{}, charts: map[string]output{},
	}
	return w, w.walk(ctx, dir, scope{})
}

// walk reads one kustomization and what it includes.
func (w *Whole) walk(ctx context.Context, dir string, s scope) error {
	k, faults := w.read(dir)
	w.Read[k.Path] = true
	w.Unread, w.Wrong = append(w.Unread, faults.Unread...), append(w.Wrong, faults.Wrong...)
	w.files, w.changes = append(w.files, k), append(w.changes, len(w.files))
	if len(w.files) == maxKustomizations {
		w.Fail(k.Place(), "it is included again and again, more than %d kustomizations in all", maxKustomizations)
	}
	if faults.Fatal() || len(w.files) >= maxKustomizations {
		return ctx.Err()
	}
	if k.Path != "" && !w.source.MayRead(dir, k.Path) {
		w.Fail(k.Place(), "it is a link out of its directory, where kustomize reads no file")
	}
	w.checkKind(k, s)
	if reason := k.Unsupported(); reason != "" {
		w.block("%s", reason)
	}
	if len(s.parents) == 0 {
		w.managed = slices.Contains(k.BuildMetadata, types.ManagedByLabelOption)
	}
	visit := len(w.files) - 1
	if n := len(s.changing); s.component && n > 0 {
		w.changes[visit] = w.changes[s.changing[n-1]]
	}
	s = s.below(k, visit)
	references := k.References()
	for _, ref := range references {
		if err := w.include(ctx, visit, ref, s); err != nil {
			return err
		}
	}
	w.origins.generated(k, s)
	w.note(visit, references, s)
	return ctx.Err()
}

// read reads the kustomization in a directory.
func (w *Whole) read(dir string) (kustomization.File, kustomization.Faults) {
	if dir == w.Dir && !w.source.Edits.None() {
		return kustomization.ReadEdited(w.source.Tree, dir, w.source.Edits)
	}
	return w.source.Kustomizations.Read(w.source.Tree, dir)
}

// checkKind tells of a component where kustomize wants a kustomization, and the other way round.
func (w *Whole) checkKind(k kustomization.File, s scope) {
	if isComponent := k.Kind == types.ComponentKind; isComponent == s.component || len(s.parents) == 0 {
		return
	}
	field, kind := "resources", types.KustomizationKind
	if s.component {
		field, kind = "components", types.ComponentKind
	}
	w.Fail(k.Place("kind"), "it stands under %s of %s, so its kind must be %s", field, kustomization.In(w.source.Tree, s.parents[len(s.parents)-1]), kind)
}

// note notes what a kustomization names by URL, and its charts.
func (w *Whole) note(visit int, references []kustomization.Reference, s scope) {
	k := w.files[visit]
	for i, ref := range references {
		if _, given := w.elsewhere(k, ref); !given && w.isRemote(k, ref) {
			w.Remotes = append(w.Remotes, Remote{URL: ref.Name, Place: k.Place(ref.At...), visit: visit, index: i, reference: ref, scope: s})
		}
	}
	if len(k.HelmCharts) > 0 {
		w.Lists = append(w.Lists, k.Place("helmCharts"))
	}
	for _, c := range k.Charts() {
		w.Charts = append(w.Charts, Chart{c, s})
	}
}

// include checks one thing that the kustomization of a visit names, and reads it.
func (w *Whole) include(ctx context.Context, visit int, ref kustomization.Reference, s scope) error {
	k := w.files[visit]
	if ref.Use == kustomization.AsInline {
		w.inline(k, ref)
		return nil
	}
	at, p := k.Place(ref.At...), w.source.Tree.Real(path.Join(k.Dir, ref.Name))
	_, isFile := w.source.Tree.File(p)
	switch {
	case w.isRemote(k, ref):
		return w.follow(ctx, visit, ref, s)
	case path.IsAbs(ref.Name):
		w.Fail(at, "%q: want a path relative to the kustomization", ref.Name)
	case w.source.Tree.LeadsOut(k.Dir, p):
		w.Fail(at, "%q leads out of the repository", ref.Name)
	case isFile && ref.Use == kustomization.AsComponent:
		w.Fail(at, "%q: want a directory", ref.Name)
	case isFile && !w.source.MayRead(k.Dir, p):
		w.Fail(at, "%q: kustomize reads no file outside of the kustomization's directory", ref.Name)
	case isFile:
		w.file(p, ref.Use, s)
	default:
		return w.directory(ctx, named{k, ref, p}, s)
	}
	return nil
}

// directory reads the kustomization in a directory that another one names.
func (w *Whole) directory(ctx context.Context, n named, s scope) error {
	ref, at, p := n.ref, n.Place(n.ref.At...), n.dir
	unread := w.source.Tree.WhyUnread(p)
	switch {
	case unread != "":
		w.Fail(at, "%q was not read: %s", ref.Name, unread)
	case p != "." && len(w.source.Tree.Under(p)) == 0:
		w.Fail(at, "%q: there is no such file or directory", ref.Name)
	case ref.Use == kustomization.AsYAML || ref.Use == kustomization.AsData:
		w.Fail(at, "%q: want a file", ref.Name)
	case slices.ContainsFunc(s.parents, func(parent string) bool { return within(p, parent) }):
		w.Fail(at, "%q: the kustomization includes itself, or a directory that it stands in", ref.Name)
	case kustomization.In(w.source.Tree, p) == "":
		w.Fail(at, "directory %q has no kustomization.yaml", ref.Name)
	default:
		s.component, s.config = ref.Use == kustomization.AsComponent, s.config || ref.Use == kustomization.AsConfig
		return w.walk(ctx, p, s)
	}
	return nil
}

// file reads a file that a kustomization names.
func (w *Whole) file(p string, use kustomization.Use, s scope) {
	w.Read[p] = true
	if use == kustomization.AsData {
		return
	}
	f := w.source.Manifest(p)
	w.Unread = append(w.Unread, f.Problems...)
	w.double = w.double || use == kustomization.AsResource && len(f.Problems) > 0
	for _, res := range unfold(f.Resources) {
		if use == kustomization.AsResource {
			w.origins.add(res, s)
			if _, err := decode(res.Origin.Document.Node()); err != nil && len(f.Problems) == 0 {
				w.Fail(res.Place(), "%s: %s", res.ID, oneLine(err.Error()))
			}
		}
		if use == kustomization.AsConfig || s.config {
			w.config(res)
		}
		if field := oddData(res.Object); field != "" {
			w.Fail(res.Place(field), "%s of a %s: want a mapping", field, res.ID.Kind)
		}
	}
}

// inline reads YAML that stands in a kustomization.
func (w *Whole) inline(k kustomization.File, ref kustomization.Reference) {
	at := k.Place(ref.At...)
	resources, problems := manifest.Parse(k.Path, []byte(ref.Name))
	for _, p := range problems {
		w.Fail(at, "line %d: %s", p.Place.Line, p.Message)
	}
	for _, res := range unfold(resources) {
		w.config(res)
	}
}

// oddData gives the field of a ConfigMap or Secret that is no mapping: kustomize ends the process where it merges such.
func oddData(object map[string]any) string {
	if kind := object["kind"]; kind != "ConfigMap" && kind != "Secret" {
		return ""
	}
	for _, field := range []string{"data", "binaryData", "stringData"} {
		if _, ok := object[field].(map[string]any); !ok && object[field] != nil {
			return field
		}
	}
	return ""
}

// namesURL matches what a plugin's configuration names by URL, for itself or behind the key of a file.
var namesURL = regexp.MustCompile(`(?i)^([^=/]*=)?https?:`)

// config looks for what the configuration of a plugin makes kustomize fetch or run.
func (w *Whole) config(res manifest.Resource) {
	if res.ID.Kind == "HelmChartInflationGenerator" {
		w.block("%s has a HelmChartInflationGenerator, which this version does not render: use helmCharts", res.Origin.Place.File)
	}
	manifest.MapTexts(res.Object, func(text string) string {
		if namesURL.MatchString(text) {
			w.block("%s names %s, which kustomize may fetch and this version does not", res.Origin.Place.File, chart.Location(text))
		}
		return text
	})
}
