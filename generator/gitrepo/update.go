package gitrepo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Change is one file to write or to remove in an existing directory.
type Change struct {
	File tree.File
	// Remove says that the file goes; only its path counts then.
	Remove bool
}

// journalDir holds, in .git, what a run that writes an existing repository means to write. From the moment that its plan
// is there the change happens, if need be by the next run; before that moment nothing has happened.
const journalDir = "gitopsgen-journal"

const planFile = "plan.json"

// step is one file of a plan. Was is the digest of what it replaces, empty where there was nothing.
type step struct {
	Path       string `json:"path"`
	Remove     bool   `json:"remove,omitempty"`
	Executable bool   `json:"executable,omitempty"`
	Was        string `json:"was,omitempty"`
	Content    string `json:"content,omitempty"`
}

// Update writes changes into the directory dir, which becomes a repository where it is none, and commits exactly them and
// c.With. It gives the commit's hash, empty where none was asked for.
func Update(ctx context.Context, dir string, changes []Change, c Commit) (hash string, err error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	unlock, err := lock(abs)
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, ok := Root(abs); !ok {
		if _, err := git.PlainInitWithOptions(abs, &git.PlainInitOptions{
			InitOptions: git.InitOptions{DefaultBranch: plumbing.NewBranchReferenceName(c.Branch)},
		}); err != nil {
			return "", fmt.Errorf("making %s a repository: %w", dir, cause(err))
		}
	}
	journal, err := journalOf(abs)
	if err != nil {
		return "", err
	}
	if err := writeJournal(ctx, abs, journal, changes); err != nil {
		return "", fmt.Errorf("writing %s: %w", dir, cause(err))
	}
	if err := replay(abs, journal); err != nil {
		return "", fmt.Errorf("writing %s: %w", dir, cause(err))
	}
	if c.Skip {
		return "", nil
	}
	return commitPaths(ctx, abs, changes, c)
}

// Recover finishes or undoes what an earlier run began to write in dir. finished says that there was something to
// finish: it is written, not committed.
func Recover(dir string) (finished bool, err error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return false, err
	}
	if _, ok := Root(abs); !ok {
		return false, nil
	}
	journal, err := journalOf(abs)
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(journal); errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	unlock, err := lock(abs)
	if err != nil {
		return false, err
	}
	defer unlock()
	if _, err := os.Stat(filepath.Join(journal, planFile)); errors.Is(err, os.ErrNotExist) {
		return false, os.RemoveAll(journal)
	}
	return true, replay(abs, journal)
}

// journalOf is where the journal of the directory abs stands: in the Git directory, which may be a file's target.
func journalOf(abs string) (string, error) {
	root, _ := Root(abs)
	dot := filepath.Join(root, gitDir)
	if text, err := os.ReadFile(dot); err == nil { // a linked work tree
		dot = strings.TrimSpace(strings.TrimPrefix(string(text), "gitdir:"))
		if !filepath.IsAbs(dot) {
			dot = filepath.Join(root, dot)
		}
	}
	inside, err := filepath.Rel(root, abs)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(filepath.ToSlash(inside)))
	return filepath.Join(dot, journalDir+"-"+hex.EncodeToString(sum[:4])), nil
}

func writeJournal(ctx context.Context, abs, journal string, changes []Change) error {
	if err := os.RemoveAll(journal); err != nil {
		return err
	}
	if err := os.MkdirAll(journal, 0o755); err != nil {
		return err
	}
	var plan []step
	for i, c := range changes {
		if err := ctx.Err(); err != nil {
			return err
		}
		s := step{Path: c.File.Path, Remove: c.Remove, Executable: c.File.Executable}
		if old, err := os.ReadFile(filepath.Join(abs, filepath.FromSlash(c.File.Path))); err == nil {
			s.Was = digest(old)
		}
		if !c.Remove {
			s.Content = strconv.Itoa(i)
			if err := os.WriteFile(filepath.Join(journal, s.Content), c.File.Data, 0o644); err != nil {
				return err
			}
		}
		plan = append(plan, s)
	}
	text, err := json.MarshalIndent(plan, "", " ")
	if err != nil {
		return err
	}
	tmp := filepath.Join(journal, planFile+".new")
	if err := os.WriteFile(tmp, text, 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(journal, planFile))
}

// replay does what the plan of a journal says, however much of it is done already, and removes the journal. A file that
// somebody changed since is left alone and named.
func replay(abs, journal string) error {
	text, err := os.ReadFile(filepath.Join(journal, planFile))
	if err != nil {
		return err
	}
	var plan []step
	if err := json.Unmarshal(text, &plan); err != nil {
		return fmt.Errorf("%s: %w", journal, err)
	}
	for _, s := range plan {
		if err := s.do(abs, journal); err != nil {
			return err
		}
	}
	return os.RemoveAll(journal)
}

func (s step) do(abs, journal string) error {
	at := filepath.Join(abs, filepath.FromSlash(s.Path))
	is := ""
	old, err := os.ReadFile(at)
	if err == nil {
		is = digest(old)
	}
	if s.Remove {
		if is != s.Was {
			return nil // gone already, or somebody's own by now
		}
		if err := os.Remove(at); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		removeEmpty(abs, path.Dir(s.Path))
		return nil
	}
	data, err := os.ReadFile(filepath.Join(journal, s.Content))
	if err != nil {
		return err
	}
	switch is {
	case digest(data):
		return nil
	case s.Was:
	default:
		return fmt.Errorf("%s was changed while it was being written; move your change away and run again", s.Path)
	}
	tmp := at + unfinished
	if err := writeFile(tmp, tree.File{Data: data, Executable: s.Executable}); err != nil {
		return err
	}
	return os.Rename(tmp, at)
}

// removeEmpty removes dir, inside of abs, and those above it, as far as they are empty.
func removeEmpty(abs, dir string) {
	for ; dir != "."; dir = path.Dir(dir) {
		if os.Remove(filepath.Join(abs, filepath.FromSlash(dir))) != nil {
			return
		}
	}
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// commitPaths commits the changes and nothing else, with the user's own git: its filters, hooks and signing are theirs.
func commitPaths(ctx context.Context, abs string, changes []Change, c Commit) (string, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return "", errors.New("the files are written, not committed: git is not installed; commit them yourself")
	}
	paths := strings.Join(c.With, "\x00")
	for _, change := range changes {
		paths += "\x00" + change.File.Path
	}
	run := func(args ...string) (string, error) {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Dir = abs
		cmd.Stdin = strings.NewReader(strings.Trim(paths, "\x00"))
		cmd.Env = append(os.Environ(), "GIT_LITERAL_PATHSPECS=1",
			"GIT_AUTHOR_NAME="+c.Author.Name, "GIT_AUTHOR_EMAIL="+c.Author.Email,
			"GIT_COMMITTER_NAME="+c.Author.Name, "GIT_COMMITTER_EMAIL="+c.Author.Email)
		out, err := cmd.CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("the files are written, not committed: git %s: %s", args[0], lastLines(string(out)))
		}
		return strings.TrimSpace(string(out)), nil
	}
	const fromStdin = "--pathspec-from-file=-"
	if _, err := run("add", "--all", "--force", fromStdin, "--pathspec-file-nul"); err != nil {
		return "", err
	}
	if _, err := run("commit", "--quiet", "--message="+c.Message, "--only", fromStdin, "--pathspec-file-nul"); err != nil {
		return "", err
	}
	return run("rev-parse", "HEAD")
}

// lastLines is the end of a program's output, short enough to read in an error.
func lastLines(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n    ")
}
