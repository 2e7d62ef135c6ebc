package render

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/helm"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// chartsDir is where charts' output stands below a kustomization: a component, because kustomize reads components when
// it would inflate charts, behind resources and generators.
const chartsDir = ".gitopsgen"

// What Helm and Argo CD take where nothing else is said.
const (
	defaultKubeVersion = "1.36.0"
	defaultRelease     = "release-name"
	defaultNamespace   = "default"
)

// charts inflates the helmCharts of a kustomization and puts their output in their place.
func (b *builder) charts(ctx context.Context, k kustomization, l layer) error {
	if len(k.HelmCharts) == 0 {
		return nil
	}
	b.lists = append(b.lists, k.place("helmCharts"))
	charts := types.Kustomization{TypeMeta: types.TypeMeta{APIVersion: types.ComponentVersion, Kind: types.ComponentKind}}
	for i := range k.HelmCharts {
		text, err := b.chart(ctx, k, i, l)
		if err != nil {
			return err
		}
		if text == nil {
			continue
		}
		name := fmt.Sprintf("%d.yaml", i)
		file := path.Join(k.dir, chartsDir, name)
		if known := b.fs.files[file]; known != nil && !bytes.Equal(known, text) {
			b.blocked = true
			b.skip(hintUnknown, "%s is included more than once, and its charts would render otherwise each time", k.file)
		}
		b.fs.files[file] = text
		charts.Resources = append(charts.Resources, name)
	}
	changed := k.Kustomization
	changed.HelmCharts, changed.HelmGlobals = nil, nil
	if len(charts.Resources) > 0 {
		changed.Components = append([]string{chartsDir}, changed.Components...)
	}
	if changed.CheckEmpty() != nil {
		changed.MetaData = &types.ObjectMeta{Name: "charts"} // kustomize takes none that says nothing
	}
	return errors.Join(
		b.fs.write(k.file, changed),
		b.fs.write(path.Join(k.dir, chartsDir, kustomizationNames[0]), charts),
	)
}

// chart inflates one entry of helmCharts. The text is nil where that did not work, or was not done. An error means
// that ctx has ended or a limit was passed.
func (b *builder) chart(ctx context.Context, k kustomization, i int, l layer) ([]byte, error) {
	entry := k.HelmCharts[i]
	ref := chart.Ref{Repo: entry.Repo, Name: entry.Name, Version: entry.Version}
	c := &chartEntry{builder: b, kustomization: k, index: i, HelmChart: entry}
	if entry.Name == "" {
		b.fail(c.place(), "an entry of helmCharts needs a name")
		return nil, nil
	}
	if field, wrong := c.wrong(); wrong != "" {
		c.fail(wrong, field)
		return nil, nil
	}
	if entry.NameTemplate != "" {
		if err := c.nameRelease(ctx); err != nil || c.ReleaseName == "" {
			return nil, err
		}
	}
	files, err := c.files(ctx, ref)
	if files == nil || err != nil {
		return nil, err
	}
	values, ok := c.values(ctx, files)
	if !ok {
		return nil, nil
	}
	r := c.release(values, l)
	b.inflated[c.place()] = &inflated{entry: c, files: files, release: r}
	var text []byte
	stopped := watchdog.Run(ctx, b.options.Limits, func() { text, err = helm.Template(ctx, files, r) })
	if stopped != nil {
		return nil, b.stopped(k.place("helmCharts", i), "chart "+ref.String(), stopped)
	}
	if err == nil {
		text, err = b.chartObjects(text, manifest.Origin{Chart: ref.String(), Place: k.place("helmCharts", i)}, l)
	}
	if err != nil {
		c.blame(err)
		return nil, nil
	}
	return text, nil
}

// nameRelease gives the release the name that the entry's template evaluates to. It has none afterwards where that did not
// work, which is told. An error means that ctx has ended or a limit was passed.
func (c *chartEntry) nameRelease(ctx context.Context) error {
	var name string
	var err error
	at := c.place("nameTemplate")
	if stopped := watchdog.Run(ctx, c.builder.options.Limits, func() { name, err = helm.ReleaseName(c.NameTemplate) }); stopped != nil {
		return c.builder.stopped(at, "nameTemplate", stopped)
	}
	switch {
	case err != nil:
		c.fail("nameTemplate: "+helmMessage(err), "nameTemplate")
	case name == "":
		c.fail("nameTemplate: it gives no name", "nameTemplate")
	}
	c.ReleaseName = name
	return nil
}

