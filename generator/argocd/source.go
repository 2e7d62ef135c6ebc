package argocd

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Source is where objects come from. Of Helm, Kustomize, Directory and Plugin a source has one at most; none of them has
// Argo CD find out by the files.
type Source struct {
	// At is where it stands in the object.
	At             manifest.Path `json:"-"`
	RepoURL        string        `json:"repoURL"`
	TargetRevision string        `json:"targetRevision"`
	Path           string        `json:"path"`
	// Chart is the name of a chart in a repository of charts; empty is a source in Git, or an OCI artefact.
	Chart string `json:"chart"`
	// Ref is the name by which the values files of other sources find this one, behind a dollar sign.
	Ref string `json:"ref"`
	// Name is what people call the source where there are several.
	Name      string     `json:"name"`
	Helm      *Helm      `json:"helm"`
	Kustomize *Kustomize `json:"kustomize"`
	Directory *Directory `json:"directory"`
	Plugin    *Plugin    `json:"plugin"`
}

// Types are the names of the fields that say of which type the source is, sorted; Argo CD refuses more than one.
func (s Source) Types() []string {
	var types []string
	for name, there := range map[string]bool{
		"helm": s.Helm != nil, "kustomize": s.Kustomize != nil, "directory": s.Directory != nil, "plugin": s.Plugin != nil,
	} {
		if there {
			types = append(types, name)
		}
	}
	slices.Sort(types)
	return types
}

// Helm says how a chart is rendered.
type Helm struct {
	ReleaseName string `json:"releaseName"`
	// Layers of values, each over those before it: ValueFiles, then ValuesObject or else Values, Parameters, FileParameters.
	ValueFiles     []string        `json:"valueFiles"`
	Values         string          `json:"values"`
	ValuesObject   map[string]any  `json:"valuesObject"`
	Parameters     []HelmParameter `json:"parameters"`
	FileParameters []HelmFile      `json:"fileParameters"`

	IgnoreMissingValueFiles bool `json:"ignoreMissingValueFiles"`
	PassCredentials         bool `json:"passCredentials"`
	SkipCRDs                bool `json:"skipCrds"`
	SkipTests               bool `json:"skipTests"`
	SkipSchemaValidation    bool `json:"skipSchemaValidation"`

	Version     string   `json:"version"`
	Namespace   string   `json:"namespace"`
	KubeVersion string   `json:"kubeVersion"`
	APIVersions []string `json:"apiVersions"`
}

// HelmParameter is what Helm takes by --set, or by --set-string where ForceString is set.
type HelmParameter struct {
	Name        string `json:"name"`
	Value       string `json:"value"`
	ForceString bool   `json:"forceString"`
}

// HelmFile is what Helm takes by --set-file.
type HelmFile struct {
	Name string `json:"name"`
	Path string `json:"path"`
}

// Kustomize says what is laid over a kustomization.
type Kustomize struct {
	NamePrefix string `json:"namePrefix"`
	NameSuffix string `json:"nameSuffix"`
	Namespace  string `json:"namespace"`
	// Images are written as `kustomize edit set image` takes them.
	Images                    []string           `json:"images"`
	Replicas                  []KustomizeReplica `json:"replicas"`
	Patches                   []KustomizePatch   `json:"patches"`
	Components                []string           `json:"components"`
	CommonLabels              map[string]string  `json:"commonLabels"`
	CommonAnnotations         map[string]string  `json:"commonAnnotations"`
	ForceCommonLabels         bool               `json:"forceCommonLabels"`
	ForceCommonAnnotations    bool               `json:"forceCommonAnnotations"`
	CommonAnnotationsEnvsubst bool               `json:"commonAnnotationsEnvsubst"`
	LabelWithoutSelector      bool               `json:"labelWithoutSelector"`
	LabelIncludeTemplates     bool               `json:"labelIncludeTemplates"`
	IgnoreMissingComponents   bool               `json:"ignoreMissingComponents"`

	Version     string   `json:"version"`
	KubeVersion string   `json:"kubeVersion"`
	APIVersions []string `json:"apiVersions"`
}

// KustomizeReplica sets the replicas of the workloads of a name. Count is a number, or a text that holds one.
type KustomizeReplica struct {
	Name  string `json:"name"`
	Count any    `json:"count"`
}

// KustomizePatch is a patch as a kustomization has it.
type KustomizePatch struct {
	At      manifest.Path    `json:"-"`
	Path    string           `json:"path"`
	Patch   string           `json:"patch"`
	Target  *KustomizeTarget `json:"target"`
	Options map[string]bool  `json:"options"`
}

// KustomizeTarget says which objects a patch changes.
type KustomizeTarget struct {
	Group              string `json:"group"`
	Version            string `json:"version"`
	Kind               string `json:"kind"`
	Name               string `json:"name"`
	Namespace          string `json:"namespace"`
	AnnotationSelector string `json:"annotationSelector"`
	LabelSelector      string `json:"labelSelector"`
}

// Directory says which files of a directory are manifests, by patterns of their paths.
type Directory struct {
	Recurse bool     `json:"recurse"`
	Include string   `json:"include"`
	Exclude string   `json:"exclude"`
	Jsonnet *Jsonnet `json:"jsonnet"`
}

// Takes reports whether a file is a manifest, by its path from the directory: * in a pattern is any text, slashes among it.
func (d Directory) Takes(file string) bool {
	return (d.Exclude == "" || !matches(d.Exclude, file)) && (d.Include == "" || matches(d.Include, file))
}

// Jsonnet is what the Jsonnet files of a directory are given. Libs are folders, from the root of the repository.
type Jsonnet struct {
	ExtVars []JsonnetVar `json:"extVars"`
	TLAs    []JsonnetVar `json:"tlas"`
	Libs    []string     `json:"libs"`
}

// JsonnetVar is a text, or Jsonnet where Code is set.
type JsonnetVar struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Code  bool   `json:"code"`
}

// Plugin names a plugin that renders the source. An empty name has Argo CD ask each.
type Plugin struct {
	Name       string            `json:"name"`
	Env        []Value           `json:"env"`
	Parameters []PluginParameter `json:"parameters"`
}

// PluginParameter is one of a text, a mapping or a list.
type PluginParameter struct {
	Name   string            `json:"name"`
	String *string           `json:"string"`
	Map    map[string]string `json:"map"`
	Array  []string          `json:"array"`
}

// SourceHydrator renders one branch into another, from which an Application is synced.
type SourceHydrator struct {
	DrySource  Source     `json:"drySource"`
	SyncSource SyncSource `json:"syncSource"`
	HydrateTo  *HydrateTo `json:"hydrateTo"`
}

// SyncSource is what an Application with a hydrator is synced from.
type SyncSource struct {
	TargetBranch string `json:"targetBranch"`
	Path         string `json:"path"`
}

// HydrateTo is the branch that a hydrator writes first, for somebody to approve.
type HydrateTo struct {
	TargetBranch string `json:"targetBranch"`
}
