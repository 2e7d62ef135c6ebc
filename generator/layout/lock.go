package layout

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/gitopsgen/gitopsgen/generator/chart"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// LockFile is the path of the lock in a generated repository.
const LockFile = ".gitopsgen/lock.yaml"

const baseDir = ".gitopsgen/base"

// The policies of generated files: what becomes of a user's edits when the file is written again.
const (
	policyMerge = "merge" // they are kept
	policyOwn   = "own"   // there should be none: the file is gitopsgen's
)

// Lock says what gitopsgen wrote, and with which charts.
type Lock struct {
	// Gitopsgen is the version that wrote the tree, Requires the least one that can read it.
	Gitopsgen string `yaml:"gitopsgen"`
	Requires  string `yaml:"requires"`
	// Blueprint is empty where the repository was not generated, and the lock is about its charts alone.
	Blueprint string `yaml:"blueprint,omitempty"`
	// Registries are the prefixes of the images that the components run.
	Registries []string      `yaml:"registries,omitempty"`
	Charts     []LockedChart `yaml:"charts,omitempty"`
	// Vendored are the charts that stand in the repository because gitopsgen put them there.
	Vendored []VendoredChart `yaml:"vendored,omitempty"`
	// Records are sorted by path.
	Records []LockedRecord `yaml:"records,omitempty"`
	Files   []lockedFile   `yaml:"files,omitempty"`
}

// VendoredChart is the folder of one chart in the repository.
type VendoredChart struct {
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

// LockedChart pins one chart.
type LockedChart struct {
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

// Ref names the chart.
func (c LockedChart) Ref() chart.Ref {
	return chart.Ref{Repo: c.Repository, Name: c.Name, Version: c.Version}
}

// Pin is what the lock knows of the chart.
func (c LockedChart) Pin() chart.Pin {
	p := chart.Pin{Digest: c.Digest, Content: c.Content}
	if c.Digest == Unverified {
		p.Digest = ""
	}
	return p
}

type lockedFile struct {
	ID     string `yaml:"id"`
	Path   string `yaml:"path"`
	SHA256 string `yaml:"sha256"`
	Policy string `yaml:"policy"`
}

func newLockedFile(id, file string, data []byte) lockedFile {
	policy := policyMerge
	if strings.HasPrefix(file, ".gitopsgen/") {
		policy = policyOwn
	}
	return lockedFile{ID: id, Path: file, SHA256: digest(data), Policy: policy}
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// lockFile writes the lock of what was added so far.
func (w *writer) lockFile() ([]byte, error) {
	lock := Lock{
		Gitopsgen: w.in.Version,
		Requires:  w.in.Version,
		Blueprint: string(w.in.Spec.Tier),
		Files:     w.lock,
	}
	if w.in.Spec.Blueprint != "" {
		lock.Blueprint = w.in.Spec.Blueprint
	}
	for i, platform := range w.in.Blueprint.Clusters {
		for _, c := range platform.Components {
			if key := w.in.RecordKeys[platform.Name][c.Name]; key != "" {
				lock.Records = append(lock.Records, LockedRecord{componentDir(w.in.Spec.Clusters[i], c.Name), c.Name, key})
			}
			lock.Registries = append(lock.Registries, c.Registries...)
			for _, one := range c.Charts {
				lock.Charts = append(lock.Charts, LockedChart{Name: one.Name, Repository: one.Repo, Version: one.Version, Digest: Unverified})
			}
		}
	}
	slices.Sort(lock.Registries)
	lock.Registries = slices.Compact(lock.Registries)
	for i, c := range lock.Charts {
		for _, known := range w.in.Lock.Charts {
			if known.Ref() == c.Ref() {
				lock.Charts[i] = known
			}
		}
	}
	lock.Vendored = w.in.Lock.Vendored
	return lock.Encode()
}

// Pins are what is known of the charts' bytes.
func (l Lock) Pins() map[chart.Ref]chart.Pin {
	pins := map[chart.Ref]chart.Pin{}
	for _, c := range l.Charts {
		pins[c.Ref()] = c.Pin()
	}
	return pins
}

// Encode writes the lock as it stands in its file.
func (l Lock) Encode() ([]byte, error) {
	l.Charts, l.Vendored = slices.Clone(l.Charts), slices.Clone(l.Vendored)
	l.Records, l.Files = slices.Clone(l.Records), slices.Clone(l.Files)
	slices.SortFunc(l.Charts, func(a, b LockedChart) int {
		return strings.Compare(a.Repository+" "+a.Name+" "+a.Version, b.Repository+" "+b.Name+" "+b.Version)
	})
	l.Charts = slices.Compact(l.Charts)
	slices.SortFunc(l.Vendored, func(a, b VendoredChart) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(l.Records, func(a, b LockedRecord) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(l.Files, func(a, b lockedFile) int { return strings.Compare(a.Path, b.Path) })

	var b bytes.Buffer
	b.WriteString("# Written by gitopsgen: what it wrote, and with which charts. Keep it in Git, edit nothing.\n")
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(l); err != nil {
		return nil, err
	}
	return b.Bytes(), encoder.Close()
}

// ReadLock reads the lock of a generated repository; found is false where t has none.
func ReadLock(t tree.Tree) (lock Lock, found bool, err error) {
	f, ok := t.File(LockFile)
	if !ok {
		return Lock{}, false, nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(f.Data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&lock); err != nil {
		// The library says each mistake on a line of its own.
		return Lock{}, false, fmt.Errorf("%s: not a lock that this gitopsgen knows: %s", LockFile, strings.Join(strings.Fields(err.Error()), " "))
	}
	return lock, true, nil
}

// Edited lists the paths of generated files that are no longer what was written, deleted ones among them.
func (l Lock) Edited(t tree.Tree) []string {
	var edited []string
	for _, f := range l.Files {
		if file, ok := t.File(f.Path); !ok || digest(file.Data) != f.SHA256 {
			edited = append(edited, f.Path)
		}
	}
	return edited
}

// Pristine gives what gitopsgen wrote to a file; ok is false where that is no generated file.
func (l Lock) Pristine(t tree.Tree, file string) (data []byte, ok bool) {
	if !slices.ContainsFunc(l.Files, func(f lockedFile) bool { return f.Path == file }) {
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
			l.Files[i].SHA256 = digest(data)
		}
	}
	return l, tree.File{Path: basePath(file), Data: data}
}

// basePath is where the pristine copy of a generated file stands.
func basePath(file string) string { return path.Join(baseDir, file+".base") }

// Generated lists the paths of everything that gitopsgen wrote, besides gitopsgen.yaml.
func (l Lock) Generated() []string {
	paths := []string{LockFile}
	for _, f := range l.Files {
		paths = append(paths, f.Path)
		if f.Policy == policyMerge {
			paths = append(paths, basePath(f.Path))
		}
	}
	slices.Sort(paths)
	return paths
}
