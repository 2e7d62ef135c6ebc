// Package helm renders charts as the Helm does that Argo CD ships, and finds out which value sets a field.
//
// It knows charts and values, and nothing of kustomizations or of where charts come from.
package helm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	hook "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"github.com/gitopsgen/gitopsgen/generator/doors"
	"github.com/gitopsgen/gitopsgen/generator/sprig"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// version is that of the Helm which the Argo CD that we generate ships. We render with Helm 4, and where that differs do
// as this one does.
const version = "v3.19.4"

// Release is one chart to render, with everything that decides its output. The values are not changed.
type Release struct {
	Name, Namespace string
	Values          map[string]any
	// KubeVersion is a version of Kubernetes, major.minor.patch.
	KubeVersion string
	APIVersions []string
	IncludeCRDs bool
	SkipHooks   bool
	SkipTests   bool
	// SkipSchema says that values need not fit the schemas of charts.
	SkipSchema bool `json:",omitempty"`
	// Chance is called where chance decides something. Now is asked for the time. Where one is nil, nobody is.
	Chance func()           `json:"-"`
	Now    func() time.Time `json:"-"`
	// Fetch gets what the schema of a chart refers to by URL; nil gets nothing.
	Fetch func(ctx context.Context, url string) ([]byte, error) `json:"-"`
	// Charts has what is known of charts that were rendered before, this one by Content, which is the digest of its files; nil and an
	// empty one have nothing.
	Charts  *Charts `json:"-"`
	Content string  `json:"-"`
}

// ReleaseName evaluates a name template as Helm does. What the environment of Argo CD says, and what its DNS knows, is not
// known here.
func ReleaseName(text string) (string, error) {
	t, err := template.New("nameTemplate").Funcs(sprig.Functions()).Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, nil)
	return b.String(), err
}

// Document is what one template, or one file of a chart, renders to.
type Document struct {
	// Source begins with the name of the chart; Text may hold several objects.
	Source, Text string
}

// String is what `helm template` prints of it.
func (d Document) String() string { return "---\n# Source: " + d.Source + "\n" + d.Text + "\n" }

// Output is what a chart renders to. Of most documents Helm was shown the head alone: whoever reads them, and cannot, is to ask
// what Helm says of them.
type Output struct {
	// Documents are printed in this order.
	Documents []Document
	// Templates is what these render to, by their names.
	Templates map[string]string
}

// Refused is why Helm refuses what the chart renders to, for which it reads all of it; nil where it does not.
func (o Output) Refused() (err error) {
	defer recovered(&err)
	_, _, err = releaseutil.SortManifests(o.Templates, nil, releaseutil.InstallOrder)
	return err
}

// recovered makes a panic of Helm an error.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("it makes Helm panic: %v", p)
	}
}

// Template renders a chart as `helm template` does and gives what it prints. The error is a SchemaError where
// values do not fit, and a *ReferenceError where that cannot be told.
func Template(ctx context.Context, files []tree.File, r Release) (out Output, err error) {
	defer recovered(&err)
	p, err := prepare(ctx, files, r)
	if err != nil {
		return out, err
	}
	if !r.SkipSchema {
		if err := r.validate(ctx, p.chart, p.values); err != nil {
			return out, err
		}
	}
	texts, err := p.render(ctx, p.chart, p.values)
	if err != nil {
		return out, err
	}
	return output(p.chart, texts, r)
}

// prepared is a chart that is ready to be rendered: without the subcharts that are off, and with its values complete.
type prepared struct {
	release      Release
	chart        *chart.Chart
	values       map[string]any
	capabilities *common.Capabilities
}

func prepare(ctx context.Context, files []tree.File, r Release) (prepared, error) {
	p := prepared{release: r}
	var err error
	if p.chart, err = r.load(ctx, files); err != nil {
		return p, err
	}
	if p.capabilities, err = capabilities(r); err != nil {
		return p, err
	}
	if err := compatible(p.chart, r, p.capabilities); err != nil {
		return p, err
	}
	if err := chartutil.ProcessDependencies(p.chart, r.Values); err != nil {
		return p, err
	}
	p.values, err = coalesce(p.chart, r.Values)
	return p, err
}

// render gives the output of each template of c by its name. Nothing that templates call reaches out of the process, and
// were it to, the doors are shut.
func (p prepared) render(ctx context.Context, c *chart.Chart, values map[string]any) (map[string]string, error) {
	defer doors.Shut()()
	return engine.Engine{CustomTemplateFuncs: functions(p.release)}.RenderWithContext(ctx, c, common.Values{
		"Capabilities": p.capabilities,
		"Release": map[string]any{
			"Name": p.release.Name, "Namespace": p.release.Namespace, "Revision": 1, "IsInstall": true, "IsUpgrade": false, "Service": "Helm",
		},
		"Values": common.Values(values),
	})
}

