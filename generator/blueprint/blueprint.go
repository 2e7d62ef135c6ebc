package blueprint

import (
	"maps"

	"fmt"
)

// Blueprint is what a spec evaluates to: the choices made, and the components of each cluster.
type Blueprint struct {
	// Capabilities are all capabilities by name, chosen or not.
	Capabilities map[string]Choice `json:"capabilities"`
	// Clusters stand in the order of the spec; the first is the hub.
	Clusters []Platform `json:"clusters"`
	// Stages are the library's, sorted by wave.
	Stages []Stage `json:"stages"`
}

// Stage is a step of the bootstrap: what comes in it waits for all steps before.
type Stage struct {
	Name string `json:"name"`
	// Wave is the sync wave with which it begins; it lasts until the next stage.
	Wave int    `json:"wave"`
	Says string `json:"says"`
}

// Stage gives the stage of a name.
func (b Blueprint) Stage(name string) (Stage, error) {
	for _, s := range b.Stages {
		if s.Name == name {
			return s, nil
		}
	}
	return Stage{}, fmt.Errorf("the blueprint has no stage %q", name)
}

// Choice says what serves a capability. At most one of Option, External, Brought, None and Missing is set.
type Choice struct {
	Purpose string `json:"purpose"`
	// Level is mandatory, recommended or optional.
	Level string `json:"level"`
	// Option is the option chosen. Instead is the tier's own where the catalogue lacks that.
	Option  string `json:"option"`
	Instead string `json:"instead"`
	// External says that something outside of the repository serves it.
	External *External `json:"external"`
	// Brought is the component of another capability that brings what serves it.
	Brought string `json:"brought"`
	// None says that it is not wanted, Missing that the catalogue has no option for it yet.
	None    bool `json:"none"`
	Missing bool `json:"missing"`
}

// Platform is what stands on one cluster.
type Platform struct {
	// Name is the cluster's.
	Name string `json:"name"`
	// Components are sorted by name.
	Components []Component `json:"components"`
}

// Component is one system of a platform, as its blueprint builds it. Values inside are JSON-shaped.
type Component struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	// Capability is what the component serves; empty where it serves none.
	Capability string `json:"capability"`
	// With are the components that come along with it.
	With   []string `json:"with"`
	Charts []Chart  `json:"charts"`
	// CRDs says that CustomResourceDefinitions are among what it brings.
	CRDs bool `json:"crds"`
	// Objects are the component's own objects by file name, each one object or a list of them, which is not empty. Extras
	// are those for a second Application, which is synced in ExtrasWave.
	Objects    map[string]any `json:"objects"`
	Extras     map[string]any `json:"extras"`
	ExtrasWave int            `json:"extrasWave"`
	// Patches are as in a kustomization, but that a patch need not be text. ExtrasPatches are those of the Extras, which come with
	// the Policies alone.
	Patches       []any `json:"patches"`
	ExtrasPatches []any `json:"-"`
	// Namespaces are those that the component owns, with their Pod Security level; those of all components come first.
	Namespaces map[string]string `json:"namespaces"`
	// Policies says that it asks policies at the API server; nil is that it does not. They come with the Extras.
	Policies *Policies `json:"policies"`
	// Protect says that deleting it would take the cluster with it: nothing of it is pruned by itself.
	Protect bool `json:"protect"`
	// Registries are prefixes of the images that it runs, each ending with a slash.
	Registries []string `json:"registries"`
	// Images are renamed as a kustomization's images says, where the site has a mirror.
	Images []any `json:"images"`
	// Tenants are the teams that the component sets apart, sorted by name.
	Tenants []Tenant `json:"tenants"`
	// Secrets are those that somebody must make, for they are not in Git.
	Secrets []Secret `json:"secrets"`
	// Folders are for the users' own files: what stands in the cluster's folder of this name is deployed. The text says
	// what it is for.
	Folders map[string]string `json:"folders"`
	// Hosts are the names in the DNS that lead to the ingress, for its pages.
	Hosts []string `json:"hosts"`
	// Readme is what README.md says of it, and Agents what AGENTS.md does.
	Readme Readme `json:"readme"`
	Agents string `json:"agents"`
	// Files are texts by their paths in the repository, Ignored what Git is never to track, with what it is, and Attributes
	// what else Git is to do with files, by their patterns.
	Files      map[string]string `json:"files"`
	Ignored    map[string]string `json:"ignored"`
	Attributes map[string]string `json:"attributes"`
	// Scan is what looks at each image that the repository runs, in its pipeline; nil is nothing.
	Scan *Scan `json:"scan"`
	// Decisions are what somebody must decide before it works.
	Decisions []Decision `json:"decisions"`
	// Data is what it holds that Git does not have.
	Data []Data `json:"data"`
	// Needs are the capabilities without which it does not work.
	Needs             []string `json:"needs"`
	Waivers           []Waiver `json:"waivers"`
	SyncOptions       []string `json:"syncOptions"`
	IgnoreDifferences []any    `json:"ignoreDifferences"`
	// Wave is the sync wave of the component's Application, that of its stage unless somebody changed it.
	Wave        int    `json:"wave"`
	Stage       Stage  `json:"stage"`
	ExtrasStage *Stage `json:"extrasStage"`
	// Reasons say why values inside of Charts, Objects, Extras, Patches, ExtrasPatches, Images, Tenants' objects and
	// Namespaces, and those of SyncOptions, IgnoreDifferences and the waves, are what they are.
	Reasons Reasons `json:"-"`
}

