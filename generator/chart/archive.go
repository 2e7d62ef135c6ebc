package chart

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// MaxArchive is how many bytes an archive may have. The largest charts that people publish are a twentieth of it, as they are
// of what it may unpack to.
const (
	MaxArchive  = 32 << 20
	maxUnpacked = 100 << 20
	maxFiles    = 10_000
)

// Unpack reads the archive of a chart. A chart's own .gitignore and .gitattributes are left out: in a repository they
// would hide the chart's files from Git, or change them.
func Unpack(archive []byte) (Chart, error) {
	files, err := unpack(archive)
	if err != nil {
		return Chart{}, fmt.Errorf("its archive %w", err)
	}
	c := New(files)
	c.Digest = Digest(archive)
	return c, nil
}

func unpack(archive []byte) ([]tree.File, error) {
	if len(archive) > MaxArchive {
		return nil, ErrTooLarge
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, fmt.Errorf("is no gzipped tar archive: %w", err)
	}
	// Headers and padding count too: they are what a small archive can be blown up with.
	bounded := &io.LimitedReader{R: unzipped, N: maxUnpacked}
	files, err := unpackFiles(bounded)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(files, func(f tree.File) bool { return f.Path == File }) {
		return nil, errors.New("holds no chart: there is no Chart.yaml in its folder")
	}
	// The sum of the bytes stands behind the last file.
	if _, err := io.Copy(io.Discard, bounded); err != nil {
		return nil, errors.New("is truncated")
	}
	return files, nil
}

func unpackFiles(bounded *io.LimitedReader) ([]tree.File, error) {
	packed := tar.NewReader(bounded)
	var files []tree.File
	seen, left := map[string]bool{}, int64(maxUnpacked)
	for {
		header, err := packed.Next()
		if err == io.EOF && bounded.N > 0 {
			return files, nil
		}
		var f tree.File
		if err == nil && header.Typeflag != tar.TypeDir {
			// What is left out of a sparse file costs no byte of the archive, and counts all the same.
			f, err = unpackFile(io.LimitReader(packed, left+1), header)
			left -= int64(len(f.Data))
		}
		switch {
		case bounded.N <= 0 || left < 0:
			return nil, fmt.Errorf("unpacks to more than %d MiB", maxUnpacked>>20)
		case errors.Is(err, io.ErrUnexpectedEOF):
			return nil, errors.New("is truncated")
		case err != nil:
			return nil, err
		case f.Path == "" || hidesFiles(f.Path):
			continue
		case seen[f.Path]:
			return nil, fmt.Errorf("holds %q twice", f.Path)
		case len(files) == maxFiles:
			return nil, fmt.Errorf("holds more than %d files", maxFiles)
		}
		seen[f.Path] = true
		files = append(files, f)
	}
}

// ErrTooLarge says that an archive has more bytes than MaxArchive.
var ErrTooLarge = fmt.Errorf("is larger than %d MiB", MaxArchive>>20)

// unpackFile reads one file. Its path is empty where the entry is of no concern.
func unpackFile(packed io.Reader, header *tar.Header) (tree.File, error) {
	switch header.Typeflag {
	case tar.TypeXGlobalHeader:
		return tree.File{}, nil
	case tar.TypeReg:
	default:
		return tree.File{}, fmt.Errorf("holds %q, which is a link or no file at all", header.Name)
	}
	name := strings.TrimPrefix(strings.ReplaceAll(header.Name, `\`, "/"), "./")
	_, inside, _ := strings.Cut(name, "/") // the first step is the chart's name
	if !fs.ValidPath(name) || inside == "" {
		return tree.File{}, fmt.Errorf("holds %q, which leads out of the chart's folder", header.Name)
	}
	data, err := io.ReadAll(packed)
	if err != nil {
		return tree.File{}, err
	}
	return tree.File{Path: inside, Data: data}, nil
}

// hidesFiles reports whether a file tells Git what to leave out or to change.
func hidesFiles(name string) bool {
	base := path.Base(name)
	return base == ".gitignore" || base == ".gitattributes"
}
