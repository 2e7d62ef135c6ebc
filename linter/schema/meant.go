package schema

import (
	"cmp"
	"fmt"
	"iter"
	"strings"

	"github.com/agnivade/levenshtein"
	"k8s.io/apimachinery/pkg/version"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// meant is the kind that somebody may have meant who wrote another; the zero one is that nobody can tell.
type meant struct {
	apiVersion, kind string
	// field is the one to mend, where that is one.
	field string
	// text says it in a message.
	text string
}

// fault names the field at fault.
func (m meant) fault() string { return cmp.Or(m.field, "kind") }

// fix says what to write; empty where nobody can tell.
func (m meant) fix() string {
	switch {
	case m.kind == "":
		return ""
	case m.field == "apiVersion":
		return "write apiVersion: " + m.apiVersion
	case m.field == "kind":
		return "write kind: " + m.kind
	}
	return fmt.Sprintf("write apiVersion: %s and kind: %s", m.apiVersion, m.kind)
}

// candidate is a kind that there is, with how far it is from the one that was written.
type candidate struct {
	id          manifest.ID
	group, kind int
	// others says that another group has a kind that is as near.
	others bool
}

// meant finds the kind that was meant by that of r: of the same name in another version, or in another group where the one
// that was written is Kubernetes' or none, else of a name that is near in a group that is near.
func (a *assigner) meant(r manifest.Resource) (meant, error) {
	var best candidate
	kubernetes := a.in.KubernetesOf(r.Origin.Cluster)
	served, err := a.source.Served(kubernetes)
	if err != nil {
		return meant{}, err
	}
	for _, kinds := range []iter.Seq2[string, string]{served, a.defined(r.Origin.Cluster)} {
		for apiVersion, kind := range kinds {
			id := manifest.NewID(map[string]any{"apiVersion": apiVersion, "kind": kind})
			if c, near := a.near(r.ID, id); near {
				best = a.better(best, c)
			}
		}
	}
	if best.id.Kind == "" || best.others {
		return meant{}, nil
	}
	return a.suggest(r.ID, best.id, kubernetes), nil
}

// suggest words that to was meant by from.
func (a *assigner) suggest(from, to manifest.ID, kubernetes string) meant {
	m := meant{apiVersion: to.APIVersion(), kind: to.Kind}
	switch {
	case m.kind != from.Kind && m.apiVersion != from.APIVersion():
		m.text = fmt.Sprintf(" (did you mean %q?)", m.apiVersion+" "+m.kind)
	case m.kind != from.Kind:
		m.field, m.text = "kind", fmt.Sprintf(" (did you mean %q?)", m.kind)
	case a.source.Own(to.Group):
		m.field, m.text = "apiVersion", fmt.Sprintf(": %s has %s in %s", strings.TrimSpace("Kubernetes "+kubernetes), m.kind, m.apiVersion)
	default:
		m.field, m.text = "apiVersion", fmt.Sprintf(" (did you mean %q?)", m.apiVersion)
	}
	return m
}

// elsewhere is how far a group is from one that is spelt otherwise, where somebody forgot which group a kind is in.
const elsewhere = 10

// near reports whether to may have been meant by from.
func (a *assigner) near(from, to manifest.ID) (candidate, bool) {
	kind, ok := distance(from.Kind, to.Kind, 3)
	if !ok || to == (manifest.ID{Group: from.Group, Version: from.Version, Kind: from.Kind}) { // which could not be read
		return candidate{}, false
	}
	group, ok := distance(from.Group, to.Group, 2)
	if !ok {
		forgotten := kind == 0 && (a.source.Own(from.Group) || !strings.Contains(from.Group, "."))
		return candidate{id: to, group: elsewhere}, forgotten
	}
	return candidate{id: to, group: group, kind: kind}, true
}

// longestName is what a name in Kubernetes may have. Telling how far longer ones are from each other would take long.
const longestName = 253

// distance counts the letters by which a name is not what was written; not ok is that these are too many, which is more than
// most or a third of them. Capitals are no others.
func distance(written, name string, most int) (letters int, ok bool) {
	most = max(1, min(most, len(written)/3))
	if len(written) > longestName || max(len(written)-len(name), len(name)-len(written)) > most {
		return 0, false
	}
	letters = levenshtein.ComputeDistance(strings.ToLower(written), strings.ToLower(name))
	return letters, letters <= most
}

// better gives the nearer of two candidates. Kubernetes' own kinds come first, of the versions of a group the most stable one.
func (a *assigner) better(x, y candidate) candidate {
	if x.id.Kind == "" {
		return y
	}
	own := func(c candidate) int {
		if a.source.Own(c.id.Group) {
			return 0
		}
		return 1
	}
	nearer := cmp.Or(cmp.Compare(x.group, y.group), cmp.Compare(x.kind, y.kind), own(x)-own(y))
	switch {
	case nearer < 0:
		return x
	case nearer > 0:
		return y
	case x.id.Group != y.id.Group:
		x.others = true
		return x
	}
	if cmp.Or(-version.CompareKubeAwareVersionStrings(x.id.Version, y.id.Version), cmp.Compare(x.id.Kind, y.id.Kind)) > 0 {
		x.id = y.id
	}
	return x
}
