// Package schemas holds the schemas of Kubernetes' own kinds and of the custom kinds that we generate, as one
// compressed bundle, makes JSON schemas of them, and tells how the items of their lists are told apart.
//
// It knows kinds and the shape of their objects, and nothing of the objects themselves, nor of who judges them.
//
// The bundle is made by the program in gen from pinned Go modules. Its text is one line of JSON, the header, then the
// index of kinds, an empty line, and one node a line; {"$ref":N} in a node is node N, so that what many kinds share is kept once.
package schemas

import (
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
)

//go:generate go -C gen run .

//go:embed bundle.zst
var embedded []byte

// Scope says where the objects of a kind live.
type Scope string

// The scopes. NoScope is that of kinds which are not kept in a cluster, and of those nobody told us about.
const (
	NoScope    Scope = ""
	Cluster    Scope = "Cluster"
	Namespaced Scope = "Namespaced"
)

// Kind is a kind in one version of its group.
type Kind struct {
	Group   string `json:"group,omitempty"`
	Version string `json:"version"`
	Kind    string `json:"kind"`
	Scope   Scope  `json:"scope,omitempty"`
}

// APIVersion gives the group and version as an object writes them.
func (k Kind) APIVersion() string {
	if k.Group == "" {
		return k.Version
	}
	return k.Group + "/" + k.Version
}

// Lifecycle says until when Kubernetes has a kind. Versions are major.minor, and empty where nobody said.
type Lifecycle struct {
	Deprecated string `json:"deprecated,omitempty"`
	Removed    string `json:"removed,omitempty"`
	// Replacement is the kind to write instead; it has no name where there is none.
	Replacement Kind `json:"replacement,omitzero"`
}

// Bundle is a set of schemas. It is read when it is first asked for something. It may be used by several goroutines
// at once.
type Bundle struct {
	digest string
	read   func() (*contents, error)
	scopes func() map[string]Scope
	mu     sync.Mutex
}

// Embedded gives the bundle that is built into the program, the same one at every call.
func Embedded() *Bundle { return embeddedBundle() }

var embeddedBundle = sync.OnceValue(func() *Bundle { return New(embedded) })

// New gives the bundle that Write wrote; data must not change afterwards.
func New(data []byte) *Bundle {
	sum := sha256.Sum256(data)
	b := &Bundle{
		digest: hex.EncodeToString(sum[:]),
		read:   sync.OnceValues(func() (*contents, error) { return read(data) }),
	}
	b.scopes = sync.OnceValue(b.allScopes)
	return b
}

// allScopes are the scopes that are known, by group/kind. A bundle that cannot be read has none: who asks for a schema is
// told why.
func (b *Bundle) allScopes() map[string]Scope {
	kinds, _ := b.Kinds()
	scopes := make(map[string]Scope, len(kinds))
	for _, k := range kinds {
		if k.Scope != NoScope {
			scopes[k.Group+"/"+k.Kind] = k.Scope
		}
	}
	return scopes
}

// Digest names the bundle: two bundles of one digest hold the same.
func (b *Bundle) Digest() string { return b.digest }

// Namespaced says whether objects of a kind stand in a namespace; known is false where the bundle does not tell.
func (b *Bundle) Namespaced(group, kind string) (namespaced, known bool) {
	scope, known := b.scopes()[group+"/"+kind]
	return scope == Namespaced, known
}

// Kinds lists the kinds by group, kind and version.
func (b *Bundle) Kinds() ([]Kind, error) {
	c, err := b.read()
	if err != nil {
		return nil, err
	}
	kinds := make([]Kind, len(c.Kinds))
	for i, e := range c.Kinds {
		kinds[i] = e.Kind
	}
	return kinds, nil
}

// Served lists the kinds that there are in a version of Kubernetes, by apiVersion and kind, as Schema knows them.
func (b *Bundle) Served(kubernetes string) (iter.Seq2[string, string], error) {
	c, version, err := b.at(kubernetes)
	if err != nil {
		return nil, err
	}
	return func(yield func(apiVersion, kind string) bool) {
		for _, e := range c.Kinds {
			if _, found := e.line(version); found && !yield(e.APIVersion(), e.Kind.Kind) {
				return
			}
		}
	}, nil
}

// Nearest is the version of Kubernetes by which Schema judges objects for another one.
func (b *Bundle) Nearest(kubernetes string) (string, error) {
	c, version, err := b.at(kubernetes)
	if err != nil {
		return "", err
	}
	return c.Kubernetes[version], nil
}

