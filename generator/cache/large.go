package cache

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// maxLarge bounds the bytes of all large values of a store: those that were not asked for longest go.
const maxLarge = 1 << 30

// Large gives what PutLarge kept for a key.
func (s *Store) Large(k Key) (data []byte, ok bool) {
	file := s.largeFile(k)
	if data, ok = ReadSealed(file); !ok {
		return nil, false
	}
	if at, err := os.Stat(file); err == nil && time.Since(at.ModTime()) > day {
		_ = os.Chtimes(file, time.Time{}, time.Now()) // else it goes earlier than it might
	}
	return data, true
}

const day = 24 * time.Hour

// PutLarge keeps data for a key in a file of its own. Where that does not work, it is not there.
func (s *Store) PutLarge(k Key, data []byte) {
	if WriteSealed(s.largeFile(k), data) == nil {
		s.grown.Add(int64(len(data)))
	}
}

func (s *Store) largeFile(k Key) string {
	return filepath.Join(s.dir, "large", fmt.Sprintf("%02x", k[0]), fmt.Sprintf("%x", k[1:]))
}

// sweep removes the oldest large values where there are too many bytes of them.
func (s *Store) sweep(most int64) error {
	if s.grown.Swap(0) == 0 {
		return nil
	}
	type file struct {
		name string
		fs.FileInfo
	}
	var all []file
	var total int64
	err := filepath.WalkDir(filepath.Join(s.dir, "large"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return skipMissing(err)
		}
		if info, err := d.Info(); err == nil { // else another process removed it
			all, total = append(all, file{name, info}), total+info.Size()
		}
		return nil
	})
	if err != nil || total <= most {
		return err
	}
	slices.SortFunc(all, func(a, b file) int {
		return cmp.Or(a.ModTime().Compare(b.ModTime()), cmp.Compare(a.name, b.name))
	})
	for _, f := range all {
		if total <= most*3/4 { // so that the next run need not do so again
			break
		}
		if err := os.Remove(f.name); skipMissing(err) != nil {
			return err
		}
		total -= f.Size()
	}
	return nil
}
