// Package image finds the container images that Kubernetes objects name, in pods and elsewhere.
//
// It knows what an image's name looks like and where charts hide them, and nothing of registries.
package image

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Whole writes out the name of an image as container runtimes do: without a registry it is one of docker.io.
func Whole(name string) string {
	host, _, found := strings.Cut(name, "/")
	switch {
	case !found:
		return "docker.io/library/" + name
	case strings.ContainsAny(host, ".:") || host == "localhost":
		return name
	default:
		return "docker.io/" + name
	}
}

const (
	path   = `[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*`
	tag    = `:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`
	digest = `@sha256:[0-9a-f]{64}`
	host   = `(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::[0-9]+)?|[a-z0-9.-]+:[0-9]+`
)

var (
	// name matches a whole text that is an image's name; version that its end says which image of that name it is.
	name    = regexp.MustCompile(`^(?:(?:` + host + `)/)?` + path + `(?:/` + path + `)*(?:` + tag + `)?(?:` + digest + `)?$`)
	version = regexp.MustCompile(`(?:` + tag + `|` + digest + `)$`)
	// within matches names in a longer text: with a registry and a version, and not as a part of a URL.
	within = regexp.MustCompile(`(?:^|[^A-Za-z0-9_./:@-])((?:` + host + `)/` + path + `(?:/` + path + `)*(?:(?:` + tag + `)(?:` + digest + `)?|` + digest + `))`)
	// named matches keys, variables and flags whose value is an image.
	named = regexp.MustCompile(`(?i)image$`)
)

// Find gives the images that an object names, each once, whole and sorted: those of its pods, and those in arguments,
// environment, ConfigMaps and custom resources, for which an operator makes pods.
func Find(object map[string]any) []string {
	if object["kind"] == "CustomResourceDefinition" {
		return nil // its texts are about images, and it runs none
	}
	found := map[string]bool{}
	walk("", object, found)
	return slices.Sorted(maps.Keys(found))
}

// walk looks at a value that stands under a key.
func walk(key string, value any, found map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		parts(key, value, found)
		for _, k := range slices.Sorted(maps.Keys(value)) {
			under := k
			if variable, ok := value["name"].(string); ok && k == "value" {
				under = variable
			}
			if k == "reference" && key == "image" { // a volume
				under = key
			}
			walk(under, value[k], found)
		}
	case []any:
		under := key
		for _, item := range value {
			text, isText := item.(string)
			flag, _, given := strings.Cut(text, "=")
			walk(under, item, found)
			under = key
			if isText && strings.HasPrefix(text, "-") && !given {
				under = flag // --some-image NAME
			}
		}
	case string:
		in(key, value, found)
	}
}

// in looks for images in a text.
func in(key, text string, found map[string]bool) {
	if flag, value, ok := strings.Cut(text, "="); ok && strings.HasPrefix(flag, "-") && !strings.ContainsAny(flag, " \n") {
		key, text = flag, value
	}
	text = strings.TrimSpace(text)
	if named.MatchString(key) && name.MatchString(text) && (key == "image" || version.MatchString(text)) {
		found[Whole(text)] = true
		return
	}
	for _, m := range within.FindAllStringSubmatch(text, -1) {
		found[m[1]] = true
	}
}

// parts puts together an image that is given in parts: registry, repository, tag, digest.
func parts(key string, value map[string]any, found map[string]bool) {
	repository, _ := value["repository"].(string)
	if !named.MatchString(key) || repository == "" {
		return
	}
	if registry, _ := value["registry"].(string); registry != "" {
		repository = registry + "/" + repository
	}
	if tag, _ := value["tag"].(string); tag != "" {
		repository += ":" + tag
	}
	if digest, _ := value["digest"].(string); digest != "" {
		repository += "@" + digest
	}
	if name.MatchString(repository) {
		found[Whole(repository)] = true
	}
}
