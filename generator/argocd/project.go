package argocd

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// AppProject says what Applications may do that belong to it.
type AppProject struct {
	manifest.Resource
	Spec AppProjectSpec
}

// ReadAppProject reads an AppProject. What has another type than Argo CD gives it is a problem, and left out.
func ReadAppProject(res manifest.Resource) (AppProject, []manifest.Problem) {
	p := AppProject{Resource: res}
	return p, read(res, &p.Spec, "spec")
}

// AppProjectSpec are the lists of a project.
type AppProjectSpec struct {
	Description  string        `json:"description"`
	SourceRepos  []string      `json:"sourceRepos"`
	Destinations []Destination `json:"destinations"`
	// Without a ClusterResourceWhitelist no kind of the cluster is permitted; a nil NamespaceResourceWhitelist permits all.
	ClusterResourceWhitelist   []KindPattern `json:"clusterResourceWhitelist"`
	ClusterResourceBlacklist   []KindPattern `json:"clusterResourceBlacklist"`
	NamespaceResourceWhitelist []KindPattern `json:"namespaceResourceWhitelist"`
	NamespaceResourceBlacklist []KindPattern `json:"namespaceResourceBlacklist"`
	// SourceNamespaces are those besides Argo CD's own that Applications of the project may stand in.
	SourceNamespaces                []string           `json:"sourceNamespaces"`
	PermitOnlyProjectScopedClusters bool               `json:"permitOnlyProjectScopedClusters"`
	DestinationServiceAccounts      []ServiceAccount   `json:"destinationServiceAccounts"`
	Roles                           []Role             `json:"roles"`
	SyncWindows                     []SyncWindow       `json:"syncWindows"`
	SignatureKeys                   []SignatureKey     `json:"signatureKeys"`
	OrphanedResources               *OrphanedResources `json:"orphanedResources"`
}

// KindPattern names kinds by patterns.
type KindPattern struct {
	At    manifest.Path `json:"-"`
	Group string        `json:"group"`
	Kind  string        `json:"kind"`
	// Name is a pattern of objects' names, in lists of the cluster's kinds; empty is all.
	Name string `json:"name"`
}

// ServiceAccount is who a destination is synced as.
type ServiceAccount struct {
	Server                string `json:"server"`
	Namespace             string `json:"namespace"`
	DefaultServiceAccount string `json:"defaultServiceAccount"`
}

// Role is a role of people and of programs in a project.
type Role struct {
	Name        string           `json:"name"`
	Description string           `json:"description"`
	Policies    []string         `json:"policies"`
	Groups      []string         `json:"groups"`
	JWTTokens   []map[string]any `json:"jwtTokens"`
}

// SyncWindow is a time in which Applications are synced, or are not.
type SyncWindow struct {
	Kind           string   `json:"kind"`
	Schedule       string   `json:"schedule"`
	Duration       string   `json:"duration"`
	TimeZone       string   `json:"timeZone"`
	Applications   []string `json:"applications"`
	Namespaces     []string `json:"namespaces"`
	Clusters       []string `json:"clusters"`
	ManualSync     bool     `json:"manualSync"`
	UseAndOperator bool     `json:"andOperator"`
	Description    string   `json:"description"`
}

// SignatureKey is a key by which commits must be signed.
type SignatureKey struct {
	KeyID string `json:"keyID"`
}

// OrphanedResources says what is told of objects that no Application brings.
type OrphanedResources struct {
	Warn   *bool          `json:"warn"`
	Ignore []OrphanedKind `json:"ignore"`
}

// OrphanedKind names objects that nothing is told of.
type OrphanedKind struct {
	Group string `json:"group"`
	Kind  string `json:"kind"`
	Name  string `json:"name"`
}

// PermitsSource reports whether Applications may render a repository.
func (p AppProject) PermitsSource(repoURL string) bool {
	repoURL = NormalizeURL(repoURL)
	permitted := false
	for _, pattern := range p.Spec.SourceRepos {
		bare, denies := strings.CutPrefix(pattern, "!")
		if pattern = NormalizeURL(bare); denies {
			pattern = "!" + pattern
		}
		if permits(pattern, repoURL, '/') {
			permitted = true
		} else if denies {
			return false
		}
	}
	return permitted
}

// inCluster is the cluster that Argo CD runs in.
var inCluster = Destination{Server: "https://kubernetes.default.svc", Name: "in-cluster"}

