package layout

import (
	"cmp"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/lock"
)

// project is the AppProject of everything that the platform itself brings.
const project = "platform"

const (
	pathsAnnotation       = "argocd.argoproj.io/manifest-generate-paths"
	waveAnnotation        = "argocd.argoproj.io/sync-wave"
	syncOptionsAnnotation = "argocd.argoproj.io/sync-options"
	healthAnnotation      = "argocd.argoproj.io/ignore-healthcheck"
	compareAnnotation     = "argocd.argoproj.io/compare-options"
	// keep leaves an object where it is when it goes from Git, or its Application does. What is kept so does not make
	// its Application OutOfSync: that is ignoreKept.
	keep               = "Prune=false,Delete=false"
	ignoreKept         = "IgnoreExtraneous"
	resourcesFinalizer = "resources-finalizer.argocd.argoproj.io"
)

// application describes one Argo CD Application.
type application struct {
	// cluster is whose Application it is, and its name begins with that; the root has no further one.
	cluster, name string
	path          string
	// project is the AppProject; empty is the platform's. source is the source; nil is path in this repository, with charts
	// where it renders any.
	project     string
	source      object
	charts      bool
	destination object
	wave        int
	// protect: nothing is pruned by itself, and deleting the Application leaves its objects. With prunes, what is no
	// longer in Git goes all the same.
	protect, prunes bool
	// circular: it holds the Application that holds it. Its health is left out of that one's, or the two would wait for
	// each other.
	circular          bool
	syncOptions       []string
	ignoreDifferences []any
}

func (w *writer) application(a application) object {
	if a.name != "" {
		w.waves[a.name] = a.wave
	}
	policy := object{
		"automated": object{"prune": a.prunes || !a.protect, "selfHeal": true},
		// Argo CD tries no commit again by itself, and without refresh none but the first: the one that mends it would
		// never arrive.
		"retry": object{"limit": -1, "refresh": true, "backoff": object{"duration": "10s", "factor": 2, "maxDuration": "3m"}},
	}
	if len(a.syncOptions) > 0 {
		policy["syncOptions"] = a.syncOptions
	}
	source := a.source
	if source == nil {
		source = object{"repoURL": w.in.Spec.Repository.URL, "targetRevision": w.in.Spec.Repository.Branch, "path": a.path}
	}
	spec := object{
		"project":     cmp.Or(a.project, project),
		"source":      source,
		"destination": a.destination,
		"syncPolicy":  policy,
	}
	if len(a.ignoreDifferences) > 0 {
		spec["ignoreDifferences"] = list(a.ignoreDifferences)
	}
	return object{"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": w.metadata(a), "spec": spec}
}

// metadata is that of an Application.
func (w *writer) metadata(a application) object {
	annotations := object{pathsAnnotation: a.paths()}
	if a.wave != 0 {
		annotations[waveAnnotation] = strconv.Itoa(a.wave)
	}
	if a.circular {
		annotations[healthAnnotation] = "true"
	}
	metadata := object{
		"name":        strings.TrimSuffix(a.cluster+"-"+a.name, "-"),
		"namespace":   w.argocd,
		"labels":      object{"app.kubernetes.io/part-of": w.in.Spec.Name},
		"annotations": annotations,
	}
	if !a.protect {
		metadata["finalizers"] = list{resourcesFinalizer}
	}
	return metadata
}

// paths are what an Application reads of its repository: Argo CD renders it again where a commit touches that, and
// nothing where it touches something else. What others read of their own repository only they know.
func (a application) paths() string {
	switch {
	case a.source != nil:
		return "/"
	case a.charts:
		return ".;/" + lock.ChartHome
	}
	return "."
}

// appProject allows this repository on all clusters. It names no namespaces: Argo CD prunes nothing that a project no longer
// permits, so a list that shrinks in the commit that takes an Application away would leave its objects running.
func (w *writer) appProject() object {
	var destinations list
	for _, c := range w.in.Spec.Clusters {
		destinations = append(destinations, object{"server": c.Server, "namespace": "*"})
	}
	return object{
		"apiVersion": "argoproj.io/v1alpha1",
		"kind":       "AppProject",
		"metadata":   object{"name": project, "namespace": w.argocd, "labels": object{"app.kubernetes.io/part-of": w.in.Spec.Name}},
		"spec": object{
			"description":              "The platform itself: what gitopsgen generates for " + w.in.Spec.Name,
			"sourceRepos":              list{w.in.Spec.Repository.URL},
			"destinations":             destinations,
			"clusterResourceWhitelist": list{object{"group": "*", "kind": "*"}},
		},
	}
}

// kustomization is the kustomization of one component.
func kustomization(c blueprint.Component, cluster blueprint.Cluster, resources []string, valuesFiles []string) (object, error) {
	k := object{"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
	if len(resources) > 0 {
		k["resources"] = resources
	}
	var charts list
	for i, chart := range c.Charts {
		charts = append(charts, chartEntry(c, chart, cluster, valuesFiles[i]))
	}
	if len(charts) > 0 {
		k["helmCharts"] = charts
	}
	if len(c.Images) > 0 {
		k["images"] = list(c.Images)
	}
	patches, err := patchTexts(c)
	if c.CRDs {
		patches = append(patches, crdGuard)
	}
	if len(patches) > 0 {
		k["patches"] = patches
	}
	return k, err
}

// chartEntry is a chart of a component in helmCharts.
func chartEntry(c blueprint.Component, chart blueprint.Chart, cluster blueprint.Cluster, valuesFile string) object {
	// An empty list would let Argo CD hand in what the live cluster has, and the render would depend on it.
	apiVersions := chart.APIVersions
	if len(apiVersions) == 0 {
		apiVersions = []string{"v1"}
	}
	entry := object{
		"name": chart.Name, "repo": chart.Repo, "version": chart.Version, "releaseName": cmp.Or(chart.ReleaseName, c.Name), "namespace": c.Namespace,
		"valuesFile": valuesFile, "kubeVersion": cluster.KubernetesVersion + ".0", "apiVersions": apiVersions,
		// Test hooks are for "helm test"; Argo CD would run them as part of every sync.
		"skipTests": true,
	}
	if chart.IncludeCRDs {
		entry["includeCRDs"] = true
	}
	return entry
}

// patchTexts are the patches of a component, as kustomize wants them: the patch itself is text.
func patchTexts(c blueprint.Component) (list, error) {
	var patches list
	for i, p := range c.Patches {
		patch, ok := p.(object)
		if !ok || isText(c.Patches, i) {
			patches = append(patches, p)
			continue
		}
		text, err := writeYAML(list{patch["patch"]}, c.Reasons.Below("patches", i, "patch").Under(0))
		if err != nil {
			return nil, fmt.Errorf("%s: a patch: %w", c.Name, err)
		}
		patch = maps.Clone(patch)
		patch["patch"] = string(text)
		patches = append(patches, patch)
	}
	return patches, nil
}

// crdGuard keeps CustomResourceDefinitions, and with them all objects of their kinds, when something is deleted.
var crdGuard = object{
	"target": object{"kind": "CustomResourceDefinition"},
	"patch": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: any
  annotations:
    ` + compareAnnotation + `: ` + ignoreKept + `
    ` + syncOptionsAnnotation + `: ` + keep + `
`,
}
