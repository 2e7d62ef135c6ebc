// Package network gets charts from their publishers, HTTP repositories and OCI registries, and single files by their URLs.
//
// It trusts nothing that it reads: answers are bounded, and what is this machine's own is not asked. It renders nothing.
package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/guard"
	"github.com/gitopsgen/gitopsgen/generator/memo"
)

// Options say how the network is used.
type Options struct {
	// Cache takes what is fetched. What it has is used only where the publisher announces the same bytes.
	Cache chart.Cache
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
	guard    guard.Guard
	hosts    *hosts
	known    func() ([]repository, error)
	indexes  memo.Table[string, index]
	charts   memo.Table[chart.Ref, chart.Chart]
	newest   memo.Table[chart.Ref, string]
	files    memo.Table[string, []byte]
	registry *registry
}

const (
	dialTime   = 5 * time.Second
	answerTime = 30 * time.Second
	// wholeTime bounds one chart or index, however slowly its bytes come.
	wholeTime = 3 * time.Minute
)

// New makes a network. Nothing is read or asked before a chart is.
func New(o Options) *Network {
	n := &Network{options: o, hosts: &hosts{by: map[string]*host{}}, guard: guard.New(dialTime)}
	n.Allow(o.Hosts...)
	n.base = &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           n.guard.Dial,
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
	n.guard.Allow(hosts...)
}

// plain is a client without a login.
func (n *Network) plain() *http.Client {
	return &http.Client{Transport: transport{n.base, n.guard, n.hosts}, CheckRedirect: stayEncrypted}
}

// Chart fetches a chart.
func (n *Network) Chart(ctx context.Context, ref chart.Ref) (chart.Chart, error) {
	c, err := n.charts.Do(ctx, ref, func() (chart.Chart, error) {
		bounded, cancel := context.WithTimeout(ctx, wholeTime)
		defer cancel()
		c, err := n.fetch(bounded, ref)
		return c, n.explain(ctx, ref, err)
	})
	if err == nil && n.options.Cache.Dir != "" {
		n.charts.Forget(ref)
	}
	return c, err
}

// Newest gives the newest version in the range of versions that a chart is named by.
func (n *Network) Newest(ctx context.Context, ref chart.Ref) (string, error) {
	return n.newest.Do(ctx, ref, func() (string, error) {
		bounded, cancel := context.WithTimeout(ctx, wholeTime)
		defer cancel()
		versions, err := n.versions(bounded, ref)
		if err != nil {
			return "", n.explain(ctx, ref, err)
		}
		if version := chart.Newest(ref.Version, versions); version != "" {
			return version, nil
		}
		if newest := chart.Newest("*", versions); newest != "" {
			return "", unavailable("%s has no version of it in the range %q; the newest is %s", chart.Location(ref.Repo), ref.Version, newest)
		}
		return "", missing(ref.Repo, ref, versions)
	})
}

func (n *Network) versions(ctx context.Context, ref chart.Ref) ([]string, error) {
	if u, err := url.Parse(ref.Repo); err != nil || u.Host == "" {
		return nil, unavailable("its repository is no URL")
	} else if u.Scheme == "oci" {
		return n.registry.versions(ctx, ref)
	}
	_, list, err := n.releases(ctx, ref)
	return versionsOf(list), err
}

// File fetches a single file by its http or https URL. The error is a *chart.Unavailable where it could not be had.
func (n *Network) File(ctx context.Context, address string) ([]byte, error) {
	return n.files.Do(ctx, address, func() ([]byte, error) {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" {
			return nil, unavailable("it is no URL")
		}
		bounded, cancel := context.WithTimeout(ctx, wholeTime)
		defer cancel()
		data, _, err := n.get(bounded, n.plain(), u, nil, chart.MaxArchive)
		switch {
		case errors.Is(err, errOversize):
			return nil, unavailable("it is larger than %d MiB", chart.MaxArchive>>20)
		case errors.Is(err, errNotFound):
			return nil, &chart.Unavailable{Reason: u.Host + " answers 404", Absent: true}
		}
		return data, n.explain(ctx, chart.Ref{Repo: address}, err)
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
func (n *Network) explain(ctx context.Context, ref chart.Ref, err error) error {
	var silent *silentError
	switch {
	case err == nil, ctx.Err() != nil:
		return err
	case guard.Refused(err) != nil:
		return unavailable("%v", guard.Refused(err))
	case errors.As(err, &silent):
		return &chart.Unavailable{Reason: silent.host + " does not answer", Silent: true}
	case errors.Is(err, context.DeadlineExceeded):
		return unavailable("%s did not send it within %s", chart.Location(ref.Repo), wholeTime)
	}
	return err
}

// fetch gets the archive of a chart from its repository, and keeps it.
func (n *Network) fetch(ctx context.Context, ref chart.Ref) (chart.Chart, error) {
	u, err := url.Parse(ref.Repo)
	if err != nil || u.Host == "" {
		return chart.Chart{}, unavailable("its repository is no URL")
	}
	var archive []byte
	switch u.Scheme {
	case "oci":
		archive, err = n.registry.fetch(ctx, ref, n.cached(ref))
	case "http", "https":
		archive, err = n.download(ctx, ref)
	default:
		return chart.Chart{}, unavailable("its repository begins with %s: want https, http or oci", u.Scheme)
	}
	if err != nil {
		return chart.Chart{}, err
	}
	c, err := chart.Unpack(archive)
	if err != nil {
		return c, err
	}
	c.Published = true
	n.options.Cache.Write(chart.Entry{Repository: ref.Repo, Name: ref.Name, Version: ref.Version, Body: archive})
	return c, nil
}

// cached gives a function that gives the archive in the cache, if it has a digest.
func (n *Network) cached(ref chart.Ref) func(digest string) []byte {
	return func(digest string) []byte {
		if e, ok := n.options.Cache.Read(ref); ok && e.Digest == digest {
			return e.Body
		}
		return nil
	}
}

func unavailable(format string, args ...any) error {
	return &chart.Unavailable{Reason: fmt.Sprintf(format, args...)}
}
