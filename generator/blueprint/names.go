package blueprint

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// Names that become names of files, folders and objects, or words of a command. A user's blueprint may say anything.
var (
	labelName  = regexp.MustCompile(`^` + label + `$`)
	objectName = regexp.MustCompile(formats["domain"].pattern)
	fileName   = regexp.MustCompile(`^[A-Za-z0-9][-A-Za-z0-9._]*\.(ya?ml|json)$`)
	chartName  = regexp.MustCompile(`^[A-Za-z0-9][-A-Za-z0-9._]*$`)
	secretKey  = regexp.MustCompile(`^[-A-Za-z0-9._]+$`)
	// filePath is that of a file anywhere in the repository, and ownPath where none of a component may be.
	filePath = regexp.MustCompile(`^[-A-Za-z0-9._]+(/[-A-Za-z0-9._]+)*$`)
	// dotted matches paths that lead upwards, nowhere, or to what is Git's.
	dotted  = regexp.MustCompile(`(?i)(^|/)(\.+|\.git)(/|$)`)
	ownPath = regexp.MustCompile(`(?i)(^|/)(\.+|\.git)(/|$)|^(\.gitopsgen|clusters|bootstrap|charts)(/|$)`)
)

// checkNames gives an error for the first name in a platform that cannot be one.
func checkNames(b Blueprint) error {
	for _, platform := range b.Clusters {
		for _, c := range platform.Components {
			if err := c.checkNames(); err != nil {
				return fmt.Errorf("component %q of cluster %q: %w", c.Name, platform.Name, err)
			}
		}
	}
	return nil
}

// names are names of one kind.
type names struct {
	what    string
	pattern *regexp.Regexp
	want    string
	names   []string
}

func (c Component) checkNames() error {
	const lower = "lower-case letters, digits and dashes, at most 63"
	all := []names{
		{"name", labelName, lower, []string{c.Name}},
		{"namespace", labelName, lower, slices.Concat(optional(c.Namespace), slices.Sorted(maps.Keys(c.Namespaces)))},
		{"capability", labelName, lower, optional(c.Capability)},
		{"folder", labelName, lower, slices.Sorted(maps.Keys(c.Folders))},
		{"file", fileName, "a name such as lamp.yaml", slices.Concat(slices.Sorted(maps.Keys(c.Objects)), slices.Sorted(maps.Keys(c.Extras)))},
	}
	for _, chart := range c.Charts {
		all = append(all, names{"chart", chartName, "letters, digits, dashes, dots and underscores", []string{chart.Name}})
	}
	for _, t := range c.Tenants {
		all = append(all,
			names{"tenant", labelName, lower, append([]string{t.Name}, t.Namespaces...)},
			names{"file of tenant " + t.Name, fileName, "a name such as lamp.yaml", slices.Sorted(maps.Keys(t.Objects))})
	}
	for _, s := range c.Secrets {
		all = append(all,
			names{"secret", objectName, "a name of an object", []string{s.Namespace, s.Name}},
			names{"key of secret " + s.Name, secretKey, "letters, digits, dashes, dots and underscores", s.Keys})
	}
	for _, file := range slices.Sorted(maps.Keys(c.Files)) {
		if !filePath.MatchString(file) || ownPath.MatchString(file) {
			return fmt.Errorf("file %q: want a path in the repository, and none of Git's or of gitopsgen's own folders", file)
		}
	}
	for _, n := range all {
		for _, name := range n.names {
			if !n.pattern.MatchString(name) {
				return fmt.Errorf("%s %q: want %s", n.what, name, n.want)
			}
		}
	}
	return nil
}

// optional is a list of a name that may be empty.
func optional(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}
