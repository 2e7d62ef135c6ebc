package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Commit says how a change is committed.
type Commit struct {
	Message string
	Author  Identity
	// Branch is the first branch of a new repository.
	Branch string
	// With are paths that are committed too, where the user may have changed them.
	With []string
	// Skip writes the files and commits nothing.
	Skip bool
}

// commitPaths commits what stands at paths and nothing else, with the user's own git: its filters, hooks and signing are theirs. It
// gives the hash of the commit that holds them, which is an older one where nothing differs from it.
func commitPaths(ctx context.Context, abs string, paths []string, c Commit) (string, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return "", errors.New("the files are written, not committed: git is not installed; commit them yourself")
	}
	hash, err := userGit{ctx, abs, c.Author}.commit(c.Message, paths)
	if err != nil {
		return "", fmt.Errorf("the files are written, not committed: %w\n    mend that, then commit them with git commit", err)
	}
	return hash, nil
}

// userGit runs the user's git in a directory, on behalf of somebody.
type userGit struct {
	ctx context.Context
	dir string
	who Identity
}

// Dirty lists what is changed in a directory and not committed, and what Git does not know; none outside of a repository.
func Dirty(ctx context.Context, dir string) ([]string, error) {
	if _, ok := Root(dir); !ok {
		return nil, nil
	}
	out, err := userGit{ctx: ctx, dir: dir}.run(nil, "status", "--porcelain", "-z", "--no-renames", "--", ".")
	if err != nil {
		return nil, err
	}
	var paths []string
	for line := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		if len(line) > 3 {
			paths = append(paths, line[3:])
		}
	}
	return paths, nil
}

// Stage tells Git of what stands at paths in a directory, whether it is there or gone.
func Stage(ctx context.Context, dir string, paths []string) error {
	_, err := userGit{ctx: ctx, dir: dir}.run(paths, "update-index", "--add", "--remove", "--replace", "-z", "--stdin")
	return err
}

func (g userGit) commit(message string, paths []string) (string, error) {
	// Unlike add and rm it takes files that are there, gone, ignored and never known alike.
	if _, err := g.run(paths, "update-index", "--add", "--remove", "--replace", "-z", "--stdin"); err != nil {
		return "", err
	}
	differ, err := g.staged(paths)
	if err != nil {
		return "", err
	}
	if len(differ) > 0 {
		_, err := g.run(differ, "commit", "--quiet", "--message="+message, "--only", "--pathspec-from-file=-", "--pathspec-file-nul")
		if err != nil {
			// The git of a run that was killed may have been at it still, and done it.
			if differ, again := g.staged(paths); again != nil || len(differ) > 0 {
				return "", err
			}
		}
	}
	hash, err := g.run(nil, "rev-parse", "HEAD")
	return strings.TrimSpace(hash), err
}

// staged gives those of the paths at which the index differs from the last commit.
func (g userGit) staged(paths []string) ([]string, error) {
	base, err := g.run(nil, "rev-parse", "--verify", "--quiet", "HEAD")
	if err != nil { // nothing is committed yet
		if base, err = g.run(nil, "hash-object", "-t", "tree", "--stdin"); err != nil {
			return nil, err
		}
	}
	out, err := g.run(nil, "diff-index", "--cached", "--name-only", "--no-renames", "--relative", "-z", strings.TrimSpace(base))
	if err != nil {
		return nil, err
	}
	var differ []string
	for _, path := range strings.Split(out, "\x00") {
		if slices.Contains(paths, path) {
			differ = append(differ, path)
		}
	}
	return differ, nil
}

// patience is how long another git may hold a lock; one that was left behind is told after that.
const patience = 3 * time.Second

// run runs one command of git, with paths on its standard input, and gives its output. It waits while another git works.
func (g userGit) run(paths []string, args ...string) (string, error) {
	for start := time.Now(); ; {
		out, said, err := g.runOnce(paths, args...)
		if err == nil {
			return out, nil
		}
		if !strings.Contains(said, ".lock'") || time.Since(start) > patience {
			return "", fmt.Errorf("git %s: %s", args[0], lastLines(said, err))
		}
		select {
		case <-g.ctx.Done():
			return "", g.ctx.Err()
		case <-time.After(patience / 60):
		}
	}
}

// runOnce gives the output of a command of git, and all that it said where it fails.
func (g userGit) runOnce(paths []string, args ...string) (out, said string, err error) {
	cmd := Command(g.ctx, g.dir, args...)
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\x00"))
	cmd.Env = append(cmd.Env, "GIT_LITERAL_PATHSPECS=1",
		"GIT_AUTHOR_NAME="+g.who.Name, "GIT_AUTHOR_EMAIL="+g.who.Email,
		"GIT_COMMITTER_NAME="+g.who.Name, "GIT_COMMITTER_EMAIL="+g.who.Email)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	return stdout.String(), stderr.String() + stdout.String(), err
}

// Command is a command of the user's git in dir, whichever repository a hook that runs us works in.
func Command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if !slices.Contains([]string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"}, name) {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	// Git removes its locks when it is asked to end; killed, it would leave them.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// lastLines is the end of a program's output, short enough to read in an error, or the error itself where it said nothing.
func lastLines(out string, err error) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if lines[0] == "" {
		return err.Error()
	}
	return strings.Join(lines[max(0, len(lines)-12):], "\n    ")
}
