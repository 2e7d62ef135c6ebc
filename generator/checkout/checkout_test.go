package checkout_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/checkout"
)

// TestParse states which texts name a checkout, and what its files are called.
func TestParse(t *testing.T) {
	for text, root := range map[string]string{
		"https://git.example.org/Team/base.git=../base":   "git.example.org/team/base.git",
		"https://ann:secret@git.example.org/team/base=.":  "git.example.org/team/base.git",
		"git@git.example.org:team/base.git=a=b":           "git.example.org/team/base.git",
		"ssh://git@git.example.org:22/team/base=x":        "git.example.org:22/team/base.git",
		"file:///srv/git/../base.git=x":                   "srv/git/base.git",
		"https://git.example.org/../.././team/*[base]?=x": "",
		"https://git.example.org/../.././team/*[base]=x":  "git.example.org/team/__base_.git",
		"https://git.example.org/base.git/sub=x":          "git.example.org/base/sub.git",
		"https://git.example.org/team/base.git":           "",
		"https://git.example.org/team/base.git=":          "",
		"=../base":                                        "",
		"../base":                                         "",
		"base=../base":                                    "",
	} {
		c, err := checkout.Parse(text)
		if (err != nil) != (root == "") || err == nil && c.Root != root {
			t.Errorf("%s: got root %q, error %v, want root %q", text, c.Root, err, root)
		}
	}
}

// TestReadRemote reads what kustomize is told of directories of other repositories.
func TestReadRemote(t *testing.T) {
	for name, want := range map[string]checkout.Remote{
		"https://git.example.org/team/base//apps/lamp?ref=v1":       {"https://git.example.org/team/base", "apps/lamp", "v1"},
		"git::https://git.example.org/team/base.git/apps?version=2": {"https://git.example.org/team/base.git", "apps", "2"},
		"https://git.example.org/team/base.git":                     {"https://git.example.org/team/base.git", ".", ""},
		"https://git.example.org/team/base/apps?ref=v1":             {"https://git.example.org/team/base/apps", ".", "v1"},
		"github.com/team/base/apps/lamp?ref=v1":                     {"github.com/team/base", "apps/lamp", "v1"},
		"https://github.com/team/base?ref=v1":                       {"https://github.com/team/base", ".", "v1"},
		"git@github.com:team/base.git//apps":                        {"git@github.com:team/base.git", "apps", ""},
		"git@git.example.org:team/base":                             {"git@git.example.org:team/base", ".", ""},
		"ssh://git@git.example.org/team/base//a/../../b":            {"ssh://git@git.example.org/team/base", "../b", ""},
		"https://dev.example.org/org/project/_git/base/apps":        {"https://dev.example.org/org/project/_git/base", "apps", ""},
	} {
		if got := checkout.ReadRemote(name); got != want {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

// TestStands states which revisions are what stands in a checkout.
func TestStands(t *testing.T) {
	dir := t.TempDir()
	run := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=Ann", "-c", "user.email=ann@example.org"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	holds := func(what string, want map[string]bool) {
		t.Helper()
		c, err := checkout.Checkout{Dir: dir}.Open()
		if err != nil {
			t.Fatal(err)
		}
		for revision, is := range want {
			if got := c.Stands(revision); got != is {
				t.Errorf("%s: revision %q: got %t, want %t", what, revision, got, is)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte("a: b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	holds("a folder", map[string]bool{"": true, "HEAD": true, "main": true, "v1": true, "0123456789abcdef": false})
	run("init", "-q", "-b", "main")
	holds("nothing committed", map[string]bool{"": true, "main": true, "other": false})
	run("add", ".")
	run("commit", "-q", "-m", "One")
	run("tag", "v1")
	run("tag", "-a", "-m", "Two", "v2")
	run("branch", "other")
	holds("a branch", map[string]bool{"": true, "HEAD": true, "main": true, "refs/heads/main": true, "v1": true, "v2": true, "other": true, "v3": false, "0123456": false})
	run("checkout", "-q", "--detach")
	holds("the commit of branches", map[string]bool{"HEAD": true, "main": true, "v1": true})
	run("commit", "-q", "--allow-empty", "-m", "Two")
	holds("a commit", map[string]bool{"HEAD": true, "main": false, "v1": false})
}
