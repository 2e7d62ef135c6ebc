package gitrepo

import (
	"errors"
	"net/mail"
	"os/exec"
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

// ErrNoIdentity says that nobody told who commits.
var ErrNoIdentity = errors.New("no Git identity: who commits is not known")

// Configured gives the identity in Git's configuration, as it is for dir. Git itself is asked where it is installed,
// for it knows includes that the library does not.
func Configured(dir string) Identity {
	if _, err := exec.LookPath("git"); err == nil {
		ask := func(key string) string {
			cmd := exec.Command("git", "config", "--get", key)
			cmd.Dir = existing(dir)
			out, _ := cmd.Output() // a status of 1 says that it is not set
			return strings.TrimSpace(string(out))
		}
		return Identity{Name: ask("user.name"), Email: ask("user.email")}
	}
	for _, scope := range []config.Scope{config.GlobalScope, config.SystemScope} {
		if c, err := config.LoadConfig(scope); err == nil && c.User.Name != "" && c.User.Email != "" {
			return Identity{Name: c.User.Name, Email: c.User.Email}
		}
	}
	return Identity{}
}
