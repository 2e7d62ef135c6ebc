package fill

import (
	"errors"
	"regexp"
	"strings"
	"sync"
	"text/template"

	"sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/sprig"
)

// functions are those of Go templates: sprig's, and what Argo CD adds. Nobody may change the map.
var functions = sync.OnceValue(func() template.FuncMap {
	all := sprig.Functions()
	all["normalize"], all["slugify"] = Normalize, Slugify
	all["toYaml"], all["fromYaml"], all["fromYamlArray"] = toYAML, fromYAML, fromYAMLArray
	return all
})

var (
	noName = regexp.MustCompile(`[^-a-z0-9.]`)
	noSlug = regexp.MustCompile(`[^a-z0-9]+`)
)

// maxName is how long a name in Kubernetes may be.
const maxName = 253

// Normalize makes a name of a text that Kubernetes takes.
func Normalize(text string) string {
	text = noName.ReplaceAllString(strings.ToLower(text), "-")
	return strings.Trim(text[:min(len(text), maxName)], "-.")
}

// Slugify makes a slug of its last argument: of the length that the first says, cut between words unless the second says no.
func Slugify(args ...any) (string, error) {
	size, words, text := 50, true, ""
	for i, arg := range args {
		var ok bool
		switch i {
		case len(args) - 1:
			text, ok = arg.(string)
		case 0:
			size, ok = arg.(int)
		case 1:
			words, ok = arg.(bool)
		}
		if !ok {
			return "", errors.New("slugify takes a length, whether words stay whole, and a text")
		}
	}
	if size < 0 {
		return "", errors.New("slugify takes no length below 0")
	}
	text = Normalize(text)
	if !words {
		text = text[:min(len(text), size)]
	}
	text = strings.Trim(noSlug.ReplaceAllString(text, "-"), "-")
	if !words || size == 0 || len(text) <= size {
		return text, nil
	}
	if i := strings.LastIndexByte(text[:size+1], '-'); i >= 0 {
		return text[:i], nil
	}
	return text[:size], nil
}

func toYAML(v any) (string, error) {
	text, err := yaml.Marshal(v)
	return strings.TrimSuffix(string(text), "\n"), err
}

func fromYAML(text string) (map[string]any, error) {
	object := map[string]any{}
	err := Unmarshal(text, &object)
	return object, err
}

func fromYAMLArray(text string) ([]any, error) {
	list := []any{}
	err := Unmarshal(text, &list)
	return list, err
}

// Unmarshal reads YAML of bounded size.
func Unmarshal(text string, to any) error {
	if err := manifest.Bounded([]byte(text)); err != nil {
		return err
	}
	return yaml.Unmarshal([]byte(text), to)
}
