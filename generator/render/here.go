package render

import (
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
)

// here reports whether a URL is this repository's, and what had to be assumed for that. found says that what is asked of it stands
// here.
func (r *renderer) here(url string, found bool) (is bool, assumed string) {
	switch at := chart.Location(url); {
	case r.ours(url):
		return true, ""
	case !found:
		return false, ""
	case len(r.options.URLs) == 0:
		return true, at + " is taken to be this repository: its paths exist here"
	case r.options.Fork && slices.ContainsFunc(r.options.URLs, func(u string) bool { return nameOf(u) == nameOf(url) }):
		return true, at + " is taken to be what this is a fork of: it has the same name, and its paths exist here"
	}
	return false, ""
}

// nameOf is what the repository at a URL is called.
func nameOf(url string) string {
	return path.Base(strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(url, "/"), ".git")))
}