// Policies says how policies are asked at the API server.
type Policies struct {
	// Enforce is the most that is done about what breaks one: dryrun, warn or deny.
	Enforce string `json:"enforce"`
}

// Scan is a program that a pipeline runs, in its own image, once for each image that it looks at.
type Scan struct {
	// Image is the pinned image of the program.
	Image string `json:"image"`
	// Command are the words of the command line before the name of the image.
	Command []string `json:"command"`
}

// Readme is what people have to do or know, in Markdown, by where it stands in README.md.
type Readme struct {
	// Machines is what these must have before the bootstrap, Started what comes after it.
	Machines string `json:"machines"`
	Started  string `json:"started"`
	// Section is a section of its own, Edit an item of the list of what people edit.
	Section string `json:"section"`
	Edit    string `json:"edit"`
}

// Secret is a Secret that a component reads and does not bring.
type Secret struct {
	Name      string   `json:"name"`
	Namespace string   `json:"namespace"`
	Keys      []string `json:"keys"`
	// Purpose completes "for".
	Purpose string `json:"purpose"`
}

// Decision is something that a component cannot decide by itself.
type Decision struct {
	What string `json:"what"`
	// Do says how to decide it in the spec.
	Do string `json:"do"`
}

// Data is something that is lost with the cluster, unless something keeps it elsewhere.
type Data struct {
	What  string `json:"what"`
	Where string `json:"where"`
	// Namespace is the one that it stands in; empty where that is none.
	Namespace string `json:"namespace"`
	// When it comes back: machines, secrets, backups or running, in this order.
	When string `json:"when"`
	// Loss is what is lost without it. History says that everything works without.
	Loss    string `json:"loss"`
	History bool   `json:"history"`
	// Dispensable is why it may be lost, and nothing need keep it elsewhere; empty where something should.
	Dispensable string `json:"dispensable"`
	// Backup is what keeps it elsewhere; empty where nothing does. Keep is then what to do about that.
	Backup string `json:"backup"`
	Keep   string `json:"keep"`
	// Restore is how it comes back, and After what is done once all has, in Markdown.
	Restore string `json:"restore"`
	After   string `json:"after"`
}

// Tenant is what one team gets on one cluster.
type Tenant struct {
	Name string `json:"name"`
	// Namespaces are the team's own.
	Namespaces []string `json:"namespaces"`
	// Objects are those of the team by file name.
	Objects map[string]any `json:"objects"`
	// Project is the spec of the team's AppProject, or of each of its Workloads, but for its destinations.
	Project map[string]any `json:"project"`
	// Apps is the team's own repository; nil where it has none, or where there are Workloads.
	Apps *Apps `json:"apps"`
	// Workloads are what runs there from folders of this repository: it is the users' own, and no team's.
	Workloads []Workload `json:"workloads"`
}

