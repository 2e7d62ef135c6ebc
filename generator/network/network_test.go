package network_test

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/chart/charttest"
	"github.com/gitopsgen/gitopsgen/generator/network"
)

// repository is an HTTP repository of charts. Paths that do not stand in answers are not there.
type repository struct {
	*httptest.Server
	answers map[string]http.HandlerFunc
	// asked counts the requests by path.
	mu    sync.Mutex
	asked map[string]int
}

func newRepository(t testing.TB) *repository {
	t.Helper()
	r := &repository{answers: map[string]http.HandlerFunc{}, asked: map[string]int{}}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *repository) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	r.asked[req.URL.Path]++
	answer := r.answers[req.URL.Path]
	r.mu.Unlock()
	if answer == nil {
		http.NotFound(w, req)
		return
	}
	answer(w, req)
}

// count says how often a path was asked for.
func (r *repository) count(path string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked[path]
}

func (r *repository) serve(path string, body []byte) {
	r.answers[path] = func(w http.ResponseWriter, _ *http.Request) { w.Write(body) }
}

// publish serves archives of lamp, with an index as Helm writes it.
func (r *repository) publish(archives map[string][]byte) {
	var b strings.Builder
	b.WriteString("apiVersion: v1\nentries:\n  lamp:\n")
	for version, data := range archives {
		name := "lamp-" + version + ".tgz"
		fmt.Fprintf(&b, "  - apiVersion: v2\n    digest: %x\n    name: lamp\n    urls:\n    - %s\n    version: %s\n", sha256.Sum256(data), name, version)
		r.serve("/"+name, data)
	}
	b.WriteString("  other:\n  - name: other\n    version: 1.0.0\ngenerated: \"2026-01-01T00:00:00Z\"\n")
	r.serve("/index.yaml", []byte(b.String()))
}

func lampOf(repo, version string) chart.Ref {
	return chart.Ref{Repo: repo, Name: "lamp", Version: version}
}

// reason is that of an Unavailable; it fails the test for any other error.
func reason(t *testing.T, err error) string {
	t.Helper()
	var unavailable *chart.Unavailable
	if !errors.As(err, &unavailable) {
		t.Fatalf("got %v, want a chart that is not available", err)
	}
	return unavailable.Reason
}

func TestNetwork(t *testing.T) {
	r := newRepository(t)
	r.publish(map[string][]byte{"1.0.0": charttest.Lamp("1.0.0"), "v1.2.0": charttest.Lamp("v1.2.0"), "2.0.0-rc.1": charttest.Lamp("2.0.0-rc.1")})
	cache := chart.Cache{Dir: filepath.Join(t.TempDir(), "charts")}
	n := network.New(network.Options{Hosts: loopback, Cache: cache})
	for _, version := range []string{"1.0.0", "1.2.0", "v1.2.0", "v1.0.0", "2.0.0-rc.1"} {
		c, err := n.Chart(t.Context(), lampOf(r.URL, version))
		if err != nil || !c.Published || len(c.Files) != 2 {
			t.Errorf("%s: got %v, %v, want the chart", version, c, err)
		}
	}
	for version, want := range map[string]string{
		"1.1.0": r.URL + " has no lamp 1.1.0; the newest is v1.2.0",
		"^1.0":  `version "^1.0" is a range, and so another chart from time to time: pin one, the newest is v1.2.0`,
		"1.0":   `version "1.0" is a range, and so another chart from time to time: pin one, the newest is v1.2.0`,
	} {
		if _, err := n.Chart(t.Context(), lampOf(r.URL, version)); reason(t, err) != want {
			t.Errorf("%s: got %v, want %s", version, err, want)
		}
	}
	if _, err := n.Chart(t.Context(), chart.Ref{Repo: r.URL, Name: "torch", Version: "1.0.0"}); reason(t, err) != r.URL+" has no chart torch" {
		t.Errorf("got %v", err)
	}
	if got := r.count("/index.yaml"); got != 1 {
		t.Errorf("the index was asked for %d times, want once a run", got)
	}

	// What was fetched once is not fetched again, and needs no network.
	r.Close()
	if c, err := cache.Chart(t.Context(), lampOf(r.URL, "1.0.0")); err != nil || !c.Published {
		t.Errorf("from the cache: got %v, %v", c, err)
	}
}

