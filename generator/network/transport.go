package network

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/guard"
)

const (
	// tries is how often a server is asked that breaks off or says that it is in trouble.
	tries = 3
	// firstPause grows twofold with each try; longestPause is what a server may ask for by Retry-After.
	firstPause   = 200 * time.Millisecond
	longestPause = 5 * time.Second
)

// transport asks servers again where that may help, and never again those that do not answer at all.
type transport struct {
	base  http.RoundTripper
	guard guard.Guard
	hosts *hosts
}

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	req, err := t.guard.Request(req)
	if err != nil {
		return nil, err
	}
	h := t.hosts.host(req.URL.Host)
	if err := h.enter(req.Context()); err != nil {
		return nil, err
	}
	silent, first := h.silent, !h.answers
	if silent != nil {
		h.leave()
		return nil, silent
	}
	if first { // one request waits for a host that has not answered yet, and all others wait for that one
		defer h.leave()
	} else {
		h.leave()
	}
	resp, err := t.try(req)
	if !first {
		h.turn <- struct{}{}
		defer h.leave()
	}
	switch {
	case err == nil:
		h.answers = true
	case guard.Refused(err) != nil:
	case req.Context().Err() == nil:
		h.silent = &silentError{req.URL.Host, err}
		return nil, h.silent
	}
	return resp, err
}

// try asks up to three times.
func (t transport) try(req *http.Request) (*http.Response, error) {
	pause := firstPause
	for i := 1; ; i++ {
		resp, err := t.base.RoundTrip(req)
		wait := pause + rand.N(pause)
		switch {
		case i == tries || req.Method != http.MethodGet && req.Method != http.MethodHead:
			return resp, err
		case err != nil && !brokenOff(err):
			return resp, err
		case err == nil && resp.StatusCode < 500 && resp.StatusCode != http.StatusTooManyRequests:
			return resp, nil
		case err == nil:
			if seconds, bad := strconv.Atoi(resp.Header.Get("Retry-After")); bad == nil {
				wait = time.Duration(seconds) * time.Second
			}
			if wait > longestPause {
				return resp, nil
			}
			_, _ = io.CopyN(io.Discard, resp.Body, 4096) // so that the connection can be used again
			resp.Body.Close()
		}
		timer := time.NewTimer(wait)
		select {
		case <-req.Context().Done():
			timer.Stop()
			return nil, req.Context().Err()
		case <-timer.C:
		}
		pause *= 2
	}
}

// brokenOff reports whether a server was reached, and broke off.
func brokenOff(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// hosts remembers which hosts answer.
type hosts struct {
	mu sync.Mutex
	by map[string]*host
}

// host is one host; who has entered it may read and write it.
type host struct {
	turn    chan struct{}
	answers bool
	silent  *silentError
}

func (h *hosts) host(name string) *host {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.by[name] == nil {
		h.by[name] = &host{turn: make(chan struct{}, 1)}
	}
	return h.by[name]
}

func (h *host) enter(ctx context.Context) error {
	select {
	case h.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *host) leave() { <-h.turn }

// silentError says that a host does not answer.
type silentError struct {
	host  string
	cause error
}

func (e *silentError) Error() string { return fmt.Sprintf("%s does not answer: %v", e.host, e.cause) }

// root is the innermost cause, which is the same for hosts with different addresses.
func (e *silentError) root() string {
	var dns *net.DNSError
	if errors.As(e.cause, &dns) {
		return dns.Err
	}
	root := e.cause
	for next := root; next != nil; next = errors.Unwrap(next) {
		root = next
	}
	return root.Error()
}

// reason is the cause without the name of the host, where that stands in it.
func (e *silentError) reason() string {
	var dns *net.DNSError
	if errors.As(e.cause, &dns) {
		return dns.Err
	}
	return e.cause.Error()
}

func (e *silentError) Unwrap() error { return e.cause }
