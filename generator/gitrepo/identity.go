package gitrepo

import (
	"context"
	"errors"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/config"
)

// Identity is who commits.
type Identity struct {
	Name, Email string
}

// ParseIdentity reads "Name <mail>".
func ParseIdentity(text string) (Identity, error) {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Name == "" {
		return Identity{}, errors.New("want \"Name <mail@example.org>\"")
	}
	return Identity{Name: a.Name, Email: a.Address}, nil
}

// Complete reports whether the identity has a name and an address.
func (i Identity) Complete() bool { return i.Name != "" && i.Email != "" }

// InEnvironment gives the identity that the environment names: who writes, else who commits. It may not be complete.
func InEnvironment(getenv func(string) string) (i Identity) {
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		if i = (Identity{getenv("GIT_" + who + "_NAME"), getenv("GIT_" + who + "_EMAIL")}); i.Complete() {
			break
		}
	}
	return i
}

// ErrNoIdentity says that nobody told who commits.
var ErrNoIdentity = errors.New("no Git identity: who commits is not known")

// Configured gives the identity in Git's configuration, as it is for the repository that dir is in or will be. Git itself
// is asked where it is installed, for it knows includes that the library does not.
func Configured(dir string) Identity {
	if _, err := exec.LookPath("git"); err != nil {
		for _, scope := range []config.Scope{config.GlobalScope, config.SystemScope} {
			if c, err := config.LoadConfig(scope); err == nil && c.User.Name != "" && c.User.Email != "" {
				return Identity{Name: c.User.Name, Email: c.User.Email}
			}
		}
		return Identity{}
	}
	at := existing(dir)
	_, inside := Root(at)
	if _, err := os.Stat(dir); (err != nil || !inside) && ask(at, "--get-regexp", `^includeif\.`) != "" {
		if tmp, err := standIn(at); err == nil {
			defer os.RemoveAll(tmp)
			at = tmp
		}
	}
	return Identity{Name: ask(at, "--get", "user.name"), Email: ask(at, "--get", "user.email")}
}

// standIn makes an empty repository in dir. What is included by place (includeIf.gitdir) is known only inside of one.
func standIn(dir string) (string, error) {
	tmp, err := os.MkdirTemp(dir, ".*"+unfinished)
	if err != nil {
		return "", err
	}
	if _, err := newRepository(tmp, "main"); err != nil {
		os.RemoveAll(tmp)
		return "", err
	}
	return tmp, nil
}

// ask asks git for its configuration in dir; empty where it has none.
func ask(dir string, args ...string) string {
	out, _ := Command(context.Background(), dir, append([]string{"config"}, args...)...).Output() // a status of 1 says that it is not set
	return strings.TrimSpace(string(out))
}

// existing is dir or the nearest directory above it that exists.
func existing(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "."
	}
	for {
		if info, err := os.Stat(abs); err == nil && info.IsDir() {
			return abs
		}
		if parent := filepath.Dir(abs); parent != abs {
			abs = parent
			continue
		}
		return "."
	}
}
