package argocd

import "github.com/gitopsgen/gitopsgen/generator/manifest"

// ApplicationSet makes Applications of a template.
type ApplicationSet struct {
	manifest.Resource
	Spec ApplicationSetSpec
}

// ReadApplicationSet reads an ApplicationSet. What has another type than Argo CD gives it is a problem, and left out.
func ReadApplicationSet(res manifest.Resource) (ApplicationSet, []manifest.Problem) {
	s := ApplicationSet{Resource: res}
	return s, read(res, &s.Spec, "spec")
}

// ApplicationSetSpec is a template and what fills it in.
type ApplicationSetSpec struct {
	GoTemplate        bool     `json:"goTemplate"`
	GoTemplateOptions []string `json:"goTemplateOptions"`
	// Generators are as they stand there.
	Generators []map[string]any `json:"generators"`
	// Template has texts in it that are filled in; TemplatePatch is laid over it then.
	Template                     ApplicationTemplate       `json:"template"`
	TemplatePatch                *string                   `json:"templatePatch"`
	SyncPolicy                   *ApplicationSetSyncPolicy `json:"syncPolicy"`
	Strategy                     map[string]any            `json:"strategy"`
	PreservedFields              map[string]any            `json:"preservedFields"`
	IgnoreApplicationDifferences []map[string]any          `json:"ignoreApplicationDifferences"`
}

// ApplicationTemplate is an Application that is not filled in yet.
type ApplicationTemplate struct {
	Metadata TemplateMetadata `json:"metadata"`
	Spec     ApplicationSpec  `json:"spec"`
}

// TemplateMetadata is what the Applications of a set are called.
type TemplateMetadata struct {
	Name        string            `json:"name"`
	Namespace   string            `json:"namespace"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	Finalizers  []string          `json:"finalizers"`
}

// ApplicationSetSyncPolicy says what happens to Applications when their set changes or goes.
type ApplicationSetSyncPolicy struct {
	PreserveResourcesOnDeletion bool `json:"preserveResourcesOnDeletion"`
	// ApplicationsSync is create-only, create-update, create-delete or sync; empty is the controller's own.
	ApplicationsSync string `json:"applicationsSync"`
}
