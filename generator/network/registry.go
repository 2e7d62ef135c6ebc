package network

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/doors"
	"github.com/gitopsgen/gitopsgen/generator/guard"
)

// The media types of a chart's archive, as Helm writes them now and as it did.
const (
	chartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
	oldLayer   = "application/tar+gzip"
)

const (
	maxManifest = 1 << 20
	maxTags     = 10_000
)

// registry gets charts from OCI registries.
type registry struct {
	client func() (*auth.Client, error)
}

func newRegistry(o Options, client *http.Client) *registry {
	return &registry{sync.OnceValues(func() (*auth.Client, error) {
		helm, err := credentials.NewStore(o.Registries, credentials.StoreOptions{})
		if err != nil {
			return nil, fmt.Errorf("%s: no configuration of registries as Helm keeps it", o.Registries)
		}
		docker, err := credentials.NewStoreFromDocker(credentials.StoreOptions{})
		if err != nil {
			return nil, errors.New("the config.json of Docker cannot be read")
		}
		a := &auth.Client{Client: client, Cache: auth.NewCache(), Credential: outside(credentials.Credential(credentials.NewStoreWithFallbacks(helm, docker)))}
		a.SetUserAgent(userAgent)
		return a, nil
	})}
}

// outside asks for a login while the doors are open: Docker's configuration may name a program that keeps it.
func outside(ask auth.CredentialFunc) auth.CredentialFunc {
	return func(ctx context.Context, host string) (found auth.Credential, err error) {
		closed := doors.Outside(ctx, func() { found, err = ask(ctx, host) })
		return found, errors.Join(closed, err)
	}
}

// fetch gets the archive of a chart below a URL that begins with oci.
func (r *registry) fetch(ctx context.Context, ref chart.Ref, cached func(digest string) []byte) ([]byte, error) {
	// A tag holds no plus.
	return r.pull(ctx, nameOf(ref), strings.ReplaceAll(ref.Version, "+", "_"), ref, cached)
}

// nameOf is the name that a chart has in its registry, such as ghcr.io/lights/lamp.
func nameOf(ref chart.Ref) string {
	return strings.TrimPrefix(strings.TrimSuffix(chart.Location(ref.Repo), "/"), "oci://") + "/" + ref.Name
}

// versions lists those of a chart.
func (r *registry) versions(ctx context.Context, ref chart.Ref) ([]string, error) {
	repo, err := r.repository(nameOf(ref))
	if err != nil {
		return nil, err
	}
	all, err := tags(ctx, repo)
	var answer *errcode.ErrorResponse
	switch {
	case errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound:
		return nil, nil
	case errors.Is(err, errOversize):
		return nil, unavailable("%s has more than %d tags of it", repo.Reference.Registry, maxTags)
	case err != nil:
		return nil, registryError(ctx, repo.Reference.Registry, err)
	}
	return all, nil
}

// repository is what has all versions that stand under a name, such as ghcr.io/lights/lamp.
func (r *registry) repository(name string) (*remote.Repository, error) {
	client, err := r.client()
	if err != nil {
		return nil, err
	}
	repo, err := remote.NewRepository(name)
	if err != nil {
		return nil, unavailable("%s is no name that a registry has", name)
	}
	repo.Client = client
	repo.PlainHTTP = isLoopback(repo.Reference.Registry)
	return repo, nil
}

// cutTag splits ghcr.io/lights/lamp:1.0.0.
func cutTag(reference string) (name, tag string) {
	if i := strings.LastIndexByte(reference, ':'); i > strings.LastIndexByte(reference, '/') {
		return reference[:i], reference[i+1:]
	}
	return reference, "latest"
}

