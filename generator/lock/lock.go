// Package lock reads and writes .gitopsgen/lock.yaml: what gitopsgen wrote into a repository, and with which charts.
//
// It also reads and writes .gitopsgen/base: the generated files as they were written, from which the next merge starts. It asks
// nobody for a chart.
package lock

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/Masterminds/semver/v3"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Path is where the lock stands in a repository.
const Path = ".gitopsgen/lock.yaml"

// Lock says what gitopsgen wrote, and with which charts.
type Lock struct {
	// Gitopsgen is the version that wrote the tree, Requires the least one that can read it.
	Gitopsgen string `yaml:"gitopsgen"`
	Requires  string `yaml:"requires"`
	// Blueprint is empty where the repository was not generated, and the lock is about its charts alone.
	Blueprint string `yaml:"blueprint,omitempty"`
	// Registries are the prefixes of the images that the components run.
	Registries []string `yaml:"registries,omitempty"`
	// Secrets are those that the components need and that somebody makes on the cluster.
	Secrets []Secret `yaml:"secrets,omitempty"`
	Charts  []Chart  `yaml:"charts,omitempty"`
	// Vendored are the charts that stand in the repository because gitopsgen put them there.
	Vendored []Vendored `yaml:"vendored,omitempty"`
	// Records are sorted by path.
	Records []Record `yaml:"records,omitempty"`
	// Deleted are the IDs of files that a user deleted, which do not come back, and Moved are those that stand elsewhere.
	Deleted []string `yaml:"deleted,omitempty"`
	Moved   []Moved  `yaml:"moved,omitempty"`
	// Bumped are the versions of charts in gitopsgen.yaml, by their paths there, that were taken over from kustomizations in which
	// somebody raised them, and that nobody chose.
	Bumped map[string]string `yaml:"bumped,omitempty"`
	// Base are the names of the archives beside the lock; a lock that was written before names none.
	Base []string `yaml:"base,omitempty"`
	// Files are what gitopsgen wrote, by path, and Spec is the text of the spec that it was written from; nil is that nobody knows.
	// They stand in the archives.
	Files []File `yaml:"-"`
	Spec  []byte `yaml:"-"`
	// Damaged is what cannot be read of the archives.
	Damaged []Damage `yaml:"-"`

	// before are the files of gitopsgen's own by which 0.1.0 kept them.
	before []string
}

// Secret is a Secret that no file holds.
type Secret struct {
	Cluster   string `yaml:"cluster"`
	Namespace string `yaml:"namespace"`
	Name      string `yaml:"name"`
}

// SameNeeds reports whether two locks say the same of what components need.
func (l Lock) SameNeeds(other Lock) bool {
	return slices.Equal(l.Registries, other.Registries) && slices.Equal(l.Secrets, other.Secrets)
}

// Vendored is the folder of one chart in the repository.
type Vendored struct {
	Path    string `yaml:"path"`
	Content string `yaml:"content"`
}

// Moved is a generated file that a user put elsewhere.
type Moved struct {
	ID string `yaml:"id"`
	// From is where gitopsgen would have it.
	From string `yaml:"from"`
}

// MovedFrom gives where gitopsgen would have a file that a user put elsewhere; empty is that nobody did.
func (l Lock) MovedFrom(id string) string {
	for _, m := range l.Moved {
		if m.ID == id {
			return m.From
		}
	}
	return ""
}

// ChartHome is the directory that vendored charts stand in.
const ChartHome = "charts"

// ChartHomeFrom is the way from a directory of the repository to ChartHome.
func ChartHomeFrom(dir string) string {
	if dir == "." {
		return ChartHome
	}
	return strings.Repeat("../", strings.Count(dir, "/")+1) + ChartHome
}

// Chart pins one chart.
type Chart struct {
	Name       string `yaml:"name"`
	Repository string `yaml:"repository"`
	// Range is what an Application names it by, in place of Version; empty where it is named by that.
	Range   string `yaml:"range,omitempty"`
	Version string `yaml:"version"`
	// Digest is that of the archive as the repository publishes it, or Unverified.
	Digest string `yaml:"digest"`
	// Content is the digest of the files in it; empty where nobody has seen them yet.
	Content string `yaml:"content,omitempty"`
}

