package render

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

var (
	// remote matches what kustomize would fetch: by HTTP, or with Git.
	remote = regexp.MustCompile(`(?i)^(git::)?([a-z][a-z0-9+.-]*://|[a-z][a-z0-9-]*@|(www\.)?github\.com[/:])`)
	// byHTTP matches URLs of files, inGit those by HTTP that are of a repository all the same.
	byHTTP = regexp.MustCompile(`(?i)^https?:`)
	inGit  = regexp.MustCompile(`\.git(/|\?|$)|[?&](ref|version)=|^https?://(www\.)?github\.com/[^/]+/[^/]+(/?$|//|/tree/)|^https?://[^/]+/.*//`)
	// fileURL matches URLs that cannot be of anything else than a file.
	fileURL = regexp.MustCompile(`\.(ya?ml|json)$`)
)

// untold stands for an error that may quote what was fetched.
const untold = "it does not work with what was fetched by URL; --show-fetched says why"

// fetch gets a file by its URL. ok is false where it could not be had, which is told.
func (b *builder) fetch(ctx context.Context, at manifest.Place, url string) (data []byte, ok bool) {
	var unavailable *chart.Unavailable
	switch {
	case !byHTTP.MatchString(url) || inGit.MatchString(url):
		b.skip(hintFiles, "%s is in another Git repository, which this version does not fetch", shown(url))
		return nil, false
	case b.options.File == nil:
		b.skip(hintFiles, "%s is remote, and the network may not be used", shown(url))
		return nil, false
	}
	data, err := b.options.File(ctx, url)
	b.secret = b.secret || !b.options.ShowFetched
	switch {
	case errors.As(err, &unavailable):
		b.skip(hintFiles, "%s: %s", shown(url), unavailable.Reason)
	case err != nil && ctx.Err() == nil:
		b.fail(at, "%s: %s", shown(url), oneLine(err.Error()))
	}
	return data, err == nil
}

// shown is a URL for people to read, without a password.
func shown(url string) string { return chart.Location(url) }

// remotes gives a kustomization with what it names by URL put beside it, for kustomize would fetch it itself.
func (b *builder) remotes(ctx context.Context, k kustomization, l layer) (kustomization, error) {
	names := map[*reference]string{}
	var order []*reference
	for i, ref := range k.references() {
		if !b.isRemote(k, ref) {
			continue
		}
		at := k.place(ref.at...)
		data, ok := b.fetch(ctx, at, ref.name)
		if !ok {
			b.blocked = true
			continue
		}
		b.fetched(ref, at, data, l)
		name := fmt.Sprintf("%s/remote-%d.yaml", chartsDir, i)
		b.fs.files[path.Join(k.dir, name)] = data
		names[&ref] = name
		order = append(order, &ref)
	}
	if len(order) == 0 || ctx.Err() != nil {
		return k, ctx.Err()
	}
	text, err := json.Marshal(k.Kustomization)
	if err != nil {
		return k, err
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return k, err
	}
	for _, ref := range order {
		put(fields, ref.at, names[ref], path.Base(ref.name))
	}
	if text, err = json.Marshal(fields); err != nil {
		return k, err
	}
	k.Kustomization = types.Kustomization{}
	return k, errors.Join(json.Unmarshal(text, &k.Kustomization), b.fs.write(k.file, k.Kustomization))
}

// isRemote reports whether kustomize would fetch what a kustomization names. A URL it fetches though a file be called so;
// what looks like a repository of Git only where no file is.
func (b *builder) isRemote(k kustomization, ref reference) bool {
	_, here := b.repo.tree.File(path.Join(k.dir, ref.name))
	return ref.use != asInline && (byHTTP.MatchString(ref.name) || !here && remote.MatchString(ref.name))
}

// fetched looks at what was fetched as at what stands in the repository.
func (b *builder) fetched(ref reference, at manifest.Place, data []byte, l layer) {
	if ref.use == asData {
		return
	}
	objects, problems := manifest.Parse(ref.name, data)
	for _, p := range problems {
		if !fileURL.MatchString(ref.name) {
			b.blocked = true // a page about a repository, say
			b.skip(hintFiles, "%s is no YAML", shown(ref.name))
			return
		}
		if b.secret {
			p.Message = "it is not the YAML of objects; --show-fetched says why"
		}
		p.Place.File = shown(ref.name)
		b.fail(at, "%s: %s", p.Place, p.Message)
	}
	for _, res := range flattenNamed(objects) {
		if ref.use == asConfig || l.config {
			b.config(res)
		}
		if ref.use == asResource {
			res.Origin = manifest.Origin{Place: at} // no file of the repository holds it
			b.origins.add(res, l)
		}
	}
}

// put sets a name in a kustomization. Where it is the file of a generator, its key stays what it was.
func put(fields any, at []any, name, key string) {
	last := len(at) - 1
	if last > 0 && at[last-1] == "files" {
		text, _ := manifest.Dig(fields, at...).(string)
		if given, _, ok := strings.Cut(text, "="); ok {
			key = given
		}
		name = key + "=" + name
	}
	switch parent := manifest.Dig(fields, at[:last]...).(type) {
	case map[string]any:
		parent[at[last].(string)] = name
	case []any:
		parent[at[last].(int)] = name
	}
}
