package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"
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
// in its own way. charts asked N wants N requests so far, and charts asked forget counts anew.
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
	default:
		handler = chartServer{os.DirFS(ts.MkAbs(args[0]))}
	}
	running := ts.Value(serverKey{}).(*runningCharts)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		running.asked.Add(1)
		handler.ServeHTTP(w, req)
	}))
	running.Server = server
	ts.Defer(server.Close)
	ts.Setenv("CHARTS", server.URL)
	for _, file := range args[1:] {
		file = ts.MkAbs(filepath.FromSlash(file))
		text, err := os.ReadFile(file)
		ts.Check(err)
		ts.Check(os.WriteFile(file, bytes.ReplaceAll(text, []byte("CHARTS"), []byte(server.URL)), 0o644))
	}
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
