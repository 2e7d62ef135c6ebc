package chart

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options say how the network is used.
type Options struct {
	// Cache takes what is fetched. What it has is used only where the publisher announces the same bytes.
	Cache Cache
	// Roots are the authorities that certificates are held against; nil are the system's.
	Roots *x509.CertPool
	// Repositories is Helm's repositories.yaml, Registries its registry/config.json; Docker's is asked behind that. None
	// of them has to exist.
	Repositories, Registries string
	// Hosts are asked though they be this machine, or on its link: names or addresses, without port.
	Hosts []string
}

// Network gets charts from HTTP repositories and OCI registries. Make one for a whole run: it remembers which hosts do
// not answer, and downloads nothing twice. Charts are remembered by the cache alone, where there is one: all of a large
// repository may be more than memory holds.
type Network struct {
	options  Options
	base     *http.Transport
	guard    guard
	hosts    *hosts
	known    func() ([]repository, error)
	indexes  memo[string, index]
	charts   memo[Ref, Chart]
	files    memo[string, []byte]
	registry *registry
}

const (
	dialTime   = 5 * time.Second
	answerTime = 30 * time.Second
	// wholeTime bounds one chart or index, however slowly its bytes come.
	wholeTime = 3 * time.Minute
)

// NewNetwork makes a network. Nothing is read or asked before a chart is.
func NewNetwork(o Options) *Network {
	n := &Network{options: o, hosts: &hosts{by: map[string]*host{}}, guard: guard{map[string]bool{}}}
	n.Allow(o.Hosts...)
	n.base = &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           n.guard.dial,
		TLSClientConfig:       &tls.Config{RootCAs: o.Roots},
		TLSHandshakeTimeout:   dialTime,
		ResponseHeaderTimeout: answerTime,
		ForceAttemptHTTP2:     true,
	}
	n.known = sync.OnceValues(func() ([]repository, error) { return readRepositories(o.Repositories) })
	n.registry = newRegistry(o, n.plain())
	return n
}

// Allow adds to the Hosts that are asked wherever they are. It is to be called before anything is fetched.
func (n *Network) Allow(hosts ...string) {
	for _, h := range hosts {
		n.guard.allowed[strings.ToLower(strings.Trim(h, "[]"))] = true
	}
}

// plain is a client without a login.
func (n *Network) plain() *http.Client {
	return &http.Client{Transport: transport{n.base, n.guard, n.hosts}, CheckRedirect: stayEncrypted}
}

// Chart fetches a chart.
func (n *Network) Chart(ctx context.Context, ref Ref) (Chart, error) {
	c, err := n.charts.do(ctx, ref, func() (Chart, error) {
		bounded, cancel := context.WithTimeout(ctx, wholeTime)
		defer cancel()
		c, err := n.fetch(bounded, ref)
		return c, n.explain(ctx, ref, err)
	})
	if err == nil && n.options.Cache.Dir != "" {
		n.charts.forget(ref)
	}
	return c, err
}

// File fetches a single file by its http or https URL. The error is an *Unavailable where it could not be had.
func (n *Network) File(ctx context.Context, address string) ([]byte, error) {
	return n.files.do(ctx, address, func() ([]byte, error) {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" {
			return nil, unavailable("it is no URL")
		}
		bounded, cancel := context.WithTimeout(ctx, wholeTime)
		defer cancel()
		data, _, err := n.get(bounded, n.plain(), u, nil, maxArchive)
		switch {
		case errors.Is(err, errOversize):
			return nil, unavailable("it is larger than %d MiB", maxArchive>>20)
		case errors.Is(err, errNotFound):
			return nil, unavailable("%s answers 404", u.Host)
		}
		return data, n.explain(ctx, Ref{Repo: address}, err)
	})
}

// Silent says which hosts did not answer, in a line for each cause.
func (n *Network) Silent() []string {
	n.hosts.mu.Lock()
	defer n.hosts.mu.Unlock()
	byCause := map[string][]*silentError{}
	for _, h := range n.hosts.by {
		h.turn <- struct{}{}
		if h.silent != nil {
			cause := h.silent.root()
			byCause[cause] = append(byCause[cause], h.silent)
		}
		h.leave()
	}
	var all []string
	for cause, silent := range byCause {
		all = append(all, tellSilent(silent, cause))
	}
	slices.Sort(all)
	return all
}

// namedHosts is how many hosts are named that do not answer for one cause; the others are counted.
const namedHosts = 3

