package listing

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// Schemas are the formats of which kinds there are schemas of.
var Schemas = map[string]func(io.Writer, SchemaBundle) error{
	"json": schemasJSON,
	"text": schemasText,
}

// SchemaBundle is what there are schemas of.
type SchemaBundle struct {
	// Kubernetes are its versions, oldest first, Modules what the schemas were made from, as module@version.
	Kubernetes, Modules []string
	// Kinds come by group, kind and version; Part is what was asked for of their names, empty is all.
	Kinds []SchemaRow
	Part  string
}

// CoreGroup is what people call the group that has no name.
const CoreGroup = "core"

// SchemaRow is a kind in one version of its group. What nobody said is empty.
type SchemaRow struct {
	Group, Kind, Version, Scope string
	// Since, Deprecated and Removed are versions of Kubernetes, of its own kinds: the first that has it, and those that
	// deprecate and remove it.
	Since, Deprecated, Removed string
}

// schemaKind is a kind with its versions in JSON; its form is versioned by the field schema.
type schemaKind struct {
	Group    string          `json:"group"`
	Kind     string          `json:"kind"`
	Scope    string          `json:"scope,omitempty"`
	Versions []schemaVersion `json:"versions"`
}

type schemaVersion struct {
	Version    string `json:"version"`
	Since      string `json:"since,omitempty"`
	Deprecated string `json:"deprecated,omitempty"`
	Removed    string `json:"removed,omitempty"`
}

func (v schemaVersion) String() string {
	var said []string
	for _, one := range []struct{ word, version string }{{"since", v.Since}, {"deprecated in", v.Deprecated}, {"removed in", v.Removed}} {
		if one.version != "" {
			said = append(said, one.word+" "+one.version)
		}
	}
	if len(said) == 0 {
		return v.Version
	}
	return v.Version + " (" + strings.Join(said, ", ") + ")"
}

// kinds gathers the versions of each kind.
func (b SchemaBundle) kinds() []schemaKind {
	kinds := []schemaKind{}
	for _, row := range b.Kinds {
		last := len(kinds) - 1
		if last < 0 || kinds[last].Group != row.Group || kinds[last].Kind != row.Kind {
			kinds = append(kinds, schemaKind{Group: row.Group, Kind: row.Kind, Scope: row.Scope})
			last++
		}
		kinds[last].Versions = append(kinds[last].Versions, schemaVersion{row.Version, row.Since, row.Deprecated, row.Removed})
	}
	return kinds
}

func schemasJSON(w io.Writer, b SchemaBundle) error {
	return escape.JSON(w, map[string]any{"schema": 1, "kubernetes": b.Kubernetes, "modules": b.Modules, "kinds": b.kinds()})
}

// schemasText writes what there is, a row for each kind and, of all, what they are made from.
func schemasText(w io.Writer, b SchemaBundle) error {
	kinds := b.kinds()
	fmt.Fprintf(w, "%s, for Kubernetes %s\n\n", wording.Count(len(kinds), "kind"), span(b.Kubernetes))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "group\tkind\tscope\tversions")
	for _, k := range kinds {
		var versions []string
		for _, v := range k.Versions {
			versions = append(versions, v.String())
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", cmp.Or(k.Group, CoreGroup), k.Kind, cmp.Or(k.Scope, "-"), strings.Join(versions, ", "))
	}
	if err := t.Flush(); err != nil || b.Part != "" {
		return err
	}
	_, err := fmt.Fprintf(w, "\nfrom\n%s\n", strings.Join(modules(b.Modules), "\n"))
	return err
}

// span names the first and the last of versions.
func span(versions []string) string {
	if len(versions) < 2 {
		return strings.Join(versions, "")
	}
	return versions[0] + " to " + versions[len(versions)-1]
}

// major is how the path of a module ends from its second major version on.
var major = regexp.MustCompile(`/v\d+$`)

// modules names modules with their versions as people do, several versions of one together.
func modules(all []string) (said []string) {
	last := ""
	for _, module := range all {
		name, version, _ := strings.Cut(module, "@")
		if name = major.ReplaceAllString(strings.TrimPrefix(name, "github.com/"), ""); name == last {
			said[len(said)-1] += ", " + version
		} else {
			said = append(said, name+" "+version)
		}
		last = name
	}
	return said
}
