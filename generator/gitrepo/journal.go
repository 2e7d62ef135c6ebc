package gitrepo

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// A journal is a folder in the Git directory that holds what a run means to write: the new contents, and last the plan.
// From the moment that the plan is there the change happens, if need be by the next run; before that moment nothing has
// happened. Once the files are written the plan is renamed: only the commit is left then, of what people do not change.
type journal struct {
	// work is the directory to write, dir the journal's own.
	work *os.Root
	dir  string
}

const (
	journalDir = "gitopsgen-journal"
	planFile   = "plan.json"
	doneFile   = "done.json"
)

// plan is what a journal means to write, and how it is committed.
type plan struct {
	Commit Commit `json:"commit"`
	Steps  []step `json:"steps"`
}

// step is one file of a plan.
type step struct {
	Path       string `json:"path"`
	Executable bool   `json:"executable,omitempty"`
	// Keep says that the file is only committed, if it is still what Is says.
	Keep bool `json:"keep,omitempty"`
	// Was is the digest of what it replaces; empty where there is nothing.
	Was string `json:"was,omitempty"`
	// Is is the digest of the new content, and the name of the file in the journal that holds it; empty where the file goes.
	Is string `json:"is,omitempty"`
}

// openJournal gives the journal of the directory abs, whether it is there or not.
func openJournal(abs string) (*journal, error) {
	root, inside, ok := Inside(abs)
	if !ok {
		return nil, fmt.Errorf("%s is in no Git repository", abs)
	}
	dot := filepath.Join(root, gitDir)
	if text, err := os.ReadFile(dot); err == nil { // a linked work tree
		dot = strings.TrimSpace(strings.TrimPrefix(string(text), "gitdir:"))
		if !filepath.IsAbs(dot) {
			dot = filepath.Join(root, dot)
		}
	}
	work, err := os.OpenRoot(abs)
	if err != nil {
		return nil, err
	}
	name := journalDir + "-" + digest([]byte(inside))[:8]
	return &journal{work: work, dir: filepath.Join(dot, name)}, nil
}

func (j *journal) close() { j.work.Close() }

// has reports whether a file of the journal is there.
func (j *journal) has(name string) bool {
	_, err := os.Lstat(filepath.Join(j.dir, name))
	return err == nil
}

// write writes contents and plan, in place of an older journal.
func (j *journal) write(ctx context.Context, changes []Change, c Commit) error {
	if err := j.remove(); err != nil {
		return err
	}
	if err := os.MkdirAll(j.dir, 0o755); err != nil {
		return err
	}
	p := plan{Commit: c}
	for _, change := range changes {
		if err := ctx.Err(); err != nil {
			return err
		}
		s, err := j.step(change)
		if err != nil {
			return err
		}
		p.Steps = append(p.Steps, s)
	}
	// What goes makes room first: a folder may stand where a file was.
	slices.SortFunc(p.Steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(min(len(a.Is), 1), min(len(b.Is), 1)), strings.Compare(a.Path, b.Path))
	})
	for _, path := range c.With {
		is, err := j.digestOf(path)
		if err != nil {
			return err
		}
		p.Steps = append(p.Steps, step{Path: path, Is: is, Keep: true})
	}
	text, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return err
	}
	tmp := filepath.Join(j.dir, planFile+unfinished)
	if err := os.WriteFile(tmp, text, 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(j.dir, planFile))
}

// step plans one change, and writes its content into the journal.
func (j *journal) step(c Change) (step, error) {
	s := step{Path: c.File.Path, Executable: c.File.Executable}
	was, err := j.digestOf(s.Path)
	if err != nil {
		return s, err
	}
	if was != folder { // which goes with the files in it
		s.Was = was
	}
	if c.Remove {
		return s, nil
	}
	s.Is = digest(c.File.Data)
	return s, os.WriteFile(filepath.Join(j.dir, s.Is), c.File.Data, 0o644)
}

