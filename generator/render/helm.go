package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
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

const (
	// helmVersion is the one that the Argo CD we generate ships. We render with Helm 4, and where that differs do as
	// this one does.
	helmVersion        = "v3.19.4"
	defaultKubeVersion = "1.36.0"
	defaultRelease     = "release-name"
	defaultNamespace   = "default"
)

// defaultLimits bound a chart or a kustomization: nothing bounds a template from inside. The slowest charts there are
// take less than a second.
var defaultLimits = watchdog.Limits{Time: 30 * time.Second, Memory: 2 << 30}

// release is one chart to inflate, with everything that decides its output.
type release struct {
	name, namespace string
	values          map[string]any
	kubeVersion     string
	apiVersions     []string
	includeCRDs     bool
	skipHooks       bool
	skipTests       bool
}

// releaseName evaluates a nameTemplate as Helm does. What the environment of Argo CD says is not known here.
func releaseName(text string) (string, error) {
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	t, err := template.New("nameTemplate").Funcs(functions).Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = t.Execute(&b, nil)
	return b.String(), err
}

// schemaError says that values do not fit the schema of a chart.
type schemaError struct{ error }

// inflate renders a chart as `helm template` does and gives the text that it prints.
func inflate(ctx context.Context, files []tree.File, r release) (text []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("it makes Helm panic: %v", p)
		}
	}()
	c, err := load(files)
	if err != nil {
		return nil, err
	}
	capabilities, err := capabilities(r)
	if err != nil {
		return nil, err
	}
	if err := compatible(c, r, capabilities); err != nil {
		return nil, err
	}
	if err := chartutil.ProcessDependencies(c, r.values); err != nil {
		return nil, err
	}
	values, err := coalesce(c, r.values)
	if err != nil {
		return nil, err
	}
	if err := util.ValidateAgainstSchema(c, values); err != nil {
		return nil, schemaError{err}
	}
	texts, err := engine.Engine{CustomTemplateFuncs: laterFunctions()}.RenderWithContext(ctx, c, common.Values{
		"Capabilities": capabilities,
		"Release": map[string]any{
			"Name": r.name, "Namespace": r.namespace, "Revision": 1, "IsInstall": true, "IsUpgrade": false, "Service": "Helm",
		},
		"Values": common.Values(values),
	})
	if err != nil {
		return nil, err
	}
	return output(c, texts, r)
}

func load(files []tree.File) (*chart.Chart, error) {
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

// laterFunctions refuse what templates may call in Helm 4 only.
func laterFunctions() map[string]any {
	functions := map[string]any{}
	for _, name := range []string{
		"mustToYaml", "mustToToml", "mustToDuration", "durationSeconds", "durationMilliseconds", "durationMicroseconds",
		"durationNanoseconds", "durationMinutes", "durationHours", "durationDays", "durationWeeks", "durationRoundTo", "durationTruncateTo",
	} {
		functions[name] = func(...any) (string, error) {
			return "", fmt.Errorf("function %q not defined in Helm %s", name, helmVersion)
		}
	}
	return functions
}

// output puts together what `helm template` prints: CRDs, manifests in install order, hooks.
func output(c *chart.Chart, texts map[string]string, r release) ([]byte, error) {
	for name := range texts {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(texts, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(texts, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if r.includeCRDs {
		for _, crd := range c.CRDObjects() {
			fmt.Fprintf(&b, "---\n# Source: %s\n%s\n", crd.Filename, crd.File.Data)
		}
	}
	for _, m := range manifests {
		fmt.Fprintf(&b, "---\n# Source: %s\n%s\n", m.Name, m.Content)
	}
	for _, h := range hooks {
		if !r.skipHooks && !(r.skipTests && slices.Contains(h.Events, hook.HookTest)) {
			fmt.Fprintf(&b, "---\n# Source: %s\n%s\n", h.Path, h.Manifest)
		}
	}
	return b.Bytes(), nil
}

// What Helm 3.19.4 takes a cluster to serve, besides what Helm 4 does, and what it does not.
var (
	olderVersions = []string{"autoscaling/v2beta1", "autoscaling/v2beta2", "scheduling.k8s.io/v1alpha1", "storagemigration.k8s.io/v1alpha1"}
	laterVersions = []string{"lifecycle.k8s.io/v1alpha1", "scheduling.k8s.io/v1alpha3", "storagemigration.k8s.io/v1", "storagemigration.k8s.io/v1beta1"}
)

func capabilities(r release) (*common.Capabilities, error) {
	version, err := common.ParseKubeVersion(r.kubeVersion)
	if err != nil {
		return nil, fmt.Errorf("kubeVersion %q: %w", r.kubeVersion, err)
	}
	c := common.DefaultCapabilities.Copy()
	c.KubeVersion = *version
	c.KubeVersion.Version = version.String() // Helm 3 drops what stands behind the patch level
	c.APIVersions = slices.DeleteFunc(slices.Concat(c.APIVersions, olderVersions), func(v string) bool { return slices.Contains(laterVersions, v) })
	for _, v := range r.apiVersions {
		c.APIVersions = append(c.APIVersions, strings.Split(v, ",")...)
	}
	c.HelmVersion.Version = helmVersion
	return c, nil
}

// compatible refuses what Helm refuses before it renders.
func compatible(c *chart.Chart, r release, capabilities *common.Capabilities) error {
	if err := chartutil.ValidateReleaseName(r.name); err != nil {
		return fmt.Errorf("releaseName %q: want at most 53 of a-z, 0-9, - and . in it", r.name)
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