// tellSilent tells of hosts with one cause: with all that is known of it where that is the same for each, an address say.
func tellSilent(silent []*silentError, cause string) string {
	slices.SortFunc(silent, func(a, b *silentError) int { return strings.Compare(a.host, b.host) })
	var names []string
	for _, e := range silent {
		names = append(names, e.host)
	}
	if !slices.ContainsFunc(silent, func(e *silentError) bool { return e.reason() != silent[0].reason() }) {
		cause = silent[0].reason()
	}
	switch more := len(names) - namedHosts; {
	case len(names) == 1:
		return names[0] + " does not answer: " + cause
	case more > 1:
		return fmt.Sprintf("%s and %d others do not answer: %s", strings.Join(names[:namedHosts], ", "), more, cause)
	}
	return strings.Join(names, ", ") + " do not answer: " + cause
}

// explain makes failures of the network such that they are told once a host and are nobody's fault.
func (n *Network) explain(ctx context.Context, ref Ref, err error) error {
	var silent *silentError
	switch {
	case err == nil, ctx.Err() != nil:
		return err
	case refused(err) != nil:
		return unavailable("%v", refused(err))
	case errors.As(err, &silent):
		return &Unavailable{Reason: silent.host + " does not answer", Silent: true}
	case errors.Is(err, context.DeadlineExceeded):
		return unavailable("%s did not send it within %s", Location(ref.Repo), wholeTime)
	}
	return err
}

// fetch gets the archive of a chart from its repository, and keeps it.
func (n *Network) fetch(ctx context.Context, ref Ref) (Chart, error) {
	u, err := url.Parse(ref.Repo)
	if err != nil || u.Host == "" {
		return Chart{}, unavailable("its repository is no URL")
	}
	var archive []byte
	switch u.Scheme {
	case "oci":
		archive, err = n.registry.fetch(ctx, ref, n.cached(ref))
	case "http", "https":
		archive, err = n.download(ctx, ref)
	default:
		return Chart{}, unavailable("its repository begins with %s: want https, http or oci", u.Scheme)
	}
	if err != nil {
		return Chart{}, err
	}
	c, err := Unpack(archive)
	if err != nil {
		return c, err
	}
	c.Published = true
	n.options.Cache.write(entry{Repository: ref.Repo, Name: ref.Name, Version: ref.Version, body: archive})
	return c, nil
}

// cached gives a function that gives the archive in the cache, if it has a digest.
func (n *Network) cached(ref Ref) func(digest string) []byte {
	return func(digest string) []byte {
		if e, ok := n.options.Cache.read(ref); ok && e.Digest == digest {
			return e.body
		}
		return nil
	}
}

// download gets an archive from an HTTP repository, by its index.
func (n *Network) download(ctx context.Context, ref Ref) ([]byte, error) {
	known, err := n.known()
	if err != nil {
		return nil, err
	}
	at, err := repositoryAt(known, ref.Repo)
	if err != nil {
		return nil, err
	}
	found, err := n.indexes.do(ctx, ref.Repo, func() (index, error) { return n.index(ctx, at, ref.Repo) })
	if err != nil {
		return nil, err
	}
	list, err := found.releases(ref.Name)
	if errors.Is(err, errTooManyReleases) {
		return nil, unavailable("the index of %s has more versions of %s than anybody reads", Location(ref.Repo), ref.Name)
	}
	if err != nil {
		return nil, unavailable("the index of %s is damaged at %s", Location(ref.Repo), ref.Name)
	}
	one, ok := pick(list, ref.Version)
	if !ok {
		versions := make([]string, len(list))
		for i, r := range list {
			versions[i] = r.Version
		}
		return nil, missing(ref.Repo, ref, versions)
	}
	if len(one.URLs) == 0 {
		return nil, unavailable("the index of %s has no URL for it", Location(ref.Repo))
	}
	return n.archive(ctx, at, ref, one)
}

