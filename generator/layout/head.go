package layout

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// head is the first line of a generated file: what wrote it, and which key of gitopsgen.yaml changes it. It is empty where a
// file can hold no comment.
func head(id, file string) string {
	text := "Written by gitopsgen " + origin(id)
	switch {
	case path.Ext(file) == ".md":
		return "<!-- " + text + " -->\n"
	case slices.Contains([]string{".yaml", ".yml", ".gitignore", ".gitattributes"}, path.Ext(file)) || path.Base(file) == "CODEOWNERS":
		return "# " + text + "\n"
	}
	return ""
}

// origin says of a file, by its id, which component it is of, and what changes it.
func origin(id string) string {
	of, _, _ := strings.Cut(id, "/")
	switch {
	case of == "bootstrap":
		return "for the bootstrap: clusters and repository of gitopsgen.yaml change it."
	case of == "namespaces":
		return "for the namespaces: the components' parameters in gitopsgen.yaml change them."
	case of == "workloads":
		return "for the workloads: workloads of gitopsgen.yaml changes it."
	case of == "projects" || strings.HasPrefix(of, "team-"):
		return "for the teams: teams of gitopsgen.yaml changes it."
	case id == "repository/waivers":
		return "for its components: what they are excused from. Waivers of your own stand in policies/waivers.yaml."
	case of == "repository":
		return "from gitopsgen.yaml: edit that, and run gitopsgen scaffold."
	}
	name := strings.TrimSuffix(of, "-extras")
	return fmt.Sprintf("for %s: components.%s of gitopsgen.yaml changes it.", name, name)
}
