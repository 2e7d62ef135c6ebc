package snapshot

import (
	"bytes"
	"path"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/gitattributes"
)

// filters gives the name of the filter that Git runs a file through as it is added; empty is none. A filter that the user's
// configuration does not define does nothing, whatever the repository says.
func (k *kept) filters(entries []entry) func(file string) string {
	none := func(string) string { return "" }
	var attributes []gitattributes.MatchAttribute
	for _, e := range entries { // parents come before what is below them
		if path.Base(e.path) != ".gitattributes" || !e.mode.IsFile() || e.mode == filemode.Symlink {
			continue
		}
		data, err := k.data(e)
		if err != nil || !bytes.Contains(data, []byte("filter=")) {
			continue
		}
		var domain []string
		if dir := path.Dir(e.path); dir != "." {
			domain = strings.Split(dir, "/")
		}
		found, err := gitattributes.ReadAttributes(bytes.NewReader(data), domain, domain == nil)
		if err == nil {
			attributes = append(attributes, found...)
		}
	}
	if len(attributes) == 0 {
		return none
	}
	defined := k.program.filters()
	if len(defined) == 0 {
		return none
	}
	matcher := gitattributes.NewMatcher(attributes)
	return func(file string) string {
		found, _ := matcher.Match(strings.Split(file, "/"), []string{"filter"})
		if a := found["filter"]; a != nil && defined[a.Value()] {
			return a.Value()
		}
		return ""
	}
}

// unchanged reports whether a file of the work tree is as it was when it was staged, as far as its size and time tell.
func (k *kept) unchanged(e entry) bool {
	if e.staged == nil {
		return false
	}
	info, err := k.work.Lstat(e.path)
	return err == nil && info.Mode().IsRegular() && uint32(info.Size()) == e.staged.Size && info.ModTime().Equal(e.staged.ModifiedAt)
}
