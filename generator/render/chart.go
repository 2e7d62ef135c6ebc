package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	hook "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"github.com/gitopsgen/gitopsgen/generator/tree"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
)

// ChartRef names a chart as a kustomization does.
type ChartRef struct {
	Repo, Name, Version string
}

// String gives the chart's name and version.
func (c ChartRef) String() string { return strings.TrimSpace(c.Name + " " + c.Version) }

// Charts is a place that charts come from.
type Charts interface {
	// Chart gives the files of a chart by their paths inside of it (Chart.yaml, templates/...). The error is
	// ErrNoChart where this place does not have the chart.
	Chart(ctx context.Context, ref ChartRef) ([]tree.File, error)
}

// ErrNoChart says that a place does not have a chart.
var ErrNoChart = errors.New("no such chart here")

// Folder is a folder of packaged charts, <name>-<version>.tgz, that stands for the repositories below a URL.
type Folder struct {
	// From begins the URLs of the repositories that it stands for.
	From string
	FS   fs.FS
}

// Chart implements Charts.
func (f Folder) Chart(_ context.Context, ref ChartRef) ([]tree.File, error) {
	from := strings.TrimSuffix(f.From, "/")
	if ref.Repo != from && !strings.HasPrefix(ref.Repo, from+"/") {
		return nil, ErrNoChart
	}
	file := ref.Name + "-" + ref.Version + ".tgz"
	data, err := fs.ReadFile(f.FS, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoChart
	}
	if err != nil {
		return nil, fmt.Errorf("chart %s: %w", ref, err)
	}
	buffered, err := archive.LoadArchiveFiles(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("chart %s: %s: %w", ref, file, err)
	}
	files := make([]tree.File, len(buffered))
	for i, b := range buffered {
		files[i] = tree.File{Path: b.Name, Data: b.Data}
	}
	return files, nil
}

// vendored are the charts that the repository itself holds, in kustomize's layout <home>/<name>-<version>/<name>.
type vendored struct {
	tree tree.Tree
	home string
}

// Chart implements Charts.
func (v vendored) Chart(_ context.Context, ref ChartRef) ([]tree.File, error) {
	dir := path.Join(v.home, ref.Name)
	if ref.Version != "" && ref.Repo != "" {
		dir = path.Join(v.home, ref.Name+"-"+ref.Version, ref.Name)
	}
	var files []tree.File
	for _, f := range v.tree.Under(dir) {
		files = append(files, tree.File{Path: strings.TrimPrefix(f.Path, dir+"/"), Data: f.Data})
	}
	if len(files) == 0 {
		return nil, ErrNoChart
	}
	return files, nil
}

// release is one chart to inflate, with everything that decides its output.
type release struct {
	ref             ChartRef
	name, namespace string
	values          map[string]any
	kubeVersion     string
	apiVersions     []string
	includeCRDs     bool
	skipHooks       bool
	skipTests       bool
}

// helmVersion is the one that the Argo CD we generate ships; some charts ask for it.
const helmVersion = "v3.19.4"

// chartLimits bound the inflation of one chart: nothing bounds a template from inside.
var chartLimits = watchdog.Limits{Time: 60 * time.Second, Memory: 2 << 30}

// inflate renders a chart as `helm template` does and gives the documents of each file, in a stable order.
func inflate(ctx context.Context, files []tree.File, r release) ([]byte, error) {
	var out []byte
	var err error
	if stopped := watchdog.Run(ctx, chartLimits, func() { out, err = inflateUnbounded(ctx, files, r) }); stopped != nil {
		return nil, stopped
	}
	return out, err
}

func inflateUnbounded(ctx context.Context, files []tree.File, r release) ([]byte, error) {
	buffered := make([]*archive.BufferedFile, len(files))
	for i, f := range files {
		buffered[i] = &archive.BufferedFile{Name: f.Path, Data: f.Data}
	}
	c, err := loader.LoadFiles(buffered)
	if err != nil {
		return nil, err
	}
	capabilities, err := capabilities(r)
	if err != nil {
		return nil, err
	}
	if err := compatible(c, capabilities); err != nil {
		return nil, err
	}
	values := common.Values(r.values)
	if err := chartutil.ProcessDependencies(c, values); err != nil {
		return nil, err
	}
	options := common.ReleaseOptions{Name: r.name, Namespace: r.namespace, Revision: 1, IsInstall: true}
	rendered, err := util.ToRenderValues(c, values, options, capabilities)
	if err != nil {
		return nil, err
	}
	texts, err := engine.Engine{}.RenderWithContext(ctx, c, rendered)
	if err != nil {
		return nil, err
	}
	return output(c, texts, r)
}

// output puts together what `helm template` prints: CRDs, manifests in install order, hooks.
func output(c *chart.Chart, texts map[string]string, r release) ([]byte, error) {
	var b bytes.Buffer
	if r.includeCRDs {
		for _, crd := range c.CRDObjects() {
			writeDocument(&b, string(crd.File.Data))
		}
	}
	for name := range texts {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(texts, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(texts, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, err
	}
	for _, m := range manifests {
		writeDocument(&b, m.Content)
	}
	for _, h := range hooks {
		if r.skipHooks || r.skipTests && slices.Contains(h.Events, hook.HookTest) {
			continue
		}
		writeDocument(&b, h.Manifest)
	}
	return b.Bytes(), nil
}

func writeDocument(b *bytes.Buffer, text string) {
	b.WriteString("---\n" + strings.TrimSuffix(text, "\n") + "\n")
}

func capabilities(r release) (*common.Capabilities, error) {
	c := common.DefaultCapabilities.Copy()
	if r.kubeVersion != "" {
		version, err := common.ParseKubeVersion(r.kubeVersion)
		if err != nil {
			return nil, fmt.Errorf("kubeVersion %q: %w", r.kubeVersion, err)
		}
		c.KubeVersion = *version
	}
	c.APIVersions = append(slices.Clone(c.APIVersions), r.apiVersions...)
	c.HelmVersion.Version = helmVersion
	return c, nil
}

// compatible refuses what Helm refuses before it renders.
func compatible(c *chart.Chart, capabilities *common.Capabilities) error {
	if c.Metadata.Type == "library" {
		return errors.New("it is a library chart, which renders to nothing")
	}
	if want := c.Metadata.KubeVersion; want != "" && !chartutil.IsCompatibleRange(want, capabilities.KubeVersion.String()) {
		return fmt.Errorf("it needs kubeVersion %s, this cluster has %s", want, capabilities.KubeVersion.String())
	}
	for _, d := range c.Metadata.Dependencies {
		if !slices.ContainsFunc(c.Dependencies(), func(sub *chart.Chart) bool { return sub.Name() == d.Name }) {
			return fmt.Errorf("its dependency %s %s is missing from the package", d.Name, d.Version)
		}
	}
	return nil
}
