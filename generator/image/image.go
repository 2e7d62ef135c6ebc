// Package image finds the container images that Kubernetes objects name, in pods and elsewhere.
//
// It knows what an image's name looks like and where charts hide them, and nothing of registries.
package image

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Whole writes out the name of an image as container runtimes do: without a registry it is one of docker.io.
func Whole(name string) string {
	host, path, found := strings.Cut(name, "/")
	switch {
	case !found:
		return "docker.io/library/" + name
	case host == "docker.io" && !strings.Contains(path, "/"):
		return "docker.io/library/" + path
	case strings.ContainsAny(host, ".:") || host == "localhost":
		return name
	default:
		return "docker.io/" + name
	}
}

// Split parts an image's name from its version: the digest where there is one, else the tag, else nothing.
func Split(whole string) (name, version string) {
	name, digest, found := strings.Cut(whole, "@")
	tag := ""
	if i := strings.LastIndex(name, ":"); i > strings.LastIndex(name, "/") {
		name, tag = name[:i], name[i+1:]
	}
	if found {
		return name, digest
	}
	return name, tag
}

const (
	path   = `[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*`
	tag    = `:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`
	digest = `@sha256:[0-9a-f]{64}`
	host   = `(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::[0-9]+)?|[a-z0-9.-]+:[0-9]+`
)

// Names of bounded length make large expressions: these are compiled when they are first needed, not at each start of the program.
var (
	// name matches a whole text that is an image's name; version that its end says which image of that name it is.
	name    = compiled(`^(?:(?:` + host + `)/)?` + path + `(?:/` + path + `)*(?:` + tag + `)?(?:` + digest + `)?$`)
	version = compiled(`(?:` + tag + `|` + digest + `)$`)
	// within matches names in a longer text: with a registry and a version, and not as a part of a URL.
	within = compiled(`(?:^|[^A-Za-z0-9_./:@-])((?:` + host + `)/` + path + `(?:/` + path + `)*(?:(?:` + tag + `)(?:` + digest + `)?|` + digest + `))`)
	// named matches keys, variables and flags whose value is an image.
	named = compiled(`(?i)image$`)
)

func compiled(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// Find gives the images that an object names, each once, whole and sorted: those of its pods, and those in arguments,
// environment, ConfigMaps and custom resources, for which an operator makes pods.
func Find(object map[string]any) []string {
	if object["kind"] == "CustomResourceDefinition" {
		return nil // its texts are about images, and it runs none
	}
	found := map[string]bool{}
	visit("", object, func(name string) string {
		found[name] = true
		return name
	})
	return slices.Sorted(maps.Keys(found))
}

// Rename gives an object with other images, by their whole names. Images in parts, a registry here and a repository there,
// stay.
func Rename(object map[string]any, names map[string]string) map[string]any {
	renamed, _ := visit("", object, func(name string) string {
		if to, ok := names[name]; ok {
			return to
		}
		return name
	}).(map[string]any)
	return renamed
}

// visit calls rename for each image in a value that stands under a key, and gives the value with what it returns.
func visit(key string, value any, rename func(whole string) string) any {
	switch value := value.(type) {
	case map[string]any:
		if whole := parts(key, value); whole != "" {
			rename(whole)
		}
		out := make(map[string]any, len(value))
		for k, v := range value {
			under := k
			if variable, ok := value["name"].(string); ok && k == "value" {
				under = variable
			}
			if k == "reference" && key == "image" { // a volume
				under = key
			}
			out[k] = visit(under, v, rename)
		}
		return out
	case []any:
		out := make([]any, len(value))
		under := key
		for i, item := range value {
			out[i] = visit(under, item, rename)
			under = key
			if text, ok := item.(string); ok && strings.HasPrefix(text, "-") && !strings.Contains(text, "=") {
				under = text // --some-image NAME
			}
		}
		return out
	case string:
		return in(key, value, rename)
	}
	return value
}

// in renames the images in a text.
func in(key, text string, rename func(whole string) string) string {
	if flag, value, ok := strings.Cut(text, "="); ok && strings.HasPrefix(flag, "-") && !strings.ContainsAny(flag, " \n") {
		return flag + "=" + in(flag, value, rename)
	}
	if named().MatchString(key) && name().MatchString(text) && (key == "image" || version().MatchString(text)) {
		return renamed(text, rename)
	}
	var out strings.Builder
	end := 0
	for _, m := range within().FindAllStringSubmatchIndex(text, -1) {
		out.WriteString(text[end:m[2]])
		out.WriteString(renamed(text[m[2]:m[3]], rename))
		end = m[3]
	}
	return out.String() + text[end:]
}

// renamed renames one image. Where it keeps its name it stays as it was written.
func renamed(name string, rename func(whole string) string) string {
	whole := Whole(name)
	if to := rename(whole); to != whole {
		return to
	}
	return name
}

// parts puts together an image that is given in parts: registry, repository, tag, digest. It is empty where there is none.
func parts(key string, value map[string]any) string {
	whole, _ := value["repository"].(string)
	if !named().MatchString(key) || whole == "" {
		return ""
	}
	if registry, _ := value["registry"].(string); registry != "" {
		whole = registry + "/" + whole
	}
	if tag, _ := value["tag"].(string); tag != "" {
		whole += ":" + tag
	}
	if digest, _ := value["digest"].(string); digest != "" {
		whole += "@" + digest
	}
	if !name().MatchString(whole) {
		return ""
	}
	return Whole(whole)
}

// Used is one image, what it is a copy of, and what runs it.
type Used struct {
	Image  string `json:"image"`
	Source string `json:"source"`
	// Users are the objects that name it, with their Application: "Deployment lights/lamp of prod-lamp"; of a record it
	// may be the Application alone.
	Users []string `json:"users"`
}