// archive gets the archive that an index names, and holds it against the digest there.
func (n *Network) archive(ctx context.Context, at repository, ref Ref, one release) ([]byte, error) {
	want := ""
	if one.Digest != "" {
		want = "sha256:" + strings.TrimPrefix(one.Digest, "sha256:")
		if data := n.cached(ref)(want); data != nil {
			return data, nil
		}
	}
	from, err := url.Parse(strings.TrimSuffix(Location(ref.Repo), "/") + "/")
	if err != nil {
		return nil, err
	}
	file, err := from.Parse(one.URLs[0])
	if err != nil {
		return nil, unavailable("the index of %s has %q for its URL", Location(ref.Repo), one.URLs[0])
	}
	if file.Scheme == "oci" {
		name, tag := cutTag(file.Host + file.Path)
		return n.registry.pull(ctx, name, tag, ref, n.cached(ref))
	}
	if from.Scheme == "https" && file.Scheme != "https" {
		return nil, unavailable("the index of %s sends us on to %s, which is not encrypted", Location(ref.Repo), Location(file.String()))
	}
	client, err := n.client(at, from, file)
	if err != nil {
		return nil, err
	}
	data, _, err := n.get(ctx, client, file, nil, maxArchive)
	switch {
	case errors.Is(err, errOversize):
		return nil, fmt.Errorf("its archive %w", errTooLarge)
	case errors.Is(err, errNotFound):
		return nil, unavailable("%s answers 404, though the index of its repository names it", Location(file.String()))
	case err != nil:
		return nil, err
	case want != "" && archiveDigest(data) != want:
		return nil, fmt.Errorf("its archive is %s, and the index of its repository has %s", archiveDigest(data), want)
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
	u, err := url.Parse(strings.TrimSuffix(Location(repo), "/") + "/index.yaml")
	if err != nil {
		return nil, err
	}
	client, err := n.client(at, u, u)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	old, cached := n.options.Cache.read(Ref{Repo: repo})
	if cached && old.ETag != "" {
		header.Set("If-None-Match", old.ETag)
	}
	if cached && old.LastModified != "" {
		header.Set("If-Modified-Since", old.LastModified)
	}
	data, answer, err := n.get(ctx, client, u, header, maxIndex)
	switch {
	case errors.Is(err, errNotModified):
		data = old.body
	case errors.Is(err, errOversize):
		return nil, unavailable("the index of %s is larger than %d MiB", Location(repo), maxIndex>>20)
	case errors.Is(err, errNotFound):
		return nil, unavailable("%s is no chart repository: its index.yaml answers 404", Location(repo))
	case err != nil:
		return nil, err
	}
	found, err := readIndex(data)
	if err != nil {
		return nil, unavailable("the index of %s cannot be read: %v", Location(repo), err)
	}
	if answer != nil {
		n.options.Cache.write(entry{Repository: repo, ETag: answer.Get("ETag"), LastModified: answer.Get("Last-Modified"), body: data})
	}
	return found, nil
}

var (
	errNotFound    = errors.New("404")
	errNotModified = errors.New("304")
	errOversize    = errors.New("more bytes than allowed")
)

// get reads what stands at a URL, up to limit bytes. Where the connection breaks off on the way, it begins anew. The
// header is nil where there is nothing new.
func (n *Network) get(ctx context.Context, client *http.Client, u *url.URL, header http.Header, limit int64) (data []byte, answer http.Header, err error) {
	for range tries {
		data, answer, err = getOnce(ctx, client, u, header, limit)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			return data, answer, err
		}
	}
	return nil, nil, unavailable("%s breaks off", Location(u.String()))
}

func getOnce(ctx context.Context, client *http.Client, u *url.URL, header http.Header, limit int64) ([]byte, http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", userAgent)
	resp, err := client.Do(req)
	var asked *url.Error // which would print the URL
	var silent *silentError
	switch {
	case err == nil:
	case ctx.Err() != nil || errors.As(err, &silent) || refused(err) != nil:
		return nil, nil, err
	case errors.As(err, &asked):
		return nil, nil, unavailable("%s: %v", u.Host, asked.Err)
	default:
		return nil, nil, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, nil, errNotFound
	case http.StatusNotModified:
		return nil, nil, errNotModified
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, nil, unavailable("%s answers %s: give user and password by helm repo add --username USER --password-stdin NAME URL", u.Host, resp.Status)
	default:
		return nil, nil, unavailable("%s answers %s", u.Host, resp.Status)
	}
	if resp.ContentLength > limit {
		return nil, nil, errOversize
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, nil, errOversize
	}
	return data, resp.Header, err
}

const userAgent = "gitopsgen"

// memo does what is asked for once a key.
type memo[K comparable, V any] struct {
	mu    sync.Mutex
	calls map[K]*call[V]
}

type call[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// do calls work, or waits for what an earlier call gives.
func (m *memo[K, V]) do(ctx context.Context, key K, work func() (V, error)) (V, error) {
	m.mu.Lock()
	c, known := m.calls[key]
	if !known {
		if m.calls == nil {
			m.calls = map[K]*call[V]{}
		}
		c = &call[V]{done: make(chan struct{})}
		m.calls[key] = c
	}
	m.mu.Unlock()
	if !known {
		c.value, c.err = work()
		close(c.done)
	}
	select {
	case <-c.done:
		return c.value, c.err
	case <-ctx.Done():
		return c.value, ctx.Err()
	}
}

// forget lets go of what was given for key.
func (m *memo[K, V]) forget(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.calls, key)
}