// replay writes what the plan says, however much of it is written already. It gives the files that are neither what they
// were nor what they should be: somebody changed them, and they are left alone.
func (j *journal) replay() (left []string, err error) {
	p, err := j.read(planFile)
	if err != nil {
		return nil, err
	}
	for _, s := range p.Steps {
		if s.Keep {
			continue
		}
		ours, err := j.do(s)
		if err != nil {
			return nil, err
		}
		if !ours {
			left = append(left, s.Path)
		}
	}
	return left, os.Rename(filepath.Join(j.dir, planFile), filepath.Join(j.dir, doneFile))
}

// commit commits what was written, as far as it still is what the plan says. It gives the commit's hash, empty where none
// was asked for.
func (j *journal) commit(ctx context.Context) (string, error) {
	p, err := j.read(doneFile)
	if err != nil || p.Commit.Skip {
		return "", err
	}
	var paths []string
	for _, s := range p.Steps {
		is, err := j.digestOf(s.Path)
		if err != nil {
			return "", err
		}
		if is == s.Is || s.Is == "" && is == folder {
			paths = append(paths, s.Path)
		}
	}
	return commitPaths(ctx, j.work.Name(), paths, p.Commit)
}

func (j *journal) read(name string) (plan, error) {
	at := filepath.Join(j.dir, name)
	text, err := os.ReadFile(at)
	if err != nil {
		return plan{}, err
	}
	var p plan
	if err := json.Unmarshal(text, &p); err != nil {
		return plan{}, fmt.Errorf("%s: %w", at, err)
	}
	return p, nil
}

// remove removes the journal, the plan first: without it the rest means nothing.
func (j *journal) remove() error {
	for _, name := range []string{planFile, doneFile} {
		if err := os.Remove(filepath.Join(j.dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return os.RemoveAll(j.dir)
}

// do does one step; ours is false where somebody changed the file since the plan was made.
func (j *journal) do(s step) (ours bool, err error) {
	tmp := s.Path + unfinished
	if s.Is != "" {
		if err := j.work.Remove(tmp); err != nil && !isAbsent(err) {
			return false, err
		}
	}
	is, err := j.digestOf(s.Path)
	switch {
	case err != nil:
		return false, err
	case s.Is == "" && is == folder: // the file is gone, and others are below its name by now
		return true, nil
	case is != s.Is && is != s.Was:
		return false, nil
	case s.Is == "":
		if err := j.work.Remove(s.Path); err != nil && !isAbsent(err) {
			return false, err
		}
		j.removeEmpty(path.Dir(s.Path))
		return true, nil
	case is == s.Is:
		return true, j.work.Chmod(s.Path, mode(s.Executable))
	}
	data, err := os.ReadFile(filepath.Join(j.dir, s.Is))
	if err != nil {
		return false, err
	}
	if err := j.work.MkdirAll(path.Dir(s.Path), 0o755); isObstacle(err) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	if err := j.work.WriteFile(tmp, data, mode(s.Executable)); err != nil {
		return false, err
	}
	return true, j.work.Rename(tmp, s.Path)
}

// folder stands for the digest of a folder.
const folder = "folder"

// digestOf gives the digest of the file at path; empty where there is none.
func (j *journal) digestOf(path string) (string, error) {
	data, err := j.work.ReadFile(path)
	switch {
	case isAbsent(err):
		return "", nil
	case errors.Is(err, syscall.EISDIR):
		return folder, nil
	case err != nil:
		return "", err
	}
	return digest(data), nil
}

// isAbsent reports whether an error says that there is no such file, be it that a folder on the way is none.
func isAbsent(err error) bool {
	return errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// isObstacle reports whether an error says that a file stands where a folder must be.
func isObstacle(err error) bool {
	return errors.Is(err, os.ErrExist) || errors.Is(err, syscall.ENOTDIR)
}

// removeEmpty removes dir and those above it, as far as they are empty.
func (j *journal) removeEmpty(dir string) {
	for ; dir != "."; dir = path.Dir(dir) {
		info, err := j.work.Lstat(dir)
		if err != nil || !info.IsDir() || j.work.Remove(dir) != nil {
			return
		}
	}
}

func mode(executable bool) os.FileMode {
	if executable {
		return 0o755
	}
	return 0o644
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
