// Package argocd is Argo CD's own model, as of Argo CD 3.4: Applications, ApplicationSets and AppProjects, each read once out
// of an object, and what Argo CD reads of any object that it applies.
//
// It knows what the fields mean and what a project permits, and nothing of repositories, files or how a source renders.
package argocd

import "github.com/gitopsgen/gitopsgen/generator/manifest"

const group = "argoproj.io"

// IsApplication reports whether an object is an Application.
func IsApplication(id manifest.ID) bool { return id.Group == group && id.Kind == "Application" }

// IsApplicationSet reports whether an object is an ApplicationSet.
func IsApplicationSet(id manifest.ID) bool { return id.Group == group && id.Kind == "ApplicationSet" }

// IsAppProject reports whether an object is an AppProject.
func IsAppProject(id manifest.ID) bool { return id.Group == group && id.Kind == "AppProject" }

// Application is an Application. The place of a field is that of its resource: a.Place("spec", "project").
type Application struct {
	manifest.Resource
	Spec ApplicationSpec
}

// ReadApplication reads an Application. What has another type than Argo CD gives it is a problem, and left out.
func ReadApplication(res manifest.Resource) (Application, []manifest.Problem) {
	a := Application{Resource: res}
	return a, read(res, &a.Spec, "spec")
}

// ApplicationSpec is what an Application, or the template of a set, asks for.
type ApplicationSpec struct {
	Project     string      `json:"project"`
	Destination Destination `json:"destination"`
	// Source, SourceList and SourceHydrator are what stands there; Sources tells which of them count.
	Source         *Source         `json:"source"`
	SourceList     []Source        `json:"sources"`
	SourceHydrator *SourceHydrator `json:"sourceHydrator"`
	// SyncPolicy is nil where nothing is synced by itself.
	SyncPolicy           *SyncPolicy        `json:"syncPolicy"`
	IgnoreDifferences    []IgnoreDifference `json:"ignoreDifferences"`
	Info                 []Value            `json:"info"`
	RevisionHistoryLimit *int64             `json:"revisionHistoryLimit"`
}

// Sources are what Argo CD renders: the hydrator's dry source, else the list, else the one source. It is nil where there is
// none of them.
func (s ApplicationSpec) Sources() []Source {
	switch {
	case s.SourceHydrator != nil:
		return []Source{s.SourceHydrator.DrySource}
	case len(s.SourceList) > 0:
		return s.SourceList
	case s.Source != nil:
		return []Source{*s.Source}
	}
	return nil
}

// Automated says that Argo CD syncs without being told to.
func (s ApplicationSpec) Automated() bool {
	if s.SyncPolicy == nil || s.SyncPolicy.Automated == nil {
		return false
	}
	enabled := s.SyncPolicy.Automated.Enabled
	return enabled == nil || *enabled
}

// Destination is a cluster, by its server or its name, and a namespace: that of an Application, or a pattern of a project's.
type Destination struct {
	// At is where it stands in the object.
	At        manifest.Path `json:"-"`
	Server    string        `json:"server"`
	Name      string        `json:"name"`
	Namespace string        `json:"namespace"`
}

// SyncPolicy says when and how an Application is synced.
type SyncPolicy struct {
	Automated                *AutomatedSync            `json:"automated"`
	SyncOptions              Options                   `json:"syncOptions"`
	Retry                    *Retry                    `json:"retry"`
	ManagedNamespaceMetadata *ManagedNamespaceMetadata `json:"managedNamespaceMetadata"`
}

// AutomatedSync is what Argo CD does without being told to. A nil Enabled is true, the others are false.
type AutomatedSync struct {
	Enabled    *bool `json:"enabled"`
	Prune      *bool `json:"prune"`
	SelfHeal   *bool `json:"selfHeal"`
	AllowEmpty *bool `json:"allowEmpty"`
}

// Retry says how a sync that failed is tried again.
type Retry struct {
	// Limit is how often; less than 0 is for ever.
	Limit   int64    `json:"limit"`
	Backoff *Backoff `json:"backoff"`
	// Refresh takes in newer commits with each try.
	Refresh bool `json:"refresh"`
}

// Backoff is the time between tries, as texts such as 3m.
type Backoff struct {
	Duration    string `json:"duration"`
	Factor      *int64 `json:"factor"`
	MaxDuration string `json:"maxDuration"`
}

// ManagedNamespaceMetadata is what the namespace gets that CreateNamespace=true makes.
type ManagedNamespaceMetadata struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// IgnoreDifference names fields that may differ from what is rendered. Empty fields match all but Kind.
type IgnoreDifference struct {
	At                    manifest.Path `json:"-"`
	Group                 string        `json:"group"`
	Kind                  string        `json:"kind"`
	Name                  string        `json:"name"`
	Namespace             string        `json:"namespace"`
	JSONPointers          []string      `json:"jsonPointers"`
	JQPathExpressions     []string      `json:"jqPathExpressions"`
	ManagedFieldsManagers []string      `json:"managedFieldsManagers"`
}

// Value is a text with a name.
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