// chartEntry is one entry of helmCharts while it is inflated.
type chartEntry struct {
	types.HelmChart
	builder       *builder
	kustomization kustomization
	index         int
	// docs are the values files by path, for the places of values.
	docs []valuesDoc
}

// place gives the place of a field of the entry.
func (c *chartEntry) place(at ...any) manifest.Place {
	return c.kustomization.place(append([]any{"helmCharts", c.index}, at...)...)
}

func (c *chartEntry) failAt(at manifest.Place, message string) {
	if c.builder.secret {
		message = untold
	}
	c.builder.fail(at, "chart %s: %s", chart.Ref{Name: c.Name, Version: c.Version}, message)
}

func (c *chartEntry) fail(message string, at ...any) { c.failAt(c.place(at...), message) }

// wrong says what kustomize refuses in the entry, and in which field.
func (c *chartEntry) wrong() (field, message string) {
	switch {
	case strings.HasPrefix(c.Name, "-"):
		return "name", fmt.Sprintf("name %q: want no - in front", c.Name)
	case strings.HasPrefix(c.ReleaseName, "-"):
		return "releaseName", fmt.Sprintf("releaseName %q: want no - in front", c.ReleaseName)
	case c.ReleaseName != "" && c.NameTemplate != "":
		return "nameTemplate", "want releaseName or nameTemplate, not both"
	}
	switch c.ValuesMerge {
	case "", "override", "merge", "replace":
		return "", ""
	}
	return "valuesMerge", fmt.Sprintf("valuesMerge %q: want override, merge or replace", c.ValuesMerge)
}

// home is where kustomize looks for charts.
func (c *chartEntry) home() string {
	home := types.HelmDefaultHome
	if g := c.kustomization.HelmGlobals; g != nil && g.ChartHome != "" {
		home = g.ChartHome
	}
	return path.Join(c.kustomization.dir, home)
}

// files asks the repository and then everything else that has charts. There are none where that did not work. An error
// means that ctx has ended.
func (c *chartEntry) files(ctx context.Context, ref chart.Ref) ([]tree.File, error) {
	t, o := c.builder.repo.tree, c.builder.options
	pin := o.Pins[ref.Public()]
	home := chart.Home{Tree: t, Dir: c.home()}
	if why := t.WhyUnread(home.Folder(ref)); why != "" {
		c.fail(fmt.Sprintf("%s was not read: %s", home.Folder(ref), why))
		return nil, nil
	}
	// What stands there is what Argo CD renders: it is right or wrong, and nothing takes its place.
	found, err := Fetch(ctx, []Charts{home}, ref, pin)
	if errors.Is(err, chart.ErrNone) && ref.Repo != "" && ref.Version != "" {
		found, err = Fetch(ctx, append([]Charts{chart.Home{Tree: t, Dir: types.HelmDefaultHome}}, o.Charts...), ref, pin)
	}
	var unavailable *chart.Unavailable
	errors.As(err, &unavailable)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case (unavailable != nil || errors.Is(err, chart.ErrNone)) && c.recorded(ref, unavailable):
		return nil, nil
	case unavailable != nil:
		c.builder.skip(hintCharts, "chart %s of %s: %s", ref, chart.Location(ref.Repo), unavailable.Reason)
		return nil, nil
	case errors.Is(err, chart.ErrNone):
		c.none(ref)
		return nil, nil
	case err != nil:
		c.builder.lack(State{
			Kind: Refused, Place: c.place(), Reason: fmt.Sprintf("chart %s of %s: %s", ref, chart.Location(ref.Repo), oneLine(err.Error())), Hint: hintRefused,
		})
		return nil, nil
	}
	return found.Files, nil
}

