// Package cache writes files that several processes may read and write at once.
//
// It knows nothing of what is kept, nor of how it is found again.
package cache

import (
	"errors"
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
