package cache

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"time"
)

// program is the digest of the program that runs, which decides whatever it works out; empty where that cannot be known. It is
// kept in s by what the file system says of the program's file, for reading that takes longer than some runs.
func program(s *Store) string {
	file, err := os.Executable()
	if err != nil {
		return ""
	}
	at, err := os.Stat(file)
	if err != nil {
		return ""
	}
	key := keyOf("program", file, fmt.Sprint(at.Size()), at.ModTime().UTC().Format(time.RFC3339Nano))
	if sum, ok := s.Get(key); ok {
		return string(sum)
	}
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	sum := fmt.Sprintf("%x", h.Sum(nil))
	if time.Since(at.ModTime()) > racy { // else it may be written once more in the same instant
		s.Put(key, []byte(sum))
	}
	return sum
}

// racy is how long after a file was written its time may not tell of another writing.
const racy = 2 * time.Second