// pull gets the archive that stands under a name and a tag. cached gives one with a digest,
// or nil.
func (r *registry) pull(ctx context.Context, name, tag string, ref chart.Ref, cached func(digest string) []byte) ([]byte, error) {
	repo, err := r.repository(name)
	if err != nil {
		return nil, err
	}
	repo.Reference.Reference = tag
	if repo.Reference.ValidateReferenceAsTag() != nil {
		all, _ := tags(ctx, repo) // none where the registry does not tell
		return nil, missing(ref.Repo, ref, all)
	}
	text, err := manifestOf(ctx, repo, ref)
	if err != nil {
		return nil, err
	}
	layer, err := chartIn(text)
	if err != nil {
		return nil, err
	}
	if data := cached(string(layer.Digest)); data != nil {
		return data, nil
	}
	data, err := content.FetchAll(ctx, repo.Blobs(), layer)
	if err != nil {
		return nil, registryError(ctx, repo.Reference.Registry, err)
	}
	return data, nil
}

// manifestOf gets the manifest of the tag that repo names.
func manifestOf(ctx context.Context, repo *remote.Repository, ref chart.Ref) ([]byte, error) {
	desc, err := repo.Resolve(ctx, repo.Reference.Reference)
	if errors.Is(err, errdef.ErrNotFound) {
		all, _ := tags(ctx, repo) // none where the registry does not tell
		return nil, missing(ref.Repo, ref, all)
	}
	if err != nil {
		return nil, registryError(ctx, repo.Reference.Registry, err)
	}
	if desc.Size > maxManifest {
		return nil, fmt.Errorf("its manifest is larger than %d MiB", maxManifest>>20)
	}
	text, err := content.FetchAll(ctx, repo, desc)
	if err != nil {
		return nil, registryError(ctx, repo.Reference.Registry, err)
	}
	return text, nil
}

// chartIn finds the archive of a chart in a manifest.
func chartIn(text []byte) (ocispec.Descriptor, error) {
	var manifest ocispec.Manifest
	if err := json.Unmarshal(text, &manifest); err != nil {
		return ocispec.Descriptor{}, fmt.Errorf("its manifest is no JSON: %w", err)
	}
	for _, layer := range manifest.Layers {
		if layer.MediaType != chartLayer && layer.MediaType != oldLayer {
			continue
		}
		if layer.Size > chart.MaxArchive {
			return layer, fmt.Errorf("its archive %w", chart.ErrTooLarge)
		}
		if layer.Digest.Validate() != nil || !strings.HasPrefix(string(layer.Digest), "sha256:") {
			return layer, fmt.Errorf("its manifest has the digest %q: want sha256", layer.Digest)
		}
		return layer, nil
	}
	return ocispec.Descriptor{}, errors.New("its manifest names no archive of a chart: it is something else than a chart")
}

// tags lists versions of a chart.
func tags(ctx context.Context, repo *remote.Repository) (all []string, err error) {
	err = repo.Tags(ctx, "", func(page []string) error {
		for _, tag := range page {
			all = append(all, strings.ReplaceAll(tag, "_", "+"))
		}
		if len(all) > maxTags {
			return errOversize
		}
		return nil
	})
	return all, err
}

// registryError tells what a registry answers. What it sends other than it said stays an error.
func registryError(ctx context.Context, host string, err error) error {
	var silent *silentError
	var answer *errcode.ErrorResponse
	var asked *url.Error
	switch {
	case ctx.Err() != nil || errors.As(err, &silent) || guard.Refused(err) != nil:
		return err
	case errors.As(err, &answer) && (answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden):
		return unavailable("%s answers %d: it is not there, or wants a login (helm registry login %s)", host, answer.StatusCode, host)
	case errors.As(err, &answer):
		return unavailable("%s answers %d %s", host, answer.StatusCode, http.StatusText(answer.StatusCode))
	case errors.Is(err, auth.ErrBasicCredentialNotFound):
		return unavailable("%s wants a login (helm registry login %s)", host, host)
	case errors.As(err, &asked):
		return unavailable("%s: %v", host, asked.Err)
	case errors.Is(err, content.ErrMismatchedDigest), errors.Is(err, content.ErrTrailingData), errors.Is(err, content.ErrInvalidDescriptorSize):
		return fmt.Errorf("its bytes are not those that %s announces: %w", host, err)
	}
	return unavailable("%s: %v", host, err)
}

// isLoopback reports whether a host is this machine, where a registry needs no TLS.
func isLoopback(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}
