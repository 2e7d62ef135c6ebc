// Package guard keeps connections from reaching what only this machine, or its link, does.
//
// It knows addresses and names of hosts, and nothing of who asks them for what.
package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// Guard refuses hosts that only this machine reaches: who writes a URL into a repository is not to see, or to touch, what
// runs beside the one who reads it. Make one with New.
type Guard struct {
	// allowed are the names of hosts that are asked wherever they are, in lower case and without port.
	allowed map[string]bool
	timeout time.Duration
}

// New makes a guard that allows no such host, and waits so long for a connection.
func New(timeout time.Duration) Guard { return Guard{map[string]bool{}, timeout} }

// Allow has hosts asked wherever they are: names or addresses, without port. It is to be called before anything is asked.
func (g Guard) Allow(hosts ...string) {
	for _, h := range hosts {
		g.allowed[bare(h)] = true
	}
}

func bare(host string) string { return strings.ToLower(strings.Trim(host, "[]")) }

// RefusedError says that a host is not asked, because of where it is.
type RefusedError struct{ host string }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s is this machine, or on its link: it is asked only where --allow-host %s says so", e.host, e.host)
}

func (g Guard) allows(host string) bool {
	return g.allowed[bare(host)]
}

// reserved reports whether an address leads to no other machine than this one or its neighbours.
func reserved(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast() || a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// proxied is the key in a context by which Dial knows that it is a proxy that it is to reach.
type proxied struct{}

// Request refuses a request by its URL. A proxy that the environment names may stand anywhere, and what it reaches is its
// own to say, but for addresses.
func (g Guard) Request(req *http.Request) (*http.Request, error) {
	host := req.URL.Hostname()
	if a, err := netip.ParseAddr(host); err == nil && reserved(a) && !g.allows(host) {
		return nil, &RefusedError{host}
	}
	if proxy, err := http.ProxyFromEnvironment(req); err == nil && proxy != nil {
		return req.WithContext(context.WithValue(req.Context(), proxied{}, true)), nil
	}
	return req, nil
}

// Dial connects to an address, and looks at what a name resolved to.
func (g Guard) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: g.timeout}
	if ctx.Value(proxied{}) == nil {
		d.Control = g.control(host)
	}
	return d.DialContext(ctx, network, address)
}

// control looks at the address that a host's name resolved to, before it is connected to.
func (g Guard) control(host string) func(network, resolved string, _ syscall.RawConn) error {
	return func(_, resolved string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(resolved)
		if !g.allows(host) && (err != nil || reserved(a.Addr().WithZone(""))) {
			return &RefusedError{host}
		}
		return nil
	}
}

// Refused gives the refusal in an error; nil where it is something else.
func Refused(err error) *RefusedError {
	var r *RefusedError
	if errors.As(err, &r) {
		return r
	}
	return nil
}