// PermitsDestination reports whether Applications may put objects into a namespace of a cluster. known is false where that
// depends on what d lacks, the cluster's name or its server, which Argo CD finds in its Secrets. That a project permits its
// own clusters alone is not judged: these stand there, too.
func (p AppProject) PermitsDestination(d Destination) (permitted, known bool) {
	switch {
	case d.Server == inCluster.Server && d.Name == "":
		d.Name = inCluster.Name
	case d.Name == inCluster.Name && d.Server == "":
		d.Server = inCluster.Server
	}
	mayDeny, mayPermit := false, false
	for _, item := range p.Spec.Destinations {
		can := item.effects(d)
		if can.only(denied) {
			return false, true
		}
		permitted = permitted || can.only(allowed)
		mayDeny, mayPermit = mayDeny || can[denied], mayPermit || can[allowed]
	}
	return permitted, !mayDeny && (permitted || !mayPermit)
}

// effect is what an entry of a project's destinations does to one that is asked about.
type effect int

const (
	passed effect = iota
	allowed
	denied
)

// effects are what an entry may do to d: more than one where that depends on what d lacks.
func (item Destination) effects(d Destination) (can effects) {
	namespace := permits(item.Namespace, d.Namespace)
	for _, name := range answers(item.Name, d.Name) {
		for _, server := range answers(item.Server, d.Server) {
			switch {
			case (name || server) && namespace:
				can[allowed] = true
			case !name && isDenial(item.Name), !server && isDenial(item.Server) && namespace, !namespace && isDenial(item.Namespace) && server:
				can[denied] = true
			default:
				can[passed] = true
			}
		}
	}
	return can
}

// effects are those that an entry may have.
type effects [denied + 1]bool

// only reports whether an entry has this effect and may have no other.
func (e effects) only(one effect) bool {
	can := effects{}
	can[one] = true
	return e == can
}

// answers says whether a pattern permits a text; it may do either where the text is empty, which is not known.
func answers(pattern, text string) []bool {
	switch {
	case text != "":
		return []bool{permits(pattern, text)}
	case pattern == "" || pattern == "*":
		return []bool{pattern == "*"}
	}
	return []bool{false, true}
}

// PermitsNamespaced reports whether Applications may bring an object that stands in a namespace.
func (p AppProject) PermitsNamespaced(id manifest.ID) bool {
	white := p.Spec.NamespaceResourceWhitelist
	return (white == nil || lists(white, id)) && !lists(p.Spec.NamespaceResourceBlacklist, id)
}

// PermitsClusterScoped reports whether Applications may bring an object that stands in no namespace.
func (p AppProject) PermitsClusterScoped(id manifest.ID) bool {
	return lists(p.Spec.ClusterResourceWhitelist, id) && !lists(p.Spec.ClusterResourceBlacklist, id)
}

// lists reports whether patterns name an object.
func lists(patterns []KindPattern, id manifest.ID) bool {
	match := func(pattern, text string) bool {
		ok, err := path.Match(pattern, text)
		return ok && err == nil
	}
	return slices.ContainsFunc(patterns, func(k KindPattern) bool {
		return match(k.Kind, id.Kind) && match(k.Group, id.Group) && (k.Name == "" || match(k.Name, id.Name))
	})
}

// PermitsApplicationsIn reports whether Applications of the project may stand in a namespace that is not Argo CD's own. known
// is false where that depends on a regular expression that only Argo CD's library can read.
func (p AppProject) PermitsApplicationsIn(namespace string) (permitted, known bool) {
	known = true
	for _, pattern := range p.Spec.SourceNamespaces {
		if matches(pattern, namespace) {
			return true, true
		}
		if len(pattern) < 2 || pattern[0] != '/' || pattern[len(pattern)-1] != '/' {
			continue
		}
		expression, err := regexp.Compile(pattern[1 : len(pattern)-1])
		if err == nil && expression.MatchString(namespace) {
			return true, true
		}
		known = known && err == nil
	}
	return false, known
}

var scpURL = regexp.MustCompile(`^(ssh://)?([^/:]*?)@[^@]+$`)

// NormalizeURL writes a repository's URL as Argo CD compares it: letter case, .git and the scp form do not matter. What is
// no URL is empty.
func NormalizeURL(repoURL string) string {
	text := strings.ToLower(strings.TrimSpace(repoURL))
	if scpURL.MatchString(text) && !strings.HasPrefix(text, "ssh://") {
		text = "ssh://" + strings.Replace(text, ":", "/", 1)
	}
	parsed, err := url.Parse(strings.TrimSuffix(text, ".git"))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(parsed.String(), "ssh://")
}
