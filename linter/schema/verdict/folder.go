package verdict

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/cache"
)

// Folder keeps schemas as files, because kubeconform takes them from there only. A file is named by the digest of what
// is in it; one that is damaged is written again.
type Folder struct {
	dir       string
	temporary bool
}

// Open makes the folder of the schemas that a digest names below cacheDir, where several processes may do so at once. Where cacheDir
// is empty or cannot be written, it is a temporary one.
func Open(cacheDir, digest string) (Folder, error) {
	if dir, err := usable(cacheDir); err == nil {
		f := Folder{dir: filepath.Join(dir, "schemas-"+digest[:min(len(digest), 16)])}
		if f.probe() == nil {
			return f, nil
		}
	}
	dir, err := os.MkdirTemp("", "gitopsgen-schemas-")
	if err != nil {
		return Folder{}, fmt.Errorf("folder for schemas: %w", err)
	}
	if dir, err = usable(dir); err != nil {
		return Folder{}, errors.Join(fmt.Errorf("folder for schemas: %w", err), os.RemoveAll(dir))
	}
	return Folder{dir: dir, temporary: true}, nil
}

// usable gives the absolute path of dir if kubeconform can take files from there: it reads a path as a template and
// as a URL.
func usable(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("no folder is given")
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if strings.ContainsAny(absolute, "%#?{") {
		return "", fmt.Errorf("folder %q: kubeconform cannot read paths with any of %%, #, ? and {", absolute)
	}
	return absolute, nil
}

// probe says whether the folder can be written.
func (f Folder) probe() error {
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(f.dir, "probe-*")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// path is that of the file that keeps data.
func (f Folder) path(data []byte) string {
	sum := sha256.Sum256(data)
	return filepath.Join(f.dir, hex.EncodeToString(sum[:16])+".json")
}

// put keeps data and gives the path of its file.
func (f Folder) put(data []byte) (string, error) {
	path := f.path(data)
	if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, data) {
		return path, nil
	}
	return path, cache.Write(path, data)
}

// Close removes a temporary folder.
func (f Folder) Close() error {
	if !f.temporary {
		return nil
	}
	return os.RemoveAll(f.dir)
}
