package checkout

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

// Same reports whether two URLs are ways to write one repository's.
func Same(a, b string) bool { return normalise(a) == normalise(b) }

// normalise makes the ways to write one repository's URL equal: scheme, user, .git and the scp form do not matter.
func normalise(url string) string {
	url = strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(url, "/"), ".git"))
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		rest = strings.Replace(url, ":", "/", 1)
	} else if scheme == "file" {
		return url
	}
	if _, after, ok := strings.Cut(rest, "@"); ok {
		rest = after
	}
	return rest
}

// odd are the characters that paths of patterns, and of people, do not have.
var odd = regexp.MustCompile(`[^a-z0-9._:~+-]`)

// rootOf is the folder under which the files of a repository are known, made of its URL; empty where that is no URL. It ends with
// .git, so that none stands in another.
func rootOf(url string) string {
	if strings.ContainsAny(url, " \t\n?#") {
		return ""
	}
	var steps []string
	for _, step := range strings.Split(strings.TrimPrefix(normalise(url), "file://"), "/") {
		if step = odd.ReplaceAllString(step, "_"); strings.Trim(step, ".") != "" {
			steps = append(steps, strings.TrimSuffix(step, ".git"))
		}
	}
	if len(steps) < 2 {
		return ""
	}
	return path.Join(steps...) + ".git"
}

// Remote is a directory of another repository, as kustomize is told of one.
type Remote struct {
	// URL is the repository's, Dir the path in it; Revision is empty where none is named.
	URL, Dir, Revision string
}

// onGitHub matches what kustomize takes for a repository of github.com without being told where that ends.
var onGitHub = regexp.MustCompile(`(?i)^((?:git::)?(?:(?:https?|ssh)://)?(?:[a-z0-9-]+@)?(?:www\.)?github\.com[/:][^/]+/[^/]+)(?:/|$)`)

// ReadRemote reads what kustomize is told of a directory of another repository. Where the repository ends, two slashes say, else
// .git, else github.com's habit; else it is all of the path.
func ReadRemote(name string) Remote {
	name, query, _ := strings.Cut(name, "?")
	r := Remote{URL: strings.TrimPrefix(name, "git::")}
	if values, err := url.ParseQuery(query); err == nil {
		if r.Revision = values.Get("ref"); r.Revision == "" {
			r.Revision = values.Get("version")
		}
	}
	scheme, rest, ok := strings.Cut(r.URL, "://")
	if scheme += "://"; !ok {
		scheme, rest = "", r.URL
	}
	before, at, azure := strings.Cut(rest, "/_git/")
	repository, dir, marked := strings.Cut(rest, "//")
	named, below, suffixed := strings.Cut(rest, ".git/")
	switch match := onGitHub.FindStringSubmatch(rest); {
	case azure:
		repository, dir, _ = strings.Cut(at, "/")
		repository = before + "/_git/" + repository
	case marked:
	case suffixed:
		repository, dir = named+".git", below
	case match != nil:
		repository, dir = match[1], strings.TrimPrefix(rest[len(match[1]):], "/")
	}
	r.URL, r.Dir = scheme+repository, path.Clean(strings.TrimLeft(dir, "/"))
	return r
}
