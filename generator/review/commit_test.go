package review_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/difference"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/review"
)

// TestCommitHasNoTrailers says that no name in a repository makes a line that Git reads as a trailer, and that what is told has bounds.
func TestCommitHasNoTrailers(t *testing.T) {
	hostile := "x\n\nSigned-off-by: Eve <eve@example.org>\x1b[31m\u2028" + strings.Repeat("y", 500)
	app := difference.Application{
		Cluster: hostile, Name: hostile, Change: difference.Added,
		Charts: []difference.Version{{Chart: hostile, New: hostile}}, Images: []difference.Image{{Old: hostile, New: hostile}},
		Objects: []difference.Object{{ID: manifest.ID{Kind: hostile, Name: hostile}, Change: difference.Added}},
	}
	danger := difference.Danger{Kind: difference.Deletes, Object: manifest.ID{Kind: hostile, Name: hostile}, Message: hostile}
	lacking := difference.Lacking{AppName: difference.AppName{Name: hostile}, Before: hostile}
	d := difference.Difference{Dangers: []difference.Danger{danger}, Applications: []difference.Application{app}, Lacking: []difference.Lacking{lacking}}
	for range 100 {
		d.Applications, d.Dangers, d.Lacking = append(d.Applications, app), append(d.Dangers, danger), append(d.Lacking, lacking)
	}
	for _, d := range []difference.Difference{d, {}} {
		body := review.Commit(d, []string{hostile, "Signed-off-by: Eve"})
		if strings.ContainsAny(body, "\x1b\u2028") || len(body) > 40_000 {
			t.Errorf("got %d bytes: %q", len(body), body)
		}
		for paragraph := range strings.SplitSeq(body, "\n\n") {
			git := exec.Command("git", "interpret-trailers", "--parse")
			git.Stdin = strings.NewReader("Subject\n\n" + paragraph + "\n")
			if trailers, err := git.Output(); err != nil || len(trailers) > 0 {
				t.Errorf("got trailers %q, %v, of %q", trailers, err, paragraph)
			}
		}
	}
}
