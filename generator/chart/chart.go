// Package chart knows what a Helm chart is, and gets it from where it stands at hand: folders, trees, the cache.
//
// It trusts nothing that it reads: archives are bounded, and bytes are held against digests. It knows nothing of
// kustomizations, asks no network and renders nothing.
package chart

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Ref names a chart as a kustomization does.
type Ref struct {
	Repo, Name, Version string
}

// String gives the chart's name and version.
func (r Ref) String() string { return strings.TrimSpace(r.Name + " " + r.Version) }

// Public is the chart without the user and password that may stand in the URL of its repository: so it is locked.
func (r Ref) Public() Ref {
	r.Repo = Location(r.Repo)
	return r
}

// Chart is a chart's files, and by what its bytes are known again.
type Chart struct {
	// Files have paths inside of the chart: Chart.yaml, templates/...
	Files []tree.File
	// Content is the digest of the files, whatever they were packed in.
	Content string
	// Digest is that of the archive; empty where the chart came unpacked.
	Digest string
	// Published says that the archive is the publisher's own: others may have packed the same files to other bytes.
	Published bool
}

// New gives the chart that files make.
func New(files []tree.File) Chart {
	return Chart{Files: files, Content: ContentDigest(files)}
}

// ContentDigest is the digest of a chart's files, in order of their paths. It is that of what
//
//	find . -type f | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum
//
// prints in the chart's folder.
func ContentDigest(files []tree.File) string {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b tree.File) int { return strings.Compare(a.Path, b.Path) })
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%x  %s\n", sha256.Sum256(f.Data), f.Path)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// Digest is the digest of an archive, as indexes and registries write it.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// ErrNone says that a place does not have a chart, so that the next one is asked.
var ErrNone = errors.New("no such chart here")

// Unavailable is the error for a chart that could not be had, through nobody's fault here: the next place is asked, and
// the chart is not rendered.
type Unavailable struct {
	Reason string
	// Silent says that a host did not answer, which Network.Silent tells once for all charts.
	Silent bool
	// Absent says that a host has no such file.
	Absent bool
}

func (e *Unavailable) Error() string { return e.Reason }

// Pin is what the lock knows of a chart. An empty digest is one that nobody knows.
type Pin struct {
	Digest, Content string
	// Version is the one that was locked for a range of versions; empty where the chart is named by one version.
	Version string
}

// Check gives an error that names both digests where a chart is not the one that was locked.
func (p Pin) Check(c Chart) error {
	if p.Digest != "" && c.Published && c.Digest != p.Digest {
		return fmt.Errorf("its archive is %s, and the lock has %s", c.Digest, p.Digest)
	}
	if p.Content != "" && c.Content != p.Content {
		return fmt.Errorf("its content is %s, and the lock has %s", c.Content, p.Content)
	}
	return nil
}

// Location gives a repository's URL without the user and password that may stand in it, for people to read.
func Location(repo string) string {
	if getter, url, forced := strings.Cut(repo, "::"); forced && !strings.ContainsAny(getter, ":/") { // git::https://…
		return getter + "::" + Location(url)
	}
	if !strings.Contains(repo, "://") { // it is a path, or as scp writes it
		if user, rest, ok := strings.Cut(repo, "@"); ok && strings.Contains(user, ":") {
			return rest
		}
		return repo
	}
	u, err := url.Parse(repo)
	if err != nil {
		return "a repository whose URL cannot be read"
	}
	if u.User == nil {
		return repo
	}
	u.User = nil
	return u.String()
}
