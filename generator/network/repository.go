package network

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/chart"
)

// releases lists the versions of a chart that the index of an HTTP repository has.
func (n *Network) releases(ctx context.Context, ref chart.Ref) (at repository, list []release, err error) {
	known, err := n.known()
	if err != nil {
		return at, nil, err
	}
	if at, err = repositoryAt(known, ref.Repo); err != nil {
		return at, nil, err
	}
	found, err := n.indexes.Do(ctx, ref.Repo, func() (index, error) { return n.index(ctx, at, ref.Repo) })
	if err != nil {
		return at, nil, err
	}
	list, err = found.releases(ref.Name)
	if errors.Is(err, errTooManyReleases) {
		return at, nil, unavailable("the index of %s has more versions of %s than anybody reads", chart.Location(ref.Repo), ref.Name)
	}
	if err != nil {
		return at, nil, unavailable("the index of %s is damaged at %s", chart.Location(ref.Repo), ref.Name)
	}
	return at, list, nil
}

// versionsOf are those that releases are of.
func versionsOf(list []release) []string {
	versions := make([]string, len(list))
	for i, r := range list {
		versions[i] = r.Version
	}
	return versions
}

// download gets an archive from an HTTP repository, by its index.
func (n *Network) download(ctx context.Context, ref chart.Ref) ([]byte, error) {
	at, list, err := n.releases(ctx, ref)
	if err != nil {
		return nil, err
	}
	one, ok := pick(list, ref.Version)
	if !ok {
		return nil, missing(ref.Repo, ref, versionsOf(list))
	}
	if len(one.URLs) == 0 {
		return nil, unavailable("the index of %s has no URL for it", chart.Location(ref.Repo))
	}
	return n.archive(ctx, at, ref, one)
}

// archive gets the archive that an index names, and holds it against the digest there.
func (n *Network) archive(ctx context.Context, at repository, ref chart.Ref, one release) ([]byte, error) {
	want := ""
	if one.Digest != "" {
		want = "sha256:" + strings.TrimPrefix(one.Digest, "sha256:")
		if data := n.cached(ref)(want); data != nil {
			return data, nil
		}
	}
	from, err := url.Parse(strings.TrimSuffix(chart.Location(ref.Repo), "/") + "/")
	if err != nil {
		return nil, err
	}
	file, err := from.Parse(one.URLs[0])
	if err != nil {
		return nil, unavailable("the index of %s has %q for its URL", chart.Location(ref.Repo), one.URLs[0])
	}
	if file.Scheme == "oci" {
		name, tag := cutTag(file.Host + file.Path)
		return n.registry.pull(ctx, name, tag, ref, n.cached(ref))
	}
	if from.Scheme == "https" && file.Scheme != "https" {
		return nil, unavailable("the index of %s sends us on to %s, which is not encrypted", chart.Location(ref.Repo), chart.Location(file.String()))
	}
	client, err := n.client(at, from, file)
	if err != nil {
		return nil, err
	}
	data, _, err := n.get(ctx, client, file, nil, chart.MaxArchive)
	switch {
	case errors.Is(err, errOversize):
		return nil, fmt.Errorf("its archive %w", chart.ErrTooLarge)
	case errors.Is(err, errNotFound):
		return nil, unavailable("%s answers 404, though the index of its repository names it", chart.Location(file.String()))
	case err != nil:
		return nil, err
	case want != "" && chart.Digest(data) != want:
		return nil, fmt.Errorf("its archive is %s, and the index of its repository has %s", chart.Digest(data), want)
	}
	return data, nil
}

// client is what asks a repository for what stands at target.
func (n *Network) client(at repository, from, target *url.URL) (*http.Client, error) {
	base := n.base
	config, err := at.tls(n.options.Roots)
	if err != nil {
		return nil, err
	}
	// A certificate of our own, and doing without theirs, are for the repository's own host.
	if config != nil && (at.PassAll || origin(target) == origin(from)) {
		base = n.base.Clone()
		base.TLSClientConfig = config
	}
	var round http.RoundTripper = transport{base, n.guard, n.hosts}
	if at.Username != "" || at.Password != "" {
		l := login{base: round, repository: at, origins: []string{origin(from)}}
		if at.PassAll {
			l.origins = append(l.origins, origin(target))
		}
		round = l
	}
	return &http.Client{Transport: round, CheckRedirect: stayEncrypted}, nil
}

// index gets the index of a repository; where it is still the one in the cache, that one.
func (n *Network) index(ctx context.Context, at repository, repo string) (index, error) {
	u, err := url.Parse(strings.TrimSuffix(chart.Location(repo), "/") + "/index.yaml")
	if err != nil {
		return nil, err
	}
	client, err := n.client(at, u, u)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	old, cached := n.options.Cache.Read(chart.Ref{Repo: repo})
	if cached && old.ETag != "" {
		header.Set("If-None-Match", old.ETag)
	}
	if cached && old.LastModified != "" {
		header.Set("If-Modified-Since", old.LastModified)
	}
	data, answer, err := n.get(ctx, client, u, header, maxIndex)
	switch {
	case errors.Is(err, errNotModified):
		data = old.Body
	case errors.Is(err, errOversize):
		return nil, unavailable("the index of %s is larger than %d MiB", chart.Location(repo), maxIndex>>20)
	case errors.Is(err, errNotFound):
		return nil, unavailable("%s is no chart repository: its index.yaml answers 404", chart.Location(repo))
	case err != nil:
		return nil, err
	}
	found, err := readIndex(data)
	if err != nil {
		return nil, unavailable("the index of %s cannot be read: %v", chart.Location(repo), err)
	}
	if answer != nil {
		n.options.Cache.Write(chart.Entry{Repository: repo, ETag: answer.Get("ETag"), LastModified: answer.Get("Last-Modified"), Body: data})
	}
	return found, nil
}
