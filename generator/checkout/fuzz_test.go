package checkout_test

import (
	"path"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/checkout"
)

// FuzzReadRemote reads any text as kustomize is told of directories of other repositories: each has a repository, and a clean path in
// it.
func FuzzReadRemote(f *testing.F) {
	for _, seed := range []string{
		"https://git.example.org/team/base//apps?ref=v1", "git::ssh://git@h/a/_git/b/c", "github.com/a/b/../..", "git@h:a.git//..", "//", "://", "?", ".git/",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		r := checkout.ReadRemote(name)
		if r.Dir != path.Clean(r.Dir) || path.IsAbs(r.Dir) {
			t.Errorf("%q: got the path %q", name, r.Dir)
		}
		if !strings.HasPrefix(strings.TrimPrefix(name, "git::"), r.URL) {
			t.Errorf("%q: got the URL %q", name, r.URL)
		}
	})
}
