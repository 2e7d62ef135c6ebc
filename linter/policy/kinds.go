package policy

import (
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// kinds are those that a policy judges; the zero value are all.
type kinds struct {
	listed []kind
	// pods says that those that run pods are among them: lib.workloads knows these, and they are filled in as running.
	pods    bool
	running []kind
}

// kind names a kind, of all groups where any says so.
type kind struct {
	group, name string
	any         bool
}

// withPods stands in METADATA for all kinds that run pods.
const withPods = "pods"

// parseKind reads Kind, which any group may have, or group/Kind.
func parseKind(text string) (k kind, ok bool) {
	group, name, given := strings.Cut(text, "/")
	if !given {
		return kind{name: text, any: true}, text != ""
	}
	if group == "core" {
		group = ""
	}
	return kind{group: group, name: name}, name != "" && !strings.Contains(name, "/") && (group != "" || strings.HasPrefix(text, "core/"))
}

func (k kinds) has(id manifest.ID) bool {
	is := func(k kind) bool { return k.name == id.Kind && (k.any || k.group == id.Group) }
	return len(k.listed) == 0 && !k.pods || slices.ContainsFunc(k.listed, is) || slices.ContainsFunc(k.running, is)
}