// Chart is one Helm chart of a component.
type Chart struct {
	Repo        string         `json:"repo"`
	Name        string         `json:"name"`
	Version     string         `json:"version"`
	ReleaseName string         `json:"releaseName"`
	Values      map[string]any `json:"values"`
	IncludeCRDs bool           `json:"includeCRDs"`
	APIVersions []string       `json:"apiVersions"`
}

// Waiver is an exception from a rule that a component needs, with its reason.
type Waiver struct {
	Rule   string `json:"rule"`
	Match  Match  `json:"match"`
	Reason string `json:"reason"`
}

// Match selects objects; an empty field matches all.
type Match struct {
	Kind      string `json:"kind,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	Container string `json:"container,omitempty"`
}

// Description is what a blueprint can do, whatever the spec says.
type Description struct {
	// About and Parts say what a component may tell of itself, and consist of.
	About        map[string]string                `json:"about"`
	Parts        map[string]string                `json:"parts"`
	Capabilities map[string]CapabilityDescription `json:"capabilities"`
	Components   map[string]ComponentDescription  `json:"components"`
}

// With is a spec in which an option serves a capability, on which what the option requires serves others, and which has the
// parameters without which its components would do nothing.
func (d Description) With(spec Spec, capability, option string) Spec {
	leader := d.Capabilities[capability].Options[option]
	about := d.Components[leader].About
	spec.Capabilities, spec.Components = maps.Clone(spec.Capabilities), maps.Clone(spec.Components)
	if spec.Capabilities == nil {
		spec.Capabilities = map[string]Capability{}
	}
	if spec.Components == nil {
		spec.Components = map[string]ComponentSettings{}
	}
	spec.Capabilities[capability] = Capability{Option: option}
	for other, needed := range d.Requires(capability, option) {
		spec.Capabilities[other] = Capability{Option: needed}
	}
	with, _ := about["with"].([]any)
	for _, name := range append([]any{leader}, with...) {
		name, _ := name.(string)
		if tried, _ := d.Components[name].About["tried"].(map[string]any); len(tried) > 0 {
			spec.Components[name] = ComponentSettings{Params: tried}
		}
	}
	return spec
}

// Requires are the options of other capabilities with which alone an option works, by capability.
func (d Description) Requires(capability, option string) map[string]string {
	all := map[string]string{}
	requires, _ := d.Components[d.Capabilities[capability].Options[option]].About["requires"].(map[string]any)
	for other, needed := range requires {
		all[other], _ = needed.(string)
	}
	return all
}

// CapabilityDescription says what a capability is for and what can serve it.
type CapabilityDescription struct {
	Purpose string `json:"purpose"`
	// Vital is what becomes of a platform while nothing serves it; empty where that takes nothing else along.
	Vital   string `json:"vital"`
	Level   string `json:"level"`
	Default string `json:"default"`
	// Options are component names by option.
	Options map[string]string `json:"options"`
	// Facts are what components learn of what serves it.
	Facts map[string]FactDescription `json:"facts"`
}

// FactDescription says what a fact of a capability is. A function can come from a component alone.
type FactDescription struct {
	Says     string `json:"says"`
	Function bool   `json:"function"`
	// Absent is the answer where nothing serves the capability, Outside the one where something does outside of the
	// repository, and the spec does not say.
	Absent  any `json:"absent"`
	Outside any `json:"outside"`
}

// ParamDescription says what a parameter is, and of which type of JSON.
type ParamDescription struct {
	Says string `json:"says"`
	Type string `json:"type"`
}

// ComponentDescription says what a component is and which parameters it has.
type ComponentDescription struct {
	About map[string]any `json:"about"`
	// Defaults are those of the tier. One that follows from other things is nil, and Derived says how.
	Defaults map[string]any    `json:"defaults"`
	Derived  map[string]string `json:"derived"`
	// Params say what the parameters are.
	Params map[string]ParamDescription `json:"params"`
	// Charts have repository, name and version alone.
	Charts []Chart `json:"charts"`
}
