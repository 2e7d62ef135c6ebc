// Package charttest packs charts for tests.
package charttest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
)

// Entry is one entry of an archive.
type Entry struct {
	tar.Header
	Data string
}

// File is the entry of a plain file.
func File(name, data string) Entry {
	return Entry{tar.Header{Name: name, Mode: 0o644, Size: int64(len(data)), Typeflag: tar.TypeReg}, data}
}

// Pack makes a gzipped archive. It panics where an entry's header cannot be written.
func Pack(entries ...Entry) []byte {
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	packed := tar.NewWriter(zipped)
	for _, e := range entries {
		if err := packed.WriteHeader(&e.Header); err != nil {
			panic(err)
		}
		if _, err := io.WriteString(packed, e.Data); err != nil {
			panic(err)
		}
	}
	if err := errors.Join(packed.Close(), zipped.Close()); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Lamp is the archive of a small chart.
func Lamp(version string) []byte {
	return Pack(File("lamp/Chart.yaml", "name: lamp\nversion: "+version+"\n"), File("lamp/values.yaml", "watt: 5\n"))
}
