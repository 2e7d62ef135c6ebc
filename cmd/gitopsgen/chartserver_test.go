package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/google/go-containerregistry/pkg/registry"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/rogpeppe/go-internal/testscript"
	oras "oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry/remote"
)

// chartServer is a repository of the charts that stand unpacked in folders <name>-<version>; what stands in the folder files
// it serves as it is.
type chartServer struct {
	fs.FS
}

// ServeHTTP serves the index and the archives, made anew each time.
func (s chartServer) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	file := path.Base(req.URL.Path)
	if strings.HasPrefix(req.URL.Path, "/files/") {
		http.FileServerFS(s.FS).ServeHTTP(w, req)
		return
	}
	if file == "index.yaml" {
		index, err := s.index()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
		fmt.Fprint(w, index)
		return
	}
	data, err := s.pack(strings.TrimSuffix(file, ".tgz"))
	if err != nil {
		http.NotFound(w, req)
		return
	}
	_, _ = w.Write(data)
}

func (s chartServer) index() (string, error) {
	folders, err := fs.ReadDir(s.FS, ".")
	if err != nil {
		return "", err
	}
	byName := map[string]string{}
	for _, f := range folders {
		if f.Name() == "files" {
			continue
		}
		data, err := s.pack(f.Name())
		if err != nil {
			return "", err
		}
		i := strings.LastIndexByte(f.Name(), '-')
		byName[f.Name()[:i]] += fmt.Sprintf("  - digest: %x\n    urls: [%s.tgz]\n    version: %s\n", sha256.Sum256(data), f.Name(), f.Name()[i+1:])
	}
	index := "apiVersion: v1\nentries:\n"
	for name, versions := range byName {
		index += "  " + name + ":\n" + versions
	}
	return index, nil
}

// pack packs one folder as `helm package` does.
func (s chartServer) pack(folder string) ([]byte, error) {
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	packed := tar.NewWriter(zipped)
	err := fs.WalkDir(s.FS, folder, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(s.FS, file)
		if err != nil {
			return err
		}
		name := "chart/" + strings.TrimPrefix(file, folder+"/")
		if err := packed.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data))}); err != nil {
			return err
		}
		_, err = packed.Write(data)
		return err
	})
	err = errors.Join(err, packed.Close(), zipped.Close())
	return b.Bytes(), err
}

// serveCharts starts a repository of charts on loopback and puts its URL into $CHARTS and in place of CHARTS in files:
// charts FOLDER FILE... With the word stop it is stopped again, with the word bad each path is a repository that is wrong
// in its own way. charts oci FOLDER FILE... starts a registry that has them below charts/, and $CHARTS is its host. charts asked N wants N requests so far, and charts asked forget counts anew.
func serveCharts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: charts FOLDER [files...], charts bad [files...], or charts stop")
	}
	var handler http.Handler = badCharts()
	switch args[0] {
	case "stop":
		ts.Value(serverKey{}).(*runningCharts).Close()
		return
	case "asked":
		ts.Value(serverKey{}).(*runningCharts).wantAsked(ts, args[1])
		return
	case "bad":
	case "oci":
		startRegistry(ts, args[1], args[2:])
		return
	default:
		handler = chartServer{os.DirFS(ts.MkAbs(args[0]))}
	}
	startServer(ts, handler)
	nameServer(ts, ts.Getenv("CHARTS"), args[1:])
}

// startServer starts a server in place of the one that ran, and puts its URL into $CHARTS.
func startServer(ts *testscript.TestScript, handler http.Handler) {
	running := ts.Value(serverKey{}).(*runningCharts)
	running.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		running.asked.Add(1)
		handler.ServeHTTP(w, req)
	}))
	ts.Defer(running.Server.Close)
	ts.Setenv("CHARTS", running.Server.URL)
}

// nameServer puts a name into $CHARTS and in place of CHARTS in files.
func nameServer(ts *testscript.TestScript, name string, files []string) {
	ts.Setenv("CHARTS", name)
	for _, file := range files {
		file = ts.MkAbs(filepath.FromSlash(file))
		text, err := os.ReadFile(file)
		ts.Check(err)
		ts.Check(os.WriteFile(file, bytes.ReplaceAll(text, []byte("CHARTS"), []byte(name)), 0o644))
	}
}

// startRegistry starts a registry with the charts of a folder.
func startRegistry(ts *testscript.TestScript, folder string, files []string) {
	startServer(ts, registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	host := strings.TrimPrefix(ts.Getenv("CHARTS"), "http://")
	charts := chartServer{os.DirFS(ts.MkAbs(folder))}
	folders, err := fs.ReadDir(charts, ".")
	ts.Check(err)
	for _, f := range folders {
		archive, err := charts.pack(f.Name())
		ts.Check(err)
		i := strings.LastIndexByte(f.Name(), '-')
		ts.Check(pushChart(host+"/charts/"+f.Name()[:i], f.Name()[i+1:], archive))
	}
	nameServer(ts, host, files)
}

// pushChart puts an archive into a registry as Helm does.
func pushChart(name, tag string, archive []byte) error {
	repo, err := remote.NewRepository(name)
	if err != nil {
		return err
	}
	repo.PlainHTTP = true
	config := oras.NewDescriptorFromBytes("application/vnd.cncf.helm.config.v1+json", []byte("{}"))
	layer := oras.NewDescriptorFromBytes("application/vnd.cncf.helm.chart.content.v1.tar+gzip", archive)
	manifest := ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest, Config: config, Layers: []ocispec.Descriptor{layer}}
	manifest.SchemaVersion = 2
	text, err := json.Marshal(manifest)
	if err != nil {
		return err
	}
	ctx := context.Background()
	return errors.Join(
		repo.Push(ctx, config, strings.NewReader("{}")), repo.Push(ctx, layer, bytes.NewReader(archive)),
		repo.PushReference(ctx, oras.NewDescriptorFromBytes(manifest.MediaType, text), bytes.NewReader(text), tag),
	)
}

// serverKey is the key under which a script keeps its runningCharts.
type serverKey struct{}

type runningCharts struct {
	*httptest.Server
	asked atomic.Int64
}

func (r *runningCharts) wantAsked(ts *testscript.TestScript, want string) {
	if want == "forget" {
		r.asked.Store(0)
	} else if got := fmt.Sprint(r.asked.Load()); got != want {
		ts.Fatalf("got %s requests, want %s", got, want)
	}
}
