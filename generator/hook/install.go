package hook

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
)

// mark begins the line by which a hook is known to be ours.
const mark = "# Written by gitopsgen hook install"

// script is the hook. One that cannot judge refuses the commit: nobody would notice that nothing is judged.
func (h Hook) script() string {
	return `#!/bin/sh
` + mark + `, and written anew by it: gitopsgen hook uninstall removes it.
if ! command -v gitopsgen >/dev/null; then
	echo 'gitopsgen is not in PATH: what is about to be committed cannot be judged. git commit --no-verify commits all the same.' >&2
	exit 1
fi
exec ` + h.Command() + "\n"
}

// managers are programs that put hooks of their own there, by what shows in the path or the text of such a hook.
var managers = []struct{ name, shows, do string }{
	{"lefthook", "lefthook", "add a command to lefthook.yml that runs: "},
	{"husky", "husky", "add a line to .husky/pre-commit: "},
	{"pre-commit", "pre-commit.com", "list the hook gitopsgen-lint in .pre-commit-config.yaml, which runs: "},
}

// present reports whether there is a hook of ours. Another is an error that says how both can run.
func (h Hook) present() (bool, error) {
	info, err := os.Lstat(h.file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	var text []byte
	if err == nil && info.Mode().IsRegular() {
		text, err = os.ReadFile(h.file)
	}
	if err != nil {
		return false, fmt.Errorf("reading the hook: %w", err)
	}
	if bytes.Contains(text, []byte("\n"+mark)) {
		return true, nil
	}
	for _, m := range managers {
		if strings.Contains(h.file, m.shows) || bytes.Contains(text, []byte(m.shows)) {
			return false, fault.Hint(fmt.Errorf("%s is a hook of %s, and stays as it is", h.Path, m.name), m.do+h.Command())
		}
	}
	return false, fault.Hint(fmt.Errorf("%s is another hook, and stays as it is", h.Path), "add a line to it: "+h.Command()+" || exit")
}

// Install writes the hook, whole or not at all. One that it wrote before it writes anew; another is an error.
func (h Hook) Install() error {
	if _, err := h.present(); err != nil {
		return err
	}
	err := os.MkdirAll(filepath.Dir(h.file), 0o755)
	if err == nil {
		err = gitrepo.WriteFile(h.file, []byte(h.script()), 0o755)
	}
	if err != nil {
		return fmt.Errorf("the hook: %w", err)
	}
	return nil
}

// Uninstall removes the hook and reports whether there was one. Another than ours is an error.
func (h Hook) Uninstall() (removed bool, err error) {
	if removed, err = h.present(); !removed {
		return false, err
	}
	if err := os.Remove(h.file); err != nil {
		return false, fmt.Errorf("removing the hook: %w", err)
	}
	return true, nil
}
