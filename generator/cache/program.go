package cache

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"time"
)

// program tells the program that runs, which decides whatever it works out, from all others; empty where that cannot be known. Where it
// has no build ID that is the digest of its file, which is kept in s by what the file system says of that: reading it takes longer than
// some runs.
func program(s *Store) string {
	file, err := os.Executable()
	if err != nil {
		return ""
	}
	if id := buildID(file); id != "" {
		return id
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

// buildID is what Go's linker writes into a program for Linux: digests of what that was made of, and of the program itself. It is empty
// for others, and where somebody has the linker write something else.
func buildID(file string) string {
	f, err := elf.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	note := f.Section(".note.go.buildid")
	if note == nil {
		return ""
	}
	data, err := note.Data()
	const head = 16 // sizes, type and the name "Go", as of every note of ELF
	if err != nil || len(data) < head || bytes.Count(data, []byte("/")) != 3 {
		return ""
	}
	return string(data[head:])
}

// racy is how long after a file was written its time may not tell of another writing.
const racy = 2 * time.Second
