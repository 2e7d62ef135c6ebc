package chart

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
)

// guard refuses hosts that only this machine reaches: who writes a URL into a repository is not to see, or to touch, what
// runs beside the one who reads it.
type guard struct {
	// allowed are the names of hosts that are asked wherever they are, in lower case and without port.
	allowed map[string]bool
}

// refusedError says that a host is not asked, because of where it is.
type refusedError struct{ host string }

func (e *refusedError) Error() string {
	return fmt.Sprintf("%s is this machine, or on its link: it is asked only where --allow-host %s says so", e.host, e.host)
}

func (g guard) allows(host string) bool {
	return g.allowed[strings.ToLower(strings.Trim(host, "[]"))]
}

// reserved reports whether an address leads to no other machine than this one or its neighbours.
func reserved(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast() || a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// proxied is the key in a context by which dial knows that it is a proxy that it is to reach.
type proxied struct{}

// request refuses a request by its URL. A proxy that the environment names may stand anywhere, and what it reaches is its
// own to say, but for addresses.
func (g guard) request(req *http.Request) (*http.Request, error) {
	host := req.URL.Hostname()
	if a, err := netip.ParseAddr(host); err == nil && reserved(a) && !g.allows(host) {
		return nil, &refusedError{host}
	}
	if proxy, err := http.ProxyFromEnvironment(req); err == nil && proxy != nil {
		return req.WithContext(context.WithValue(req.Context(), proxied{}, true)), nil
	}
	return req, nil
}

// dial connects to an address, and looks at what a name resolved to.
func (g guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: dialTime}
	if ctx.Value(proxied{}) == nil {
		d.Control = g.control(host)
	}
	return d.DialContext(ctx, network, address)
}

// control looks at the address that a host's name resolved to, before it is connected to.
func (g guard) control(host string) func(network, resolved string, _ syscall.RawConn) error {
	return func(_, resolved string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(resolved)
		if !g.allows(host) && (err != nil || reserved(a.Addr().WithZone(""))) {
			return &refusedError{host}
		}
		return nil
	}
}

// refused gives the refusal in an error; nil where it is something else.
func refused(err error) *refusedError {
	var r *refusedError
	if errors.As(err, &r) {
		return r
	}
	return nil
}
