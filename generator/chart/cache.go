package chart

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/cache"
)

// Cache is a folder of archives and indexes that were fetched before. Several processes may use it at once. One whose
// Dir is empty is always empty.
type Cache struct {
	Dir string
}

// Entry is one file of a cache: a line of JSON, then what was fetched.
type Entry struct {
	Repository string `json:"repository"`
	// Name and Version are empty for a repository's index.
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
	// Digest is that of body, so that damage is seen.
	Digest string `json:"digest"`
	// ETag and LastModified are what the server called this state of an index.
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"lastModified,omitempty"`
	// Body is what was fetched.
	Body []byte `json:"-"`
}

// Chart gives a chart that the publisher's repository served before.
func (c Cache) Chart(_ context.Context, ref Ref) (Chart, error) {
	e, ok := c.Read(ref)
	if !ok {
		return Chart{}, ErrNone
	}
	found, err := Unpack(e.Body)
	if err != nil {
		return Chart{}, ErrNone // nothing that does not unpack is ever put here
	}
	found.Published = true
	return found, nil
}

// file is where an entry stands. No two charts share a name: what is hashed has its parts divided by a byte that none of
// them holds.
func (c Cache) file(ref Ref) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{Location(ref.Repo), ref.Name, ref.Version}, "\x00")))
	return filepath.Join(c.Dir, hex.EncodeToString(sum[:]))
}

// Read gives the entry of a chart, or of an index; ok is false where it is not there, or damaged.
func (c Cache) Read(ref Ref) (e Entry, ok bool) {
	if c.Dir == "" {
		return e, false
	}
	data, err := os.ReadFile(c.file(ref))
	if err != nil {
		return e, false
	}
	head, body, _ := bytes.Cut(data, []byte("\n"))
	if json.Unmarshal(head, &e) != nil || e.Digest != Digest(body) {
		return e, false
	}
	e.Body = body
	return e, e.Repository == Location(ref.Repo) && e.Name == ref.Name && e.Version == ref.Version
}

// Write puts an entry into the cache. Where that does not work, it is fetched again next time.
func (c Cache) Write(e Entry) {
	if c.Dir == "" {
		return
	}
	e.Repository, e.Digest = Location(e.Repository), Digest(e.Body)
	head, err := json.Marshal(e)
	if err != nil {
		return
	}
	_ = cache.Write(c.file(Ref{e.Repository, e.Name, e.Version}), append(append(head, '\n'), e.Body...))
}
