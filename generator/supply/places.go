// Package supply gets the charts that a repository names: from the cache, from mirrors and from the network, several at
// once, by the bytes that the lock pins. It works out what lock and vendored charts have to become.
//
// It knows nothing of rendering, and writes nothing.
package supply

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/build"
	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/network"
)

// Options say where charts come from that a repository does not hold.
type Options struct {
	// Mirrors stand for repositories; of several the one that stands for the longest part of a URL is asked first.
	Mirrors []Mirror
	// Roots are authorities that certificates may be of, besides the system's; nil adds none.
	Roots *x509.CertPool
	// Hosts are asked though they be this machine, or on its link. Mirrors need not stand among them.
	Hosts []string
	// Offline uses no network.
	Offline bool
	// Fresh leaves the cache out, as long as the network may be used: what publishers have now counts.
	Fresh bool
	// Cache is the folder for what is fetched; empty keeps nothing.
	Cache string
	// Repositories is Helm's repositories.yaml, Registries its registry/config.json. Neither has to exist.
	Repositories, Registries string
}

// Mirror has the charts of the repositories below a URL.
type Mirror struct {
	// From begins the URLs of these repositories.
	From string
	// To is a URL, or a folder of packaged charts.
	To  string
	url bool
}

// ParseMirror reads FROM=TO. No error quotes TO, for a password may stand in it.
func ParseMirror(text string) (m Mirror, err error) {
	var ok bool
	m.From, m.To, ok = strings.Cut(text, "=")
	if u, err := url.Parse(m.From); !ok || err != nil || u.Host == "" {
		return m, errors.New("want FROM=TO, such as https://charts.example.org=./charts")
	}
	if scheme, _, found := strings.Cut(m.To, "://"); found {
		if u, err := url.Parse(m.To); err != nil || u.Host == "" || !slices.Contains([]string{"https", "http", "oci"}, scheme) {
			return m, errors.New("want a folder, or a URL that begins with https, http or oci, behind the =")
		}
		m.url = true
		return m, nil
	}
	if info, err := os.Stat(m.To); err != nil || !info.IsDir() {
		return m, fmt.Errorf("%s is no directory", m.To)
	}
	return m, nil
}

// Places are where charts come from, in order: the cache, mirrors, the network. The zero Places have none.
type Places struct {
	list []build.Charts
	// network is nil where it may not be used.
	network *network.Network
	mirrors []Mirror
}

// Open gives the places that options name. Nothing is asked yet. Open them once for a run: the network remembers which
// hosts do not answer.
func Open(o Options) Places {
	o.Mirrors = slices.SortedStableFunc(slices.Values(o.Mirrors), func(a, b Mirror) int { return cmp.Compare(len(b.From), len(a.From)) })
	cache := chart.Cache{Dir: o.Cache}
	list := o.mirrored([]build.Charts{cache}, cache.Chart)
	switch {
	case o.Offline:
		return Places{list: append(list, chart.Nowhere{})}
	case o.Fresh:
		list = nil
	}
	asked := network.New(network.Options{
		Cache: cache, Roots: o.Roots, Hosts: o.Hosts, Repositories: o.Repositories, Registries: o.Registries,
	})
	for _, m := range o.Mirrors {
		if u, err := url.Parse(m.To); err == nil && m.url {
			asked.Allow(u.Hostname())
		}
	}
	return Places{append(o.mirrored(list, asked.Chart), asked), asked, o.Mirrors}
}

// Of are places of the caller's own, without any network.
func Of(list ...build.Charts) Places { return Places{list: list} }

// mirrored adds the mirrors to places; those that are URLs are asked by means of ask.
func (o Options) mirrored(places []build.Charts, ask func(context.Context, chart.Ref) (chart.Chart, error)) []build.Charts {
	for _, m := range o.Mirrors {
		if m.url {
			places = append(places, chart.Mirror{From: m.From, To: m.To, Ask: ask})
		} else {
			places = append(places, chart.Folder{From: m.From, FS: os.DirFS(m.To)})
		}
	}
	return places
}

// Allow has the network ask these hosts, wherever they are. It is to be called before anything is fetched.
func (p Places) Allow(hosts ...string) {
	if p.network != nil {
		p.network.Allow(hosts...)
	}
}

// Files fetches files by URL; nil where the network may not be used.
func (p Places) Files() func(ctx context.Context, url string) ([]byte, error) {
	if p.network == nil {
		return nil
	}
	return p.network.File
}

// Newest chooses among the versions that a mirror's own repository has, else among those that the publisher has; nil where the
// network may not be used.
func (p Places) Newest() build.Newest {
	if p.network == nil {
		return nil
	}
	return func(ctx context.Context, ref chart.Ref) (string, error) {
		for _, m := range p.mirrors {
			there, ok := chart.Mirror{From: m.From, To: m.To}.Instead(ref)
			if !ok || !m.url {
				continue
			}
			if version, err := p.network.Newest(ctx, there); err == nil {
				return version, nil
			}
		}
		return p.network.Newest(ctx, ref)
	}
}

// Silent says who did not answer.
func (p Places) Silent() []string {
	if p.network == nil {
		return nil
	}
	return p.network.Silent()
}

// Pins are what a lock knows of the bytes of charts.
func Pins(l lock.Lock) map[chart.Ref]chart.Pin {
	pins := map[chart.Ref]chart.Pin{}
	for _, c := range l.Charts {
		pins[refOf(c)] = pinOf(c)
	}
	return pins
}

// refOf is a locked chart as the repository names it.
func refOf(c lock.Chart) chart.Ref {
	return chart.Ref{Repo: c.Repository, Name: c.Name, Version: cmp.Or(c.Range, c.Version)}
}

func pinOf(c lock.Chart) chart.Pin {
	p := chart.Pin{Digest: c.Digest, Content: c.Content}
	if c.Digest == lock.Unverified {
		p.Digest = ""
	}
	if c.Range != "" {
		p.Version = c.Version
	}
	return p
}
