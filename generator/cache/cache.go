// Package cache writes files that several processes may read and write at once.
//
// It knows nothing of what is kept, nor of how it is found again.
package cache

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts data into a file, whose folder it makes. Others see what was there before or all of data, never a part.
func Write(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), "new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// WriteSealed is Write, for ReadSealed.
func WriteSealed(file string, data []byte) error {
	sum := sha256.Sum256(data)
	return Write(file, append(sum[:], data...))
}

// ReadSealed reads what WriteSealed wrote. ok is false where it is not there, or is damaged.
func ReadSealed(file string) (data []byte, ok bool) {
	data, err := os.ReadFile(file)
	if err != nil || len(data) < sha256.Size || sha256.Sum256(data[sha256.Size:]) != [sha256.Size]byte(data) {
		return nil, false
	}
	return data[sha256.Size:], true
}

// skipMissing gives an error but for that of a file which is not there: another process may clean at the same time.
func skipMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Folder is one of a cache.
type Folder struct {
	Dir string
	// Holds says what is kept there.
	Holds string
}

// Size counts the files in a folder and their bytes; there are none where it is not there.
func (f Folder) Size() (files int, bytes int64, err error) {
	err = filepath.WalkDir(f.Dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return skipMissing(err)
		}
		if info, err := d.Info(); err == nil {
			files++
			bytes += info.Size()
		}
		return nil
	})
	return files, bytes, err
}
