package chart

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/chart/charttest"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

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
	absolute := charttest.File("/lamp/Chart.yaml", "x")
	absolute.Format, absolute.PAXRecords = tar.FormatPAX, map[string]string{"path": "lamp/x"}
	for _, archive := range [][]byte{
		charttest.Pack(charttest.File("lamp/Chart.yaml", "apiVersion: v2\nname: lamp\nversion: 1.0.0\n")),
		charttest.Pack(charttest.File("../Chart.yaml", "x")), charttest.Pack(charttest.File("lamp/a/../b", "x")),
		charttest.Pack(absolute), {0x1f, 0x8b}, nil,
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
