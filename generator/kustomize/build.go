package kustomize

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/generator/doors"
	"github.com/gitopsgen/gitopsgen/generator/kustomization"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// kustomizeVersion is the one that the Argo CD we generate ships.
const kustomizeVersion = "v5.8.1"

// Output is what kustomize makes of a kustomization, wherever that stands. It is shared: nobody may change it.
type Output struct {
	objects []manifest.Resource
	// Own says that kustomize read files for it that Walk knows nothing of, so that Key does not tell of them either.
	Own bool
}

// Build runs kustomize, which is only to be done where neither w.Failed nor w.Reason says otherwise. The error is a
// *watchdog.Exceeded or that of ctx, and else what kustomize says, for w.Blame.
func (w *Whole) Build(ctx context.Context, limits watchdog.Limits) (Output, error) {
	fs, err := w.overlay()
	if err != nil {
		return Output{}, err
	}
	var objects []*resource.Resource
	if stopped := watchdog.Run(ctx, limits, func() { objects, err = w.run(fs) }); stopped != nil {
		return Output{}, stopped // and it may still be running
	}
	if err != nil {
		return Output{}, err
	}
	var out Output
	for p := range fs.read {
		out.Own = out.Own || !w.Read[p]
		w.Read[p] = true
	}
	out.objects, err = w.convert(objects)
	return out, err
}

// overlay is the tree as kustomize is to see it: what is remote and what charts render to stands beside the kustomizations.
func (w *Whole) overlay() (overlay, error) {
	fs := newOverlay(w.source.Tree)
	for i, data := range w.fetched {
		r := w.Remotes[i]
		fs.files[path.Join(w.files[r.visit].Dir, r.local())] = data
	}
	rendered := map[string][]string{}
	for _, c := range w.Charts {
		out, ok := w.charts[c.output()]
		if !ok || fs.files[c.output()] != nil {
			continue
		}
		text, err := out.text()
		if err != nil {
			return fs, err
		}
		fs.files[c.output()] = text
		rendered[c.Dir] = append(rendered[c.Dir], path.Base(c.output()))
	}
	for visit, k := range w.files {
		local, changed, err := w.localised(visit)
		if err == nil && len(k.HelmCharts) > 0 {
			local, err = fs.addCharts(k.Dir, local, rendered[k.Dir])
		}
		if err == nil && (changed || visit == 0 && !w.source.Edits.None() || len(k.HelmCharts) > 0) {
			err = fs.write(k.Path, local)
		}
		if err != nil {
			return fs, err
		}
	}
	return fs, nil
}

// addCharts gives a kustomization that takes files in place of its charts.
func (o overlay) addCharts(dir string, k types.Kustomization, charts []string) (types.Kustomization, error) {
	k.HelmCharts, k.HelmGlobals = nil, nil
	if len(charts) > 0 {
		k.Components = append([]string{chartsDir}, k.Components...)
	}
	if k.CheckEmpty() != nil {
		k.MetaData = &types.ObjectMeta{Name: "charts"} // kustomize takes none that says nothing
	}
	component := types.Kustomization{TypeMeta: types.TypeMeta{APIVersion: types.ComponentVersion, Kind: types.ComponentKind}, Resources: charts}
	return k, o.write(path.Join(dir, chartsDir, kustomizationFile), component)
}

// run calls kustomize, whose libraries may panic on odd input, behind shut doors.
func (w *Whole) run(fs overlay) (objects []*resource.Resource, err error) {
	defer doors.Shut()()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("kustomize cannot read this: %v", r)
		}
	}()
	options := krusty.MakeDefaultOptions()
	if w.source.Unrestricted {
		options.LoadRestrictions = types.LoadRestrictionsNone
	}
	built, err := krusty.MakeKustomizer(options).Run(fs, path.Join(mount, w.Dir))
	if err != nil {
		return nil, err
	}
	return built.Resources(), nil
}