// recorded takes what is known of a chart in place of what it renders to, and reports whether there is any.
func (c *chartEntry) recorded(ref chart.Ref, why *chart.Unavailable) bool {
	b := c.builder
	if b.options.Recorded == nil {
		return false
	}
	known := b.options.Recorded(c.kustomization.dir, ref)
	if known == nil {
		return false
	}
	b.recordedImages = append(b.recordedImages, known.Images...)
	for _, object := range known.Objects {
		b.records = append(b.records, manifest.Resource{
			ID: manifest.NewID(object), Object: object, Origin: manifest.Origin{Chart: ref.String(), Place: c.place(), Recorded: true},
		})
	}
	reason := "its charts are not at hand"
	switch {
	case why != nil && why.Silent:
		reason = "the host of its charts does not answer"
	case why != nil:
		reason = why.Reason
	}
	b.lack(State{Kind: Recorded, Reason: reason, Hint: hintCharts})
	return true
}

// none tells of a chart that no place has.
func (c *chartEntry) none(ref chart.Ref) {
	switch {
	case ref.Repo == "":
		c.fail(fmt.Sprintf("it has no repo, and does not stand in %s", c.home()))
	case ref.Version == "":
		c.builder.skip(hintVersion, "chart %s of %s has no version, so it is another one every day: pin one", ref, chart.Location(ref.Repo))
	default:
		c.builder.skip(hintCharts, "chart %s of %s is not at hand", ref, chart.Location(ref.Repo))
	}
}

func (c *chartEntry) release(values map[string]any, l layer) helm.Release {
	return helm.Release{
		Name: cmp.Or(c.ReleaseName, defaultRelease), Namespace: cmp.Or(c.Namespace, l.helmNamespace, defaultNamespace), Values: values,
		KubeVersion: cmp.Or(c.KubeVersion, c.builder.options.KubeVersion), APIVersions: c.ApiVersions,
		IncludeCRDs: c.IncludeCRDs, SkipHooks: c.SkipHooks, SkipTests: c.SkipTests, Fetch: c.builder.options.File,
	}
}

// chartObjects readies a chart's output for kustomize: lists unfolded, and with the mark by which kustomize knows what
// a chart wrote, and does not move it to another namespace. Where no kustomization touches more of a
// CustomResourceDefinition than its metadata, the rest is put on the shelf: kustomize is slow on large objects.
func (b *builder) chartObjects(text []byte, origin manifest.Origin, l layer) ([]byte, error) {
	if err := manifest.Bounded(text); err != nil {
		return nil, fmt.Errorf("what it renders to is not read: %w", err)
	}
	nodes, err := (&kio.ByteReader{Reader: bytes.NewReader(text), OmitReaderAnnotations: true, DisableUnwrapping: true}).Read()
	if err != nil {
		return nil, err
	}
	out := []byte("# written by " + origin.Chart + "\n")
	for _, n := range nodes {
		object, err := decode(n.YNode())
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", n.GetKind(), n.GetName(), err)
		}
		for _, res := range flattenNamed([]manifest.Resource{{ID: manifest.NewID(object), Object: object, Origin: origin}}) {
			if field := oddData(res.Object); field != "" {
				return nil, fmt.Errorf("%s: %s: want a mapping", res.ID, field)
			}
			b.origins.add(res, l)
			if l.config {
				b.config(res)
			}
			if isCRD(res.Object) && !l.touchesCRDs {
				res.Object = b.shelve(res)
			}
			text, err := yaml.Marshal(marked(res.Object)) // yaml.v3 would lose the empty line that a text begins with
			if err != nil {
				return nil, err
			}
			out = append(append(out, "---\n"...), text...)
		}
	}
	return out, nil
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

func isCRD(object map[string]any) bool {
	return object["kind"] == "CustomResourceDefinition"
}

// shelve keeps an object's fields and gives what kustomize gets to see of it.
func (b *builder) shelve(res manifest.Resource) map[string]any {
	seen, kept := map[string]any{}, map[string]any{}
	for field, v := range res.Object {
		switch field {
		case "apiVersion", "kind", "metadata":
			seen[field] = v
		default:
			kept[field] = v
		}
	}
	b.shelf[res.ID.Name] = kept
	return seen
}

// marked adds the mark to an object.
func marked(object map[string]any) map[string]any {
	metadata, ok := object["metadata"].(map[string]any)
	if !ok {
		return object
	}
	annotations, ok := metadata["annotations"].(map[string]any)
	if !ok {
		annotations = map[string]any{}
		metadata["annotations"] = annotations
	}
	annotations[konfig.HelmGeneratedAnnotation] = "true"
	return object
}
