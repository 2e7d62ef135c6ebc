package source_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/source"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// TestFiles states which files names lead to: in which order, each once, and what is refused.
func TestFiles(t *testing.T) {
	var files []tree.File
	for _, p := range strings.Fields("a.yaml chart/a.yaml chart/b.yaml chart/c.yml chart/envs/b.yaml chart/envs/deep/a.yaml chart/envs-2/z.yaml chart/[x].yaml") {
		files = append(files, tree.File{Path: p})
	}
	made, err := tree.New(files...)
	if err != nil {
		t.Fatal(err)
	}
	made = made.WithUnread(
		tree.Unread{Path: "chart/large.yaml", Reason: "it is large"}, tree.Unread{Path: "chart/link", Target: "chart/envs", Folder: true},
		tree.Unread{Path: "chart/out.yaml", Reason: "it is a link out of the repository", Outside: true}, tree.Unread{Path: "chart/away", Reason: "it is a link out of the repository", Folder: true, Outside: true},
	)
	for _, c := range []struct {
		names, want string
		missing     source.Missing
	}{
		{"a.yaml /a.yaml ../a.yaml", "chart/a.yaml a.yaml", source.Refused},
		{"[ab].yaml", "chart/a.yaml chart/b.yaml", source.Refused},
		{"[!b].yaml", "chart/a.yaml", source.Refused},
		{"*.yaml a.yaml", "chart/[x].yaml chart/b.yaml chart/a.yaml", source.Refused},
		{"c.* {a,b}?yaml", "chart/c.yml chart/a.yaml chart/b.yaml", source.Refused},
		{"**/*.yaml", "chart/[x].yaml chart/a.yaml chart/b.yaml chart/envs/b.yaml chart/envs/deep/a.yaml chart/envs-2/z.yaml", source.Refused},
		{"envs/**", "chart/envs/b.yaml chart/envs/deep/a.yaml", source.Refused},
		{"$/a.yaml", "a.yaml", source.Refused},
		{"https://example.org/v.yaml", "https://example.org/v.yaml", source.Refused},
		{"gone.yaml gone/*.yaml a.yaml", "chart/a.yaml", source.LeftOut},
		{"a.yaml gone.yaml", `1 "gone.yaml": there is no such file`, source.Refused},
		{"gone-*.yaml", `0 "gone-*.yaml": no file is called so`, source.Refused},
		{"../../a.yaml", `0 "../../a.yaml" leads out of the repository`, source.LeftOut},
		{"/../a.yaml", `0 "/../a.yaml" leads out of the repository`, source.LeftOut},
		{"../../*.yaml", `0 "../../*.yaml" leads out of the repository`, source.LeftOut},
		{"link/b.yaml link/*.yaml envs/b.yaml /chart/link/deep/a.yaml", "chart/envs/b.yaml chart/envs/deep/a.yaml", source.Refused},
		{"link/**/*.yaml", "chart/envs/b.yaml chart/envs/deep/a.yaml", source.Refused},
		{"out.yaml", `0 "out.yaml" was not read: it is a link out of the repository`, source.LeftOut},
		{"a.yaml away/a.yaml", `1 "away/a.yaml" was not read: it is a link out of the repository`, source.LeftOut},
		{"large.yaml", `0 "large.yaml" was not read: it is large`, source.LeftOut},
		{"file:///etc/passwd", `0 "file:///etc/passwd" begins with file: want a path, or a URL that begins with https or http`, source.LeftOut},
		{"secrets://a.yaml", `0 "secrets://a.yaml" begins with secrets: want a path, or a URL that begins with https or http`, source.LeftOut},
	} {
		found, err := source.Root{Tree: made, Dir: "chart"}.Files(strings.Fields(c.names), made, c.missing)
		var got []string
		for _, f := range found {
			got = append(got, f.Path+f.URL)
		}
		var wrong *source.FileError
		if errors.As(err, &wrong) {
			got = []string{fmt.Sprint(wrong.Named), err.Error()}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", c.names, strings.Join(got, " "), c.want)
		}
	}
}
