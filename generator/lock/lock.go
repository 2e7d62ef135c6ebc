// Package lock reads and writes .gitopsgen/lock.yaml: what gitopsgen wrote into a repository, and with which charts.
//
// It also knows where the pristine copies of generated files stand, from which the next merge starts. It asks nobody for
// a chart.
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

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Path is where the lock stands in a repository.
const Path = ".gitopsgen/lock.yaml"

const baseDir = ".gitopsgen/base"

// The policies of generated files: what becomes of a user's edits when the file is written again.
const (
	mergePolicy = "merge" // they are kept
	ownPolicy   = "own"   // there should be none: the file is gitopsgen's
)

// Lock says what gitopsgen wrote, and with which charts.
type Lock struct {
	// Gitopsgen is the version that wrote the tree, Requires the least one that can read it.
	Gitopsgen string `yaml:"gitopsgen"`
	Requires  string `yaml:"requires"`
	// Blueprint is empty where the repository was not generated, and the lock is about its charts alone.
	Blueprint string `yaml:"blueprint,omitempty"`
	// Registries are the prefixes of the images that the components run.
	Registries []string `yaml:"registries,omitempty"`
	Charts     []Chart  `yaml:"charts,omitempty"`
	// Vendored are the charts that stand in the repository because gitopsgen put them there.
	Vendored []Vendored `yaml:"vendored,omitempty"`
	// Records are sorted by path.
	Records []Record `yaml:"records,omitempty"`
	Files   []File   `yaml:"files,omitempty"`
}

// Vendored is the folder of one chart in the repository.
type Vendored struct {
	Path    string `yaml:"path"`
	Content string `yaml:"content"`
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
	Version    string `yaml:"version"`
	// Digest is that of the archive as the repository publishes it, or Unverified.
	Digest string `yaml:"digest"`
	// Content is the digest of the files in it; empty where nobody has seen them yet.
	Content string `yaml:"content,omitempty"`
}

// Unverified stands for the digest of a chart whose publisher was not asked yet.
const Unverified = "unverified"

// Same reports whether two are of one chart in one version.
func (c Chart) Same(other Chart) bool {
	return c.Repository == other.Repository && c.Name == other.Name && c.Version == other.Version
}

// File is a file that gitopsgen wrote.
type File struct {
	ID     string `yaml:"id"`
	Path   string `yaml:"path"`
	SHA256 string `yaml:"sha256"`
	Policy string `yaml:"policy"`
}

// NewFile is one with these bytes. The id stays the same when a later version moves the file.
func NewFile(id, file string, data []byte) File {
	policy := mergePolicy
	if strings.HasPrefix(file, ".gitopsgen/") {
		policy = ownPolicy
	}
	return File{ID: id, Path: file, SHA256: Digest(data), Policy: policy}
}

// Base is the pristine copy of a file with these bytes, from which the next merge starts; ok is false where there is
// nothing to merge.
func (f File) Base(data []byte) (base tree.File, ok bool) {
	return tree.File{Path: basePath(f.Path), Data: data}, f.Policy == mergePolicy
}

// Digest is the sha256 of data, in hexadecimal.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Encode writes the lock as it stands in its file.
func (l Lock) Encode() ([]byte, error) {
	l.Charts, l.Vendored = slices.Clone(l.Charts), slices.Clone(l.Vendored)
	l.Records, l.Files = slices.Clone(l.Records), slices.Clone(l.Files)
	slices.SortFunc(l.Charts, func(a, b Chart) int {
		return strings.Compare(a.Repository+" "+a.Name+" "+a.Version, b.Repository+" "+b.Name+" "+b.Version)
	})
	l.Charts = slices.Compact(l.Charts)
	slices.SortFunc(l.Vendored, func(a, b Vendored) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(l.Records, func(a, b Record) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(l.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })

	var b bytes.Buffer
	b.WriteString("# Written by gitopsgen: what it wrote, and with which charts. Keep it in Git, edit nothing.\n")
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(l); err != nil {
		return nil, err
	}
	return b.Bytes(), encoder.Close()
}

// Read reads the lock of a generated repository; found is false where t has none.
func Read(t tree.Tree) (lock Lock, found bool, err error) {
	f, ok := t.File(Path)
	if !ok {
		return Lock{}, false, nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(f.Data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&lock); err != nil {
		// The library says each mistake on a line of its own.
		return Lock{}, false, fmt.Errorf("%s: not a lock that this gitopsgen knows: %s", Path, strings.Join(strings.Fields(err.Error()), " "))
	}
	return lock, true, nil
}

// Edited lists the paths of generated files that are no longer what was written, deleted ones among them.
func (l Lock) Edited(t tree.Tree) []string {
	var edited []string
	for _, f := range l.Files {
		if file, ok := t.File(f.Path); !ok || Digest(file.Data) != f.SHA256 {
			edited = append(edited, f.Path)
		}
	}
	return edited
}

// Pristine gives what gitopsgen wrote to a file; ok is false where that is no generated file.
func (l Lock) Pristine(t tree.Tree, file string) (data []byte, ok bool) {
	if !slices.ContainsFunc(l.Files, func(f File) bool { return f.Path == file }) {
		return nil, false
	}
	f, ok := t.File(basePath(file))
	return f.Data, ok
}

// Rewrite notes that gitopsgen writes data to a file of its own from now on, and gives the pristine copy. The lock is not
// changed.
func (l Lock) Rewrite(file string, data []byte) (Lock, tree.File) {
	l.Files = slices.Clone(l.Files)
	for i, f := range l.Files {
		if f.Path == file {
			l.Files[i].SHA256 = Digest(data)
		}
	}
	return l, tree.File{Path: basePath(file), Data: data}
}

// basePath is where the pristine copy of a generated file stands.
func basePath(file string) string { return path.Join(baseDir, file+".base") }

// Generated lists the paths of everything that gitopsgen wrote, besides gitopsgen.yaml.
func (l Lock) Generated() []string {
	paths := []string{Path}
	for _, f := range l.Files {
		paths = append(paths, f.Path)
		if f.Policy == mergePolicy {
			paths = append(paths, basePath(f.Path))
		}
	}
	slices.Sort(paths)
	return paths
}

// Record says by which key what a component's charts render to was recorded, if it was.
type Record struct {
	// Path is the folder of the component.
	Path      string `yaml:"path"`
	Component string `yaml:"component"`
	Key       string `yaml:"key"`
}

// Unedited are the records of the folders in which no file is among those that were edited since they were written.
func (l Lock) Unedited(edited []string) []Record {
	return slices.DeleteFunc(slices.Clone(l.Records), func(r Record) bool {
		return slices.ContainsFunc(edited, func(file string) bool { return path.Dir(file) == r.Path })
	})
}
