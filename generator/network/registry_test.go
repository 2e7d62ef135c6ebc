package network_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/chart/charttest"
	"github.com/gitopsgen/gitopsgen/generator/network"
)

// chartLayer is the media type of a chart's archive in a registry.
const chartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"

// ociRegistry is a registry that wants user and password.
func ociRegistry(t *testing.T, user, password string) (host string, server *httptest.Server) {
	t.Helper()
	next := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if u, p, _ := req.BasicAuth(); u != user || p != password {
			w.Header().Set("WWW-Authenticate", `Basic realm="lights"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, req)
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String(), server
}

// push puts a manifest with one layer into a registry, under the tag that Helm gives a version.
func push(t *testing.T, host, user, password, version, mediaType string, archive []byte) {
	t.Helper()
	repo, err := remote.NewRepository(host + "/lights/lamp")
	if err != nil {
		t.Fatal(err)
	}
	repo.PlainHTTP = true
	repo.Client = &auth.Client{Credential: auth.StaticCredential(host, auth.Credential{Username: user, Password: password})}
	config := content.NewDescriptorFromBytes("application/vnd.cncf.helm.config.v1+json", []byte("{}"))
	layer := content.NewDescriptorFromBytes(mediaType, archive)
	manifest := ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest, Config: config, Layers: []ocispec.Descriptor{layer}}
	manifest.SchemaVersion = 2
	text, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	top := content.NewDescriptorFromBytes(manifest.MediaType, text)
	err = errors.Join(
		repo.Push(t.Context(), config, bytes.NewReader([]byte("{}"))),
		repo.Push(t.Context(), layer, bytes.NewReader(archive)),
		repo.PushReference(t.Context(), top, bytes.NewReader(text), strings.ReplaceAll(version, "+", "_")),
	)
	if err != nil {
		t.Fatal(err)
	}
}

// TestRegistry gets charts from a registry that wants a login, as Helm keeps it and as Docker does.
func TestRegistry(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	host, _ := ociRegistry(t, "ann", "fake")
	push(t, host, "ann", "fake", "1.0.0+one", chartLayer, charttest.Lamp("1.0.0+one"))
	push(t, host, "ann", "fake", "0.9.0", "application/vnd.example.light", charttest.Lamp("0.9.0"))
	write := func(name string) string {
		file := filepath.Join(t.TempDir(), name)
		// YW5uOmZha2U= is ann:fake.
		if err := os.WriteFile(file, []byte(`{"auths": {"`+host+`": {"auth": "YW5uOmZha2U="}}}`), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	repo := "oci://" + host + "/lights/"
	get := func(registries, version string) (chart.Chart, error) {
		return network.New(network.Options{Hosts: loopback, Registries: registries}).Chart(t.Context(), lampOf(repo, version))
	}
	if _, err := get("", "1.0.0+one"); reason(t, err) != fmt.Sprintf("%s wants a login (helm registry login %s)", host, host) {
		t.Errorf("without a login: got %v", err)
	}
	helm := write("config.json")
	c, err := get(helm, "1.0.0+one")
	if err != nil || !c.Published || len(c.Files) != 2 {
		t.Errorf("with Helm's login: got %v, %v, want the chart", c, err)
	}
	for version, want := range map[string]string{
		"2.0.0": repo + " has no lamp 2.0.0; the newest is 1.0.0+one",
		"^1.0":  `version "^1.0" is a range, and so another chart from time to time: pin one, the newest is 1.0.0+one`,
	} {
		if _, err := get(helm, version); reason(t, err) != want {
			t.Errorf("%s: got %v, want %s", version, err, want)
		}
	}
	if _, err := get(helm, "0.9.0"); err == nil || err.Error() != "its manifest names no archive of a chart: it is something else than a chart" {
		t.Errorf("no chart: got %v", err)
	}
	t.Setenv("DOCKER_CONFIG", filepath.Dir(write("config.json")))
	if _, err := get("", "1.0.0+one"); err != nil {
		t.Errorf("with Docker's login: got %v", err)
	}

	// An index may name archives in a registry.
	r := newRepository(t)
	r.serve("/index.yaml", []byte("entries:\n  lamp:\n  - version: 1.0.0\n    urls: ['"+repo+"lamp:1.0.0_one']\n"))
	if c, err := network.New(network.Options{Hosts: loopback}).Chart(t.Context(), lampOf(r.URL, "1.0.0")); err != nil || !c.Published {
		t.Errorf("by an index: got %v, %v", c, err)
	}
}

// TestCredentialHelper wants the program that Docker's configuration names to be asked for the login.
func TestCredentialHelper(t *testing.T) {
	host, _ := ociRegistry(t, "ann", "fake")
	push(t, host, "ann", "fake", "1.0.0", chartLayer, charttest.Lamp("1.0.0"))
	dir := t.TempDir()
	t.Setenv("DOCKER_CONFIG", dir)
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	for name, text := range map[string]string{
		"config.json":            `{"credHelpers": {"` + host + `": "lamp"}}`,
		"docker-credential-lamp": "#!/bin/sh\nread server\necho '{\"ServerURL\": \"'\"$server\"'\", \"Username\": \"ann\", \"Secret\": \"fake\"}'\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := network.New(network.Options{Hosts: loopback}).Chart(t.Context(), lampOf("oci://"+host+"/lights", "1.0.0")); err != nil {
		t.Errorf("got %v, want the chart", err)
	}
}

// TestWrongBlobs wants a registry that sends other than it announces to be refused.
func TestWrongBlobs(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	archive := charttest.Lamp("1.0.0")
	layer := content.NewDescriptorFromBytes(chartLayer, archive)
	for name, test := range map[string]struct {
		size int64
		send func(ctx context.Context, w io.Writer)
		want string
	}{
		"other bytes": {layer.Size, func(_ context.Context, w io.Writer) { w.Write(bytes.Repeat([]byte("x"), len(archive))) }, "its bytes are not those that "},
		"endless": {layer.Size, func(ctx context.Context, w io.Writer) {
			for block := make([]byte, 1<<16); ctx.Err() == nil; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, "its bytes are not those that "},
		"announced 2 GB": {2 << 30, nil, "its archive is larger than 32 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			layer := layer
			layer.Size = test.size
			manifest := ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest, Layers: []ocispec.Descriptor{layer}}
			manifest.SchemaVersion = 2
			text, err := json.Marshal(manifest)
			if err != nil {
				t.Fatal(err)
			}
			top := content.NewDescriptorFromBytes(manifest.MediaType, text)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if strings.Contains(req.URL.Path, "/blobs/") {
					test.send(req.Context(), w)
					return
				}
				w.Header().Set("Content-Type", top.MediaType)
				w.Header().Set("Docker-Content-Digest", string(top.Digest))
				w.Header().Set("Content-Length", fmt.Sprint(len(text)))
				w.Write(text)
			}))
			defer server.Close()
			_, err = network.New(network.Options{Hosts: loopback}).Chart(t.Context(), lampOf("oci://"+server.Listener.Addr().String()+"/lights", "1.0.0"))
			var unavailable *chart.Unavailable
			if err == nil || errors.As(err, &unavailable) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
