package schemas

import (
	"slices"
	"strings"
)

// Row is a kind in one version of its group, and which versions of Kubernetes, major.minor, have it.
type Row struct {
	Group, Kind, Version, Scope string
	// Since is the first version that has it; empty is the oldest that the bundle knows, or that it does not depend on Kubernetes.
	// Deprecated and Removed are as in Lifecycle.
	Since, Deprecated, Removed string
}

// Rows lists the kinds that objects can be of, by group, kind and version: those of a version of Kubernetes as Schema has it, or
// those of any where that is empty. Lists, and what is but asked and answered by the API server, are left out.
func (b *Bundle) Rows(kubernetes string) ([]Row, error) {
	c, version, err := b.at(kubernetes)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, e := range c.Kinds {
		_, own := slices.BinarySearch(c.Groups, e.Group)
		if own && e.Scope == NoScope || strings.HasSuffix(e.Kind.Kind, "List") && e.Scope == NoScope {
			continue
		}
		if _, served := e.line(version); kubernetes != "" && !served {
			continue
		}
		r := Row{Group: e.Group, Kind: e.Kind.Kind, Version: e.Version, Scope: string(e.Scope)}
		if since := slices.IndexFunc(e.Lines, func(line int) bool { return line >= 0 }); since > 0 {
			r.Since = c.Kubernetes[since]
		}
		r.Deprecated, r.Removed, _ = b.Lifecycle(e.APIVersion(), r.Kind)
		rows = append(rows, r)
	}
	return rows, nil
}

// Modules are what the bundle was made from, as module@version.
func (b *Bundle) Modules() ([]string, error) {
	c, err := b.read()
	if err != nil {
		return nil, err
	}
	return slices.Clone(c.header.Modules), nil
}