// Unverified stands for the digest of a chart whose publisher was not asked yet.
const Unverified = "unverified"

// Same reports whether two are of one chart in one version.
func (c Chart) Same(other Chart) bool {
	return c.Repository == other.Repository && c.Name == other.Name && c.Version == other.Version && c.Range == other.Range
}

// Digest is the sha256 of data, in hexadecimal.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Encode writes the lock as it stands in its file.
func (l Lock) Encode() ([]byte, error) {
	l.Charts, l.Vendored = slices.Clone(l.Charts), slices.Clone(l.Vendored)
	l.Records, l.Base = slices.Clone(l.Records), l.archives()
	slices.SortFunc(l.Charts, func(a, b Chart) int {
		return strings.Compare(a.Repository+" "+a.Name+" "+a.Version+" "+a.Range, b.Repository+" "+b.Name+" "+b.Version+" "+b.Range)
	})
	l.Charts = slices.Compact(l.Charts)
	slices.SortFunc(l.Vendored, func(a, b Vendored) int { return strings.Compare(a.Path, b.Path) })
	l.Deleted, l.Moved = slices.Sorted(slices.Values(l.Deleted)), slices.Clone(l.Moved)
	slices.SortFunc(l.Moved, func(a, b Moved) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(l.Records, func(a, b Record) int { return strings.Compare(a.Path, b.Path) })

	var b bytes.Buffer
	b.WriteString("# Written by gitopsgen: what it wrote, and with which charts. Keep it in Git, edit nothing.\n")
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(l); err != nil {
		return nil, err
	}
	return b.Bytes(), encoder.Close()
}

// ReadableBy reports whether a version of gitopsgen can read the repository. Versions are major.minor.patch; of others nothing
// is known.
func (l Lock) ReadableBy(version string) bool {
	needs, errNeeds := semver.NewVersion(l.Requires)
	is, errIs := semver.NewVersion(version)
	return errNeeds != nil || errIs != nil || !is.LessThan(needs)
}

// Read reads the lock of a repository, and the files that gitopsgen wrote there; found is false where t has none. Where it cannot be
// read Requires is all that is known of it.
func Read(t tree.Tree) (l Lock, found bool, err error) {
	f, ok := t.File(Path)
	if !ok {
		return Lock{}, false, nil
	}
	var read struct {
		Lock  `yaml:",inline"`
		Files []oldFile `yaml:"files"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(f.Data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&read); err != nil {
		if at := conflict(f.Data); at > 0 {
			return Lock{}, false, fault.Hint(fmt.Errorf("%s:%d:1: a conflict that Git left here is not resolved", Path, at), "gitopsgen scaffold writes all generated files anew from gitopsgen.yaml, once that one is merged")
		}
		_ = yaml.Unmarshal(f.Data, &l) // by what it can be read may be known
		// The library says each mistake on a line of its own.
		return Lock{Requires: l.Requires}, true, fmt.Errorf("%s: not a lock that this gitopsgen knows: %s", Path, strings.Join(strings.Fields(err.Error()), " "))
	}
	l = read.Lock
	if len(read.Files) > 0 {
		l.migrate(read.Files, t)
		return l, true, nil
	}
	l.readBase(t)
	return l, true, nil
}

// conflict gives the line of the first mark that Git leaves in a file that it could not merge; zero is none.
func conflict(text []byte) int {
	for i, line := range bytes.Split(text, []byte("\n")) {
		if bytes.HasPrefix(line, []byte("<<<<<<< ")) {
			return i + 1
		}
	}
	return 0
}

// Record says by which key what a component's charts render to was recorded, if it was.
type Record struct {
	// Path is the folder of the component.
	Path      string `yaml:"path"`
	Component string `yaml:"component"`
	Key       string `yaml:"key"`
}

// Unedited are the records of the folders in which no file is among those that were edited since they were written. Where an archive
// is not whole nobody knows that.
func (l Lock) Unedited(edited []string) []Record {
	return slices.DeleteFunc(slices.Clone(l.Records), func(r Record) bool {
		damaged := func(d Damage) bool { return d.Archive == archivePath(archiveOf(r.Path)) }
		return slices.ContainsFunc(l.Damaged, damaged) || slices.ContainsFunc(edited, func(file string) bool { return path.Dir(file) == r.Path })
	})
}