// Load reads a chart with its subcharts, those that are off among them.
func Load(files []tree.File) (*chart.Chart, error) {
	files, err := withoutIgnored(files)
	if err != nil {
		return nil, err
	}
	buffered := make([]*archive.BufferedFile, len(files))
	for i, f := range files {
		buffered[i] = &archive.BufferedFile{Name: f.Path, Data: f.Data}
	}
	c, err := loader.LoadFiles(buffered)
	if err != nil {
		return nil, err
	}
	return c, c.Validate()
}

// functions are those of templates that are other ones here: bounded, or refused because Helm 4 alone has them.
func functions(r Release) template.FuncMap {
	functions := sprig.Bounded()
	if r.Chance != nil && r.Now != nil {
		functions = sprig.Noting(r.Chance, r.Now)
	}
	for _, name := range []string{
		"mustToYaml", "mustToToml", "mustToDuration", "durationSeconds", "durationMilliseconds", "durationMicroseconds",
		"durationNanoseconds", "durationMinutes", "durationHours", "durationDays", "durationWeeks", "durationRoundTo", "durationTruncateTo",
	} {
		functions[name] = func(...any) (string, error) {
			return "", fmt.Errorf("function %q not defined in Helm %s", name, version)
		}
	}
	return functions
}

// output puts together what `helm template` prints: CRDs, manifests in install order, hooks.
func output(c *chart.Chart, texts map[string]string, r Release) (out Output, err error) {
	for name := range texts {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(texts, name)
		}
	}
	out.Templates = texts
	hooks, manifests, err := sorted(texts)
	if err != nil {
		return out, err
	}
	if r.IncludeCRDs {
		for _, crd := range c.CRDObjects() {
			out.Documents = append(out.Documents, Document{crd.Filename, string(crd.File.Data)})
		}
	}
	for _, m := range manifests {
		out.Documents = append(out.Documents, Document{m.Name, m.Content})
	}
	for _, h := range hooks {
		if !r.SkipHooks && !(r.SkipTests && slices.Contains(h.Events, hook.HookTest)) {
			out.Documents = append(out.Documents, Document{h.Path, h.Manifest})
		}
	}
	return out, nil
}

// What Helm 3.19.4 takes a cluster to serve, besides what Helm 4 does, and what it does not.
var (
	olderVersions = []string{"autoscaling/v2beta1", "autoscaling/v2beta2", "scheduling.k8s.io/v1alpha1", "storagemigration.k8s.io/v1alpha1"}
	laterVersions = []string{"lifecycle.k8s.io/v1alpha1", "scheduling.k8s.io/v1alpha3", "storagemigration.k8s.io/v1", "storagemigration.k8s.io/v1beta1"}
)

func capabilities(r Release) (*common.Capabilities, error) {
	kube, err := common.ParseKubeVersion(r.KubeVersion)
	if err != nil {
		return nil, fmt.Errorf("kubeVersion %q: %w", r.KubeVersion, err)
	}
	c := common.DefaultCapabilities.Copy()
	c.KubeVersion = *kube
	c.KubeVersion.Version = kube.String() // Helm 3 drops what stands behind the patch level
	c.APIVersions = slices.DeleteFunc(slices.Concat(c.APIVersions, olderVersions), func(v string) bool { return slices.Contains(laterVersions, v) })
	for _, v := range r.APIVersions {
		c.APIVersions = append(c.APIVersions, strings.Split(v, ",")...)
	}
	c.HelmVersion.Version = version
	return c, nil
}

// compatible refuses what Helm refuses before it renders.
func compatible(c *chart.Chart, r Release, capabilities *common.Capabilities) error {
	if err := chartutil.ValidateReleaseName(r.Name); err != nil {
		return fmt.Errorf("releaseName %q: want at most 53 of a-z, 0-9, - and . in it", r.Name)
	}
	if t := c.Metadata.Type; t != "" && t != "application" {
		return fmt.Errorf("it is a %s chart, which cannot be installed", t)
	}
	if want := c.Metadata.KubeVersion; want != "" && !chartutil.IsCompatibleRange(want, capabilities.KubeVersion.String()) {
		return fmt.Errorf("it needs Kubernetes %s, and kubeVersion is %s", want, strings.TrimPrefix(capabilities.KubeVersion.String(), "v"))
	}
	var missing []string
	for _, d := range c.Metadata.Dependencies {
		if !slices.ContainsFunc(c.Dependencies(), func(sub *chart.Chart) bool { return sub.Name() == d.Name }) {
			missing = append(missing, strings.TrimSpace(d.Name+" "+d.Version))
		}
	}
	if len(missing) > 0 {
		return errors.New("its charts/ lacks what Chart.yaml depends on: " + strings.Join(missing, ", "))
	}
	return nil
}
