// Package hook installs the hook by which Git has gitopsgen judge what is about to be committed, and removes it.
//
// It knows where Git looks for hooks, and who else puts one there. It judges nothing.
package hook

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/escape"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
)

// Hook is the hook of a repository that runs before a commit.
type Hook struct {
	// Path is where it stands: from the root of the work tree, or from that of the file system where it is not below.
	Path string
	// Shared is the value of core.hooksPath where that is a folder of the work tree: what stands there may be committed, and
	// then serves everybody.
	Shared string
	// Inside is the folder of the work tree that is judged; "." is all of it.
	Inside string

	file string
}

// Command is what the hook runs.
func (h Hook) Command() string {
	command := "gitopsgen lint --staged --since HEAD --max-findings 5"
	if h.Inside != "." {
		command += " " + escape.Shell("./"+h.Inside)
	}
	return command
}

// Of finds the hook of the repository whose work tree the folder dir is in, as the user's git would.
func Of(ctx context.Context, dir string) (h Hook, err error) {
	root, err := ask(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return h, err
	}
	if h.Inside, err = ask(ctx, dir, "rev-parse", "--show-prefix"); err != nil {
		return h, err
	}
	h.Inside = filepath.Clean(h.Inside)
	folder, err := ask(ctx, root, "rev-parse", "--git-path", "hooks")
	if err != nil {
		return h, err
	}
	common, err := ask(ctx, root, "rev-parse", "--git-common-dir")
	if err != nil {
		return h, err
	}
	h.file = filepath.Join(from(root, folder), "pre-commit")
	h.Path = h.file
	if inside, err := filepath.Rel(root, h.file); err == nil && filepath.IsLocal(inside) {
		h.Path = inside
	}
	switch {
	case within(from(root, common), h.file):
		return h, nil
	case !within(root, h.file):
		return h, fault.Hint(fmt.Errorf("hooks stand in %s, which is no folder of this repository: one there would judge every repository that uses it", folder),
			"name a folder of its own by git config core.hooksPath, or have a hook there run: "+h.Command())
	}
	h.Shared, err = ask(ctx, root, "config", "core.hooksPath")
	return h, err
}

// ask gives the line that a command of the user's git prints.
func ask(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := gitrepo.Command(ctx, dir, args...)
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		said, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n")
		return "", fmt.Errorf("looking for the hooks of %s: git %s: %s", dir, args[0], said)
	case err != nil:
		return "", fmt.Errorf("looking for the hooks of %s: %w", dir, err)
	}
	return strings.TrimSuffix(string(out), "\n"), nil
}

// from gives a path that Git names, which may be relative to where it was asked.
func from(root, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(root, path)
}

// within reports whether a file stands below a folder, links on the way followed.
func within(dir, file string) bool {
	dir, file = followed(dir), filepath.Join(followed(filepath.Dir(file)), filepath.Base(file))
	inside, err := filepath.Rel(dir, file)
	return err == nil && filepath.IsLocal(inside)
}

// followed is where a folder really is; what does not exist yet is below what does.
func followed(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	if parent := filepath.Dir(dir); parent != dir {
		return filepath.Join(followed(parent), filepath.Base(dir))
	}
	return dir
}