// TestIndexIsAskedForConditionally wants an index that did not change not to be sent again.
// TestFile fetches single files: each once, and of those that cannot be had it is told why.
func TestFile(t *testing.T) {
	r := newRepository(t)
	r.serve("/lamp.yaml", []byte("kind: Lamp"))
	n := network.New(network.Options{Hosts: loopback})
	for range 2 {
		if data, err := n.File(t.Context(), r.URL+"/lamp.yaml"); err != nil || string(data) != "kind: Lamp" {
			t.Errorf("got %q, %v, want the file", data, err)
		}
	}
	if got := r.count("/lamp.yaml"); got != 1 {
		t.Errorf("got %d requests, want one", got)
	}
	_, err := n.File(t.Context(), r.URL+"/gone.yaml")
	if got, want := reason(t, err), strings.TrimPrefix(r.URL, "http://")+" answers 404"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	r.Close()
	_, err = network.New(network.Options{Hosts: loopback}).File(t.Context(), r.URL+"/lamp.yaml")
	if got := reason(t, err); !strings.HasSuffix(got, "does not answer") {
		t.Errorf("got %s, want that nobody answers", got)
	}
}

func TestIndexIsAskedForConditionally(t *testing.T) {
	r := newRepository(t)
	r.publish(map[string][]byte{"1.0.0": charttest.Lamp("1.0.0")})
	index := r.answers["/index.yaml"]
	sent := 0
	r.answers["/index.yaml"] = func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("If-None-Match") == `"a"` && req.Header.Get("If-Modified-Since") == "Mon, 02 Jan 2006 15:04:05 GMT" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"a"`)
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		sent++
		index(w, req)
	}
	cache := chart.Cache{Dir: t.TempDir()}
	for range 3 {
		if _, err := network.New(network.Options{Hosts: loopback, Cache: cache}).Chart(t.Context(), lampOf(r.URL, "1.0.0")); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.count("/index.yaml"); got != 3 || sent != 1 {
		t.Errorf("asked %d times, sent %d times, want 3 and 1", got, sent)
	}
	if got := r.count("/lamp-1.0.0.tgz"); got != 1 {
		t.Errorf("the archive was sent %d times, want once: the cache has it", got)
	}
}

// TestPublisherCounts wants the publisher's word to count more than the cache.
func TestPublisherCounts(t *testing.T) {
	r := newRepository(t)
	cache := chart.Cache{Dir: t.TempDir()}
	get := func() chart.Chart {
		c, err := network.New(network.Options{Hosts: loopback, Cache: cache}).Chart(t.Context(), lampOf(r.URL, "1.0.0"))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	r.publish(map[string][]byte{"1.0.0": charttest.Lamp("1.0.0")})
	old := get()
	r.publish(map[string][]byte{"1.0.0": charttest.Pack(charttest.File("lamp/Chart.yaml", "name: lamp\n"))})
	if got := get(); got.Digest == old.Digest {
		t.Errorf("got the old archive %s, want the new one", got.Digest)
	}
}

// TestWrongArchives goes through archives that are refused, whoever serves them.
func TestWrongArchives(t *testing.T) {
	good := charttest.Lamp("1.0.0")
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"other bytes": {func(w http.ResponseWriter, _ *http.Request) { w.Write(charttest.Lamp("6.6.6")) }, "its archive is sha256:"},
		"truncated":   {func(w http.ResponseWriter, _ *http.Request) { w.Write(good[:len(good)/2]) }, "its archive is sha256:"},
		"announced 2 GB": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(2<<30))
			w.Write(good)
		}, "its archive is larger than 32 MiB"},
		"endless": {func(w http.ResponseWriter, req *http.Request) {
			for block := make([]byte, 1<<16); req.Context().Err() == nil; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, "its archive is larger than 32 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRepository(t)
			r.publish(map[string][]byte{"1.0.0": good})
			r.answers["/lamp-1.0.0.tgz"] = test.answer
			cache := chart.Cache{Dir: t.TempDir()}
			_, err := network.New(network.Options{Hosts: loopback, Cache: cache}).Chart(t.Context(), lampOf(r.URL, "1.0.0"))
			var unavailable *chart.Unavailable
			if err == nil || errors.As(err, &unavailable) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if _, err := cache.Chart(t.Context(), lampOf(r.URL, "1.0.0")); !errors.Is(err, chart.ErrNone) {
				t.Errorf("the cache: got %v, want nothing", err)
			}
		})
	}

	// What the index says is true, and the archive is wrong all the same.
	r := newRepository(t)
	r.publish(map[string][]byte{"1.0.0": charttest.Pack(charttest.File("lamp/../../x", ""))})
	if _, err := network.New(network.Options{Hosts: loopback}).Chart(t.Context(), lampOf(r.URL, "1.0.0")); err == nil || !strings.Contains(err.Error(), "leads out of the chart's folder") {
		t.Errorf("got %v, want a refusal", err)
	}
}

// TestServersInTrouble goes through what servers answer for a while, or for ever.
func TestServersInTrouble(t *testing.T) {
	good := charttest.Lamp("1.0.0")
	status := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
		}
	}
	hangUp := func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		connection.Close()
	}
	half := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(good)))
		w.Write(good[:10])
	}
	for name, test := range map[string]struct {
		// first answers are given before the good one; the last of them for ever where forever is set.
		first   []http.HandlerFunc
		forever bool
		want    string
		asked   int
	}{
		"500 then good":       {first: []http.HandlerFunc{status(500)}, asked: 2},
		"503 and 429":         {first: []http.HandlerFunc{status(503, "Retry-After", "0"), status(429)}, asked: 3},
		"hangs up":            {first: []http.HandlerFunc{hangUp}, asked: 2},
		"breaks off":          {first: []http.HandlerFunc{half}, asked: 2},
		"500 for ever":        {[]http.HandlerFunc{status(500)}, true, "HOST answers 500 Internal Server Error", 3},
		"come back in a year": {[]http.HandlerFunc{status(503, "Retry-After", "31536000")}, true, "HOST answers 503 Service Unavailable", 1},
		"hangs up for ever":   {[]http.HandlerFunc{hangUp}, true, "HOST does not answer", 3},
		"breaks off for ever": {[]http.HandlerFunc{half}, true, "http://HOST/lamp-1.0.0.tgz breaks off", 3},
		"404":                 {[]http.HandlerFunc{status(404)}, true, "http://HOST/lamp-1.0.0.tgz answers 404, though the index of its repository names it", 1},
		"401":                 {[]http.HandlerFunc{status(401)}, true, "HOST answers 401 Unauthorized: give user and password by helm repo add --username USER --password-stdin NAME URL", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			r.Config.SetKeepAlivesEnabled(false) // a connection that was used before is tried anew without a word
			r.publish(map[string][]byte{"1.0.0": good})
			var asked atomic.Int32
			last := r.answers["/lamp-1.0.0.tgz"]
			r.answers["/lamp-1.0.0.tgz"] = func(w http.ResponseWriter, req *http.Request) {
				switch i := int(asked.Add(1)) - 1; {
				case i < len(test.first):
					test.first[i](w, req)
				case test.forever:
					test.first[len(test.first)-1](w, req)
				default:
					last(w, req)
				}
			}
			_, err := network.New(network.Options{Hosts: loopback}).Chart(t.Context(), lampOf(r.URL, "1.0.0"))
			if test.want == "" && err != nil {
				t.Errorf("got %v, want the chart", err)
			}
			if test.want != "" {
				if got := strings.ReplaceAll(reason(t, err), r.Listener.Addr().String(), "HOST"); got != test.want {
					t.Errorf("got %s, want %s", got, test.want)
				}
			}
			if got := int(asked.Load()); got != test.asked {
				t.Errorf("asked %d times, want %d", got, test.asked)
			}
		})
	}
}

// TestSilentHost wants a host that does not answer to be asked once, however many charts it has and whoever asks.
func TestSilentHost(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var tried atomic.Int32
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			tried.Add(1)
			// Not HTTP, and the end.
			_, _ = io.WriteString(connection, "SSH-2.0-lamp\r\n")
			connection.Close()
		}
	}()
	n := network.New(network.Options{Hosts: loopback})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_, err := n.Chart(t.Context(), chart.Ref{Repo: fmt.Sprintf("http://%s/%d", listener.Addr(), i), Name: "lamp", Version: "1.0.0"})
			if want := listener.Addr().String() + " does not answer"; reason(t, err) != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
	all.Wait()
	if got := tried.Load(); got != 1 {
		t.Errorf("asked %d times, want once", got)
	}
	if got := n.Silent(); len(got) != 1 || !strings.HasPrefix(got[0], listener.Addr().String()+" does not answer: ") {
		t.Errorf("got %q, want the host with the cause", got)
	}
}

// TestNetworkEnds states that a context that ends, ends a download.
func TestNetworkEnds(t *testing.T) {
	r := newRepository(t)
	ctx, cancel := context.WithCancel(t.Context())
	r.answers["/index.yaml"] = func(_ http.ResponseWriter, req *http.Request) {
		cancel()
		<-req.Context().Done()
	}
	if _, err := network.New(network.Options{Hosts: loopback}).Chart(ctx, lampOf(r.URL, "1.0.0")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// TestCredentials wants user and password to reach the host that they are for, and no other.
func TestCredentials(t *testing.T) {
	elsewhere := newRepository(t)
	elsewhere.publish(map[string][]byte{"1.0.0": charttest.Lamp("1.0.0")})
	var leaked atomic.Bool
	serve := elsewhere.answers["/lamp-1.0.0.tgz"]
	elsewhere.answers["/lamp-1.0.0.tgz"] = func(w http.ResponseWriter, req *http.Request) {
		leaked.Store(leaked.Load() || req.Header.Get("Authorization") != "")
		serve(w, req)
	}
	r := newRepository(t)
	r.publish(map[string][]byte{"1.0.0": charttest.Lamp("1.0.0")})
	index, archive := r.answers["/index.yaml"], r.answers["/lamp-1.0.0.tgz"]
	locked := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, req *http.Request) {
			if user, password, _ := req.BasicAuth(); user != "ann" || password != "fake" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next(w, req)
		}
	}
	away := func(w http.ResponseWriter, req *http.Request) {
		http.Redirect(w, req, elsewhere.URL+req.URL.Path, http.StatusFound)
	}
	absolute := func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "entries:\n  lamp:\n  - version: 1.0.0\n    urls: [%s/lamp-1.0.0.tgz]\n", elsewhere.URL)
	}
	r.answers["/index.yaml"], r.answers["/lamp-1.0.0.tgz"] = locked(index), locked(archive)
	dir := t.TempDir()
	get := func(repo, settings string) error {
		leaked.Store(false)
		file := filepath.Join(dir, "repositories.yaml")
		if err := os.WriteFile(file, []byte("repositories:\n- {name: a, url: "+r.URL+"/, "+settings+"}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := network.New(network.Options{Hosts: loopback, Repositories: file}).Chart(t.Context(), lampOf(repo, "1.0.0"))
		return err
	}
	const login = "username: ann, password: fake"
	if err := get(r.URL, login); err != nil {
		t.Errorf("of repositories.yaml: got %v", err)
	}
	if err := get(strings.Replace(r.URL, "http://", "http://ann:fake@", 1), "username: bob"); err != nil {
		t.Errorf("of the URL: got %v", err)
	}
	if err := get(strings.Replace(r.URL, "http://", "http://bob:secret@", 1), "username: bob"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("wrong password: got %v, want a refusal that does not tell it", err)
	}
	r.answers["/lamp-1.0.0.tgz"] = locked(away)
	if err := get(r.URL, login); err != nil || leaked.Load() {
		t.Errorf("sent on to another host: got %v, told the password: %v", err, leaked.Load())
	}
	r.answers["/index.yaml"] = locked(absolute)
	if err := get(r.URL, login); err != nil || leaked.Load() {
		t.Errorf("archive on another host: got %v, told the password: %v", err, leaked.Load())
	}
	if err := get(r.URL, login+", pass_credentials_all: true"); err != nil || !leaked.Load() {
		t.Errorf("with pass_credentials_all: got %v, told the password: %v", err, leaked.Load())
	}
	if err := get(r.URL, "username: [ann"); err == nil || strings.Contains(err.Error(), "ann") {
		t.Errorf("a damaged repositories.yaml: got %v", err)
	}
}

// TestAuthorities wants a certificate to be held against the authorities given.
func TestAuthorities(t *testing.T) {
	r := newRepository(t)
	r.publish(map[string][]byte{"1.0.0": charttest.Lamp("1.0.0")})
	server := httptest.NewUnstartedServer(r)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // which is told of handshakes that end as they should
	server.StartTLS()
	defer server.Close()
	n := network.New(network.Options{Hosts: loopback})
	if _, err := n.Chart(t.Context(), lampOf(server.URL, "1.0.0")); err == nil || len(n.Silent()) != 1 || !strings.Contains(n.Silent()[0], "certificate") {
		t.Errorf("got %v, %v, want that the certificate is told", err, n.Silent())
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	roots, err := network.Roots(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := network.New(network.Options{Hosts: loopback, Roots: roots}).Chart(t.Context(), lampOf(server.URL, "1.0.0")); err != nil {
		t.Errorf("got %v, want the chart", err)
	}
	settings := filepath.Join(t.TempDir(), "repositories.yaml")
	if err := os.WriteFile(settings, []byte("repositories: [{url: "+server.URL+", caFile: "+file+"}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := network.New(network.Options{Hosts: loopback, Repositories: settings}).Chart(t.Context(), lampOf(server.URL, "1.0.0")); err != nil {
		t.Errorf("by repositories.yaml: got %v, want the chart", err)
	}
}

// TestOddIndexes goes through indexes that are not as Helm writes them, and through answers that are none.
func TestOddIndexes(t *testing.T) {
	const one = `{"version": "1.0.0", "urls": ["lamp-1.0.0.tgz"]}`
	for name, test := range map[string]struct{ index, want string }{
		"JSON":          {`{"entries": {"lamp": [` + one + `]}}`, ""},
		"flow":          {"{entries: {lamp: [" + one + "]}}", ""},
		"flow below":    {"entries: {lamp: [" + one + "]}\n", ""},
		"flow lists":    {"entries:\n  other: []\n  lamp: [" + one + "]\n", ""},
		"indented":      {"entries:\n    \"lamp\":\n      - version: 1.0.0\n        description: |\n          lamp:\n          - x\n        urls:\n          - lamp-1.0.0.tgz\n    other:\n      - version: 2\n", ""},
		"comments":      {"# by hand\nentries: # all\n  lamp:\n  # one\n  - version: 1.0.0\n    urls: [lamp-1.0.0.tgz]\n", ""},
		"anchors":       {"entries:\n  other: &a\n  - version: 1.0.0\n    urls: [lamp-1.0.0.tgz]\n  lamp: *a\n", ""},
		"a page":        {"<!doctype html>\n<html><body>Please: log in</body></html>", "the index of URL cannot be read: "},
		"nothing":       {"", "the index of URL cannot be read: it has no entries"},
		"no list":       {"entries:\n  lamp:\n    a: b\n", "the index of URL is damaged at lamp"},
		"no URL":        {"entries:\n  lamp:\n  - version: 1.0.0\n", "the index of URL has no URL for it"},
		"odd and large": {"entries: {}\n" + strings.Repeat("# so much\n", 500_000), "the index of URL cannot be read: it has 4 MiB, and is not written as Helm writes it"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRepository(t)
			r.serve("/index.yaml", []byte(test.index))
			r.serve("/lamp-1.0.0.tgz", charttest.Lamp("1.0.0"))
			_, err := network.New(network.Options{Hosts: loopback}).Chart(t.Context(), lampOf(r.URL, "1.0.0"))
			if test.want == "" && err != nil {
				t.Errorf("got %v, want the chart", err)
			}
			if test.want != "" && !strings.HasPrefix(strings.ReplaceAll(reason(t, err), r.URL, "URL"), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	r := newRepository(t)
	if _, err := network.New(network.Options{Hosts: loopback}).Chart(t.Context(), lampOf(r.URL, "1.0.0")); !strings.HasSuffix(reason(t, err), "is no chart repository: its index.yaml answers 404") {
		t.Errorf("got %v", err)
	}
}

// TestLargeIndex wants an index of 50 MB to be read, and one that never ends to be refused, in bounded time.
func TestLargeIndex(t *testing.T) {
	r := newRepository(t)
	archive := charttest.Lamp("1.0.0")
	r.serve("/lamp-1.0.0.tgz", archive)
	filler := []byte("  - apiVersion: v2\n    description: one of very many\n    version: 0.0.1\n    urls:\n    - x.tgz\n")
	endless := false
	r.answers["/index.yaml"] = func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		zipped, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
		if err != nil {
			t.Error(err)
			return
		}
		fmt.Fprintf(zipped, "entries:\n  many:\n")
		for i := 0; endless || i < 50_000_000; i += len(filler) {
			if _, err := zipped.Write(filler); err != nil {
				return
			}
		}
		fmt.Fprintf(zipped, "  lamp:\n  - version: 1.0.0\n    urls: [lamp-1.0.0.tgz]\n")
		zipped.Close()
	}
	start := time.Now()
	if _, err := network.New(network.Options{Hosts: loopback}).Chart(t.Context(), lampOf(r.URL, "1.0.0")); err != nil {
		t.Errorf("50 MB: got %v, want the chart", err)
	}
	t.Logf("50 MB: %s", time.Since(start))
	endless = true
	if _, err := network.New(network.Options{Hosts: loopback}).Chart(t.Context(), lampOf(r.URL, "1.0.0")); reason(t, err) != "the index of "+r.URL+" is larger than 64 MiB" {
		t.Errorf("endless: got %v", err)
	}
}

// TestCacheIsShared lets many fill one cache at once, and wants all of them to get the chart and no part of one to stay.
func TestCacheIsShared(t *testing.T) {
	r := newRepository(t)
	r.publish(map[string][]byte{"1.0.0": charttest.Lamp("1.0.0")})
	cache := chart.Cache{Dir: t.TempDir()}
	var all sync.WaitGroup
	for range 16 { // each a process of its own, as far as the cache can tell
		all.Go(func() {
			c, err := network.New(network.Options{Hosts: loopback, Cache: cache}).Chart(t.Context(), lampOf(r.URL, "1.0.0"))
			if err != nil || len(c.Files) != 2 {
				t.Errorf("got %v, %v, want the chart", c, err)
			}
		})
	}
	all.Wait()
	files, err := os.ReadDir(cache.Dir)
	if err != nil || len(files) != 2 {
		t.Errorf("got %v, %v, want the index and the archive", files, err)
	}
}

// TestCacheIsDamaged damages each file of a cache in several ways: it is fetched again.
func TestCacheIsDamaged(t *testing.T) {
	r := newRepository(t)
	r.publish(map[string][]byte{"1.0.0": charttest.Lamp("1.0.0")})
	cache := chart.Cache{Dir: t.TempDir()}
	for _, damage := range []func([]byte) []byte{
		func(b []byte) []byte { return nil },
		func(b []byte) []byte { return b[:len(b)/2] },
		func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
		func(b []byte) []byte { b[0] = 'x'; return b },
	} {
		n := network.New(network.Options{Hosts: loopback, Cache: cache})
		if _, err := n.Chart(t.Context(), lampOf(r.URL, "1.0.0")); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(cache.Dir, "*"))
		if err != nil || len(files) != 2 {
			t.Fatal(files, err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(f, damage(data), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := cache.Chart(t.Context(), lampOf(r.URL, "1.0.0")); !errors.Is(err, chart.ErrNone) {
			t.Errorf("a damaged entry: got %v, want none", err)
		}
	}
	if got := r.count("/lamp-1.0.0.tgz"); got != 4 {
		t.Errorf("fetched %d times, want 4", got)
	}
}

// TestCacheKeys wants no two charts to share an entry.
func TestCacheKeys(t *testing.T) {
	r := newRepository(t)
	cache := chart.Cache{Dir: t.TempDir()}
	r.publish(map[string][]byte{"1.0.0": charttest.Lamp("1.0.0")})
	r.serve("/stable/index.yaml", []byte("entries:\n  lamp:\n  - version: 1.0.0\n    urls: [lamp-1.0.0.tgz]\n"))
	r.serve("/stable/lamp-1.0.0.tgz", charttest.Pack(charttest.File("lamp/Chart.yaml", "name: lamp\n")))
	n := network.New(network.Options{Hosts: loopback, Cache: cache})
	for _, repo := range []string{r.URL, r.URL + "/stable"} {
		want, err := n.Chart(t.Context(), lampOf(repo, "1.0.0"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := cache.Chart(t.Context(), lampOf(repo, "1.0.0")); err != nil || got.Digest != want.Digest {
			t.Errorf("%s: got %s, %v, want %s", repo, got.Digest, err, want.Digest)
		}
	}
}

// TestMirror wants the longest part of the URL to lead to the mirror's, and its archives not to be taken for the
// publisher's.
func TestMirror(t *testing.T) {
	r := newRepository(t)
	r.serve("/site/lights/index.yaml", []byte("entries:\n  lamp:\n  - version: 1.0.0\n    urls: [lamp-1.0.0.tgz]\n"))
	r.serve("/site/lights/lamp-1.0.0.tgz", charttest.Lamp("1.0.0"))
	m := chart.Mirror{From: "https://charts.example.org", To: r.URL + "/site/", Ask: network.New(network.Options{Hosts: loopback}).Chart}
	c, err := m.Chart(t.Context(), lampOf("https://charts.example.org/lights", "1.0.0"))
	if err != nil || c.Published || c.Digest == "" {
		t.Errorf("got %v, %v, want the mirror's archive", c, err)
	}
	if _, err := m.Chart(t.Context(), lampOf("https://charts.example.org.evil/lights", "1.0.0")); !errors.Is(err, chart.ErrNone) {
		t.Errorf("got %v, want none", err)
	}
}

// loopback is where the servers of tests stand.
var loopback = []string{"127.0.0.1"}

// TestHostsOnThisMachine wants none of them asked unless it is named, whether a kustomization, an index or an answer
// names it.
func TestHostsOnThisMachine(t *testing.T) {
	r := newRepository(t)
	r.publish(map[string][]byte{"1.0.0": charttest.Lamp("1.0.0")})
	byName := strings.Replace(r.URL, "127.0.0.1", "localhost", 1)
	r.answers["/on/lamp.yaml"] = func(w http.ResponseWriter, req *http.Request) {
		http.Redirect(w, req, byName+"/lamp.yaml", http.StatusFound)
	}
	r.serve("/elsewhere/index.yaml", fmt.Appendf(nil, "apiVersion: v1\nentries:\n  lamp:\n  - version: 1.0.0\n    urls: [%s/lamp-1.0.0.tgz]\n", byName))
	_, port, _ := strings.Cut(r.Listener.Addr().String(), ":")
	none, some := network.New(network.Options{}), network.New(network.Options{Hosts: loopback})
	for _, test := range []struct {
		name string
		ask  func() error
		host string
	}{
		{"a repository", func() error { _, err := none.Chart(t.Context(), lampOf(r.URL, "1.0.0")); return err }, "127.0.0.1"},
		{"a repository by name", func() error { _, err := none.Chart(t.Context(), lampOf(byName, "1.0.0")); return err }, "localhost"},
		{"a registry", func() error { _, err := none.Chart(t.Context(), lampOf("oci://127.0.0.1:"+port, "1.0.0")); return err }, "127.0.0.1"},
		{"a registry by name", func() error { _, err := none.Chart(t.Context(), lampOf("oci://localhost:"+port, "1.0.0")); return err }, "localhost"},
		{"a file", func() error { _, err := none.File(t.Context(), r.URL+"/lamp.yaml"); return err }, "127.0.0.1"},
		{"a file that is sent on", func() error { _, err := some.File(t.Context(), r.URL+"/on/lamp.yaml"); return err }, "localhost"},
		{"an archive", func() error { _, err := some.Chart(t.Context(), lampOf(r.URL+"/elsewhere", "1.0.0")); return err }, "localhost"},
	} {
		want := test.host + " is this machine, or on its link: it is asked only where --allow-host " + test.host + " says so"
		if got := reason(t, test.ask()); got != want {
			t.Errorf("%s: got %q, want %q", test.name, got, want)
		}
	}
	if got := r.count("/index.yaml") + r.count("/lamp.yaml") + r.count("/lamp-1.0.0.tgz") + r.count("/v2/"); got != 0 {
		t.Errorf("got %d requests, want none", got)
	}
	if len(none.Silent()) > 0 {
		t.Errorf("got %q, want nobody called silent who was not asked", none.Silent())
	}
}

// TestManyVersions states that an index that says too much of one chart is not parsed, and one of others is.
func TestManyVersions(t *testing.T) {
	r := newRepository(t)
	var b strings.Builder
	b.WriteString("apiVersion: v1\nentries:\n  lamp:\n")
	for i := range 900_000 {
		fmt.Fprintf(&b, "  - version: 1.0.%d\n    urls: [a]\n", i)
	}
	b.WriteString("  torch:\n  - version: 1.0.0\n    urls: [torch.tgz]\n")
	r.serve("/index.yaml", []byte(b.String()))
	r.serve("/torch.tgz", charttest.Lamp("1.0.0"))
	n := network.New(network.Options{Hosts: loopback})
	_, err := n.Chart(t.Context(), lampOf(r.URL, "1.0.0"))
	if want := "the index of " + r.URL + " has more versions of lamp than anybody reads"; reason(t, err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := n.Chart(t.Context(), chart.Ref{Repo: r.URL, Name: "torch", Version: "1.0.0"}); err != nil {
		t.Errorf("got %v, want the other chart", err)
	}
}
