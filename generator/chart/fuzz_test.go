package chart

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// packed makes an archive of one file.
func packed(f *testing.F, header tar.Header, data string) []byte {
	f.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	w := tar.NewWriter(zipped)
	header.Size, header.Mode = int64(len(data)), 0o644
	if err := w.WriteHeader(&header); err != nil {
		f.Fatal(err)
	}
	if _, err := w.Write([]byte(data)); err != nil {
		f.Fatal(err)
	}
	w.Close()
	zipped.Close()
	return b.Bytes()
}

// zip packs what need not be an archive.
func zip(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data)
	w.Close()
	return b.Bytes()
}

// FuzzUnpack states that unpacking never panics, and that the files of a chart can stand in a tree. The text is a tar, to
// be packed, and the archive itself.
func FuzzUnpack(f *testing.F) {
	for _, archive := range [][]byte{
		packed(f, tar.Header{Name: "lamp/Chart.yaml"}, "apiVersion: v2\nname: lamp\nversion: 1.0.0\n"), packed(f, tar.Header{Name: "../Chart.yaml"}, "x"), packed(f, tar.Header{Name: "lamp/a/../b"}, "x"),
		packed(f, tar.Header{Name: "/lamp/Chart.yaml", Format: tar.FormatPAX, PAXRecords: map[string]string{"path": "lamp/x"}}, "x"), {0x1f, 0x8b}, nil,
	} {
		f.Add(archive)
		if r, err := gzip.NewReader(bytes.NewReader(archive)); err == nil {
			var b bytes.Buffer
			if _, err := b.ReadFrom(r); err == nil {
				f.Add(b.Bytes())
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, archive := range [][]byte{data, zip(data)} {
			c, err := Unpack(archive)
			if err != nil {
				continue
			}
			if _, err := tree.New(c.Files...); err != nil || len(c.Files) == 0 || c.Content == "" {
				t.Errorf("got %d files, content %q, %v", len(c.Files), c.Content, err)
			}
		}
	})
}
