package render

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

var (
	// remote matches what kustomize would fetch: by HTTP, or with Git.
	remote = regexp.MustCompile(`(?i)^(git::)?([a-z][a-z0-9+.-]*://|[a-z][a-z0-9-]*@|(www\.)?github\.com[/:])`)
	// byHTTP matches URLs of files, inGit those by HTTP that are of a repository all the same.
	byHTTP = regexp.MustCompile(`^https?://`)
	inGit  = regexp.MustCompile(`\.git(/|\?|$)|[?&](ref|version)=|^https?://(www\.)?github\.com/[^/]+/[^/]+(/?$|//|/tree/)|^https?://[^/]+/.*//`)
	// isFile matches URLs that cannot be of anything else than a file.
	isFile = regexp.MustCompile(`\.(ya?ml|json)$`)
)

// fetch gets a file by its URL. ok is false where it could not be had, which is told.
func (b *builder) fetch(ctx context.Context, at manifest.Place, url string) (data []byte, ok bool) {
	var unavailable *chart.Unavailable
	switch {
	case !byHTTP.MatchString(url) || inGit.MatchString(url):
		b.skip("%s is in another Git repository, which this version does not fetch", shown(url))
		return nil, false
	case b.options.File == nil:
		b.skip("%s is remote, and the network may not be used", shown(url))
		return nil, false
	}
	data, err := b.options.File(ctx, url)
	switch {
	case errors.As(err, &unavailable):
		b.skip("%s: %s", shown(url), unavailable.Reason)
	case err != nil && ctx.Err() == nil:
		b.fail(at, "%s: %s", shown(url), oneLine(err.Error()))
	}
	return data, err == nil
}

// shown is a URL for people to read, without a password.
func shown(url string) string {
	if !strings.Contains(url, "://") {
		return url
	}
	return chart.Location(url)
}

// remoteResources gives a kustomization with what it names by URL among its resources put beside it, for kustomize would
// fetch it itself.
func (b *builder) remoteResources(ctx context.Context, k kustomization, l layer) (kustomization, error) {
	resources := slices.Clone(k.Resources)
	for i, name := range k.Resources {
		if _, isFile := b.repo.tree.File(path.Join(k.dir, name)); isFile || !remote.MatchString(name) {
			continue
		}
		at := k.place("resources", i)
		data, ok := b.fetch(ctx, at, name)
		if !ok {
			b.blocked = true
			continue
		}
		objects, problems := manifest.Parse(name, data)
		for _, p := range problems {
			if !isFile.MatchString(name) {
				b.blocked = true // a page about a repository, say
				b.skip("%s is no YAML", shown(name))
				break
			}
			b.fail(at, "%s:%d:%d: %s", shown(name), p.Place.Line, p.Place.Column, p.Message)
		}
		for _, res := range flatten(objects) {
			// No file of the repository holds it.
			res.Origin = manifest.Origin{Place: at}
			b.origins.add(res, l)
		}
		resources[i] = fmt.Sprintf("%s/remote-%d.yaml", chartsDir, i)
		b.fs.files[path.Join(k.dir, resources[i])] = data
	}
	if slices.Equal(resources, k.Resources) {
		return k, ctx.Err()
	}
	k.Resources = resources
	return k, errors.Join(b.fs.write(k.file, k.Kustomization), ctx.Err())
}