// Lifecycle says in which versions of Kubernetes, major.minor, a kind of its own gets deprecated and removed, and the apiVersion
// and kind to write instead. What nobody said is empty, as it is where the bundle cannot be read; what one version has and the
// next one lacks is removed in that.
func (b *Bundle) Lifecycle(apiVersion, kind string) (deprecated, removed string, instead [2]string) {
	c, err := b.read()
	if err != nil {
		return "", "", instead
	}
	l := c.lifecycles[[2]string{apiVersion, kind}]
	l.Removed = cmp.Or(l.Removed, c.gone(apiVersion, kind))
	if r := l.Replacement; r.Kind != "" {
		instead = [2]string{r.APIVersion(), r.Kind}
	}
	return l.Deprecated, l.Removed, instead
}

// Own reports whether the kinds of a group are Kubernetes' own: no CustomResourceDefinition changes them. A bundle that cannot be
// read has none.
func (b *Bundle) Own(group string) bool {
	c, err := b.read()
	if err != nil {
		return false
	}
	_, own := slices.BinarySearch(c.Groups, group)
	return own
}

// Kubernetes lists the versions of Kubernetes (major.minor) whose kinds the bundle knows, oldest first.
func (b *Bundle) Kubernetes() ([]string, error) {
	c, err := b.read()
	if err != nil {
		return nil, err
	}
	return slices.Clone(c.Kubernetes), nil
}

// Schema gives the JSON schema (draft 4) of a kind in a version of Kubernetes, major.minor; an empty one is the
// newest. A version that the bundle lacks is judged by the nearest one below it, else by the oldest. The schema is
// closed: fields that it does not name are refused. A kind that the version does not have is not found.
func (b *Bundle) Schema(apiVersion, kind, kubernetes string) (data []byte, found bool, err error) {
	c, version, err := b.at(kubernetes)
	if err != nil {
		return nil, false, err
	}
	line, found := c.line(apiVersion, kind, version)
	if !found {
		return nil, false, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	data, err = jsonSchema(&c.nodes, line)
	return data, err == nil, err
}

// Custom gives the JSON schema of one version of the kind that a CustomResourceDefinition, or a ConstraintTemplate, defines. A
// version that it does not serve is not found.
func (b *Bundle) Custom(definition map[string]any, version string) (data []byte, found bool, err error) {
	entries, err := b.defined(definition)
	if err != nil {
		return nil, false, err
	}
	for _, e := range entries {
		if e.Version != version {
			continue
		}
		p := newPool()
		data, err := jsonSchema(&p.lines, p.line(p.add(trimRoot(e.Node))))
		if err = cmp.Or(p.err, err); err != nil {
			return nil, false, err
		}
		return data, true, nil
	}
	return nil, false, nil
}

// defined lists the kinds that a CustomResourceDefinition, or a ConstraintTemplate, defines.
func (b *Bundle) defined(definition map[string]any) ([]Entry, error) {
	c, err := b.read()
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	metadata, err := c.tree(c.Metadata)
	if err != nil {
		return nil, err
	}
	if _, ok := templateVersion(definition); !ok {
		return Customs(definition, metadata), nil
	}
	line, found := c.line(assign[0], assign[1], len(c.Kubernetes)-1)
	if !found {
		return nil, fmt.Errorf("%s %s is not in the bundle", assign[0], assign[1])
	}
	chooser, err := c.tree(line)
	match, _ := dig(chooser, "properties", "spec", "properties", "match").(Node)
	return Constraints(definition, metadata, match), err
}

// at gives the contents, and the index of the version that objects for one of Kubernetes are judged by.
func (b *Bundle) at(kubernetes string) (c *contents, version int, err error) {
	if c, err = b.read(); err != nil {
		return nil, 0, err
	}
	version, err = nearest(c.Kubernetes, kubernetes)
	return c, version, err
}

// nearest gives the index of the version that objects for want are judged by.
func nearest(versions []string, want string) (int, error) {
	if want == "" {
		return len(versions) - 1, nil
	}
	w, err := parseVersion(want)
	if err != nil {
		return 0, err
	}
	at := 0
	for i, v := range versions {
		have, err := parseVersion(v)
		if err != nil {
			return 0, err
		}
		if slices.Compare(have[:], w[:]) <= 0 {
			at = i
		}
	}
	return at, nil
}

func parseVersion(s string) (version [2]int, err error) {
	if _, err := fmt.Sscanf(strings.TrimPrefix(s, "v"), "%d.%d", &version[0], &version[1]); err != nil {
		return version, fmt.Errorf("kubernetes version %q: want major.minor", s)
	}
	return version, nil
}