// convert turns kustomize's objects into ours.
func (w *Whole) convert(objects []*resource.Resource) ([]manifest.Resource, error) {
	shelf := w.shelf()
	var resources []manifest.Resource
	for _, o := range objects {
		n, err := printed(o.YNode())
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", o.GetKind(), o.GetName(), err)
		}
		object, err := decode(n)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", o.GetKind(), o.GetName(), err)
		}
		if labels, ok := manifest.Dig(object, "metadata", "labels").(map[string]any); ok && w.managed {
			labels[konfig.ManagedbyLabelKey] = "kustomize-" + kustomizeVersion
		}
		id := manifest.NewID(object)
		if isCRD(object) {
			maps.Copy(object, shelf[id.Name])
		}
		resources = append(resources, manifest.Resource{ID: id, Object: object})
	}
	return resources, nil
}

// printed gives a node as it is read again after kustomize has printed it: folded texts come back with other line breaks.
func printed(n *yaml.Node) (*yaml.Node, error) {
	if !hasFolded(n) {
		return n, nil
	}
	text, err := yaml.String(n)
	if err != nil {
		return nil, err
	}
	again, err := yaml.Parse(text)
	return again.YNode(), err
}

func hasFolded(n *yaml.Node) bool {
	return n.Style&yaml.FoldedStyle != 0 || slices.ContainsFunc(n.Content, hasFolded)
}

// decode gives a node as the object that kustomize would print.
func decode(n interface{ Decode(any) error }) (map[string]any, error) {
	var object map[string]any
	if err := n.Decode(&object); err != nil {
		return nil, err
	}
	_, err := manifest.Shape(object)
	return object, err
}

// Key names what Build makes by all that decides it: kustomizations of the same key have the same output.
func (w *Whole) Key() string {
	h := sha256.New()
	fmt.Fprintln(h, w.source.Unrestricted, w.source.Edits)
	for i := range w.Remotes {
		fmt.Fprintf(h, "%x\n", sha256.Sum256(w.fetched[i]))
	}
	for _, p := range slices.Sorted(maps.Keys(w.Read)) {
		at, _ := filepath.Rel(w.Dir, p) // both are paths of the tree
		f, _ := w.source.Tree.File(p)
		fmt.Fprintf(h, "%q %x\n", filepath.ToSlash(at), sha256.Sum256(f.Data))
	}
	for _, c := range w.Charts {
		out, rendered := w.charts[c.output()]
		fmt.Fprintf(h, "%v %q %q\n", rendered, out.chart, out.key)
	}
	return string(h.Sum(nil))
}

// Take gives the resources of an output, each with where it comes from here.
func (w *Whole) Take(out Output) []manifest.Resource {
	resources := slices.Clone(out.objects)
	settings := w.settings()
	for i, res := range resources {
		from := w.origins.find(res.ID)
		resources[i].Origin = from.Origin
		for _, of := range settings {
			if !of.all && !slices.Contains(from.within, of.visit) {
				continue
			}
			for _, s := range of.settings {
				resources[i].Origin.Fields = append(resources[i].Origin.Fields, s(res, from.ID)...)
			}
		}
	}
	return resources
}

// settings are what sets fields in the objects of one visit, or in all.
type settings struct {
	visit    int
	all      bool
	settings []kustomization.Setting
}

// settings are those of all kustomizations, and of the Application, in the order in which kustomize applies them.
func (w *Whole) settings() (all []settings) {
	for visit, k := range slices.Backward(w.files) {
		if visit == 0 && !w.source.Edits.None() {
			k, _ = w.source.Kustomizations.Read(w.source.Tree, k.Dir) // as it stands
		}
		if of := k.Settings(w.source.Tree); len(of) > 0 {
			all = append(all, settings{visit: w.changes[visit], settings: of})
		}
	}
	return append(all, settings{all: true, settings: w.source.Edits.Settings(w.source.Tree, w.Dir)})
}

// RefusesDouble reports whether an output could not be had for a key that stands twice, which is among the faults.
func (w *Whole) RefusesDouble(err error) bool {
	w.refused = w.refused || w.double && strings.Contains(err.Error(), " already defined at line ")
	return w.refused
}

// Blame tells what kustomize says of itself where an output could not be had.
func (w *Whole) Blame(err error) manifest.Problem {
	p := w.blame(err)
	if w.Secret {
		p.Message = "kustomize: " + Untold
	}
	return p
}
