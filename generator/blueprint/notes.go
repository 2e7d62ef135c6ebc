package blueprint

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// Notes are what is new in one version of the library, for people who have repositories of an earlier one.
type Notes struct {
	Version string
	// Text is Markdown, a list.
	Text string
}

// NotesSince gives the notes of all versions of a library after one, the newest first. They stand in notes/<version>.md. Since a
// version that is none there are all.
func NotesSince(library fs.FS, version string) ([]Notes, error) {
	since, err := semver.NewVersion(version)
	if err != nil {
		since = &semver.Version{}
	}
	files, err := fs.Glob(library, "notes/*.md")
	if err != nil {
		return nil, err
	}
	var all []Notes
	versions := map[string]*semver.Version{}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".md")
		if versions[name], err = semver.NewVersion(name); err != nil {
			return nil, fmt.Errorf("%s: its name is no version: %w", file, err)
		}
		if !versions[name].GreaterThan(since) {
			continue
		}
		text, err := fs.ReadFile(library, file)
		if err != nil {
			return nil, err
		}
		all = append(all, Notes{Version: name, Text: string(text)})
	}
	slices.SortFunc(all, func(a, b Notes) int { return versions[b.Version].Compare(versions[a.Version]) })
	return all, nil
}
