package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestGrowth(t *testing.T) {
	square := []time.Duration{time.Second, 4 * time.Second, 16 * time.Second}
	if got, ok := growth([]int{10, 20, 40}, square); !ok || got < 1.999 || got > 2.001 {
		t.Errorf("growth of a square: %v, %v; want 2", got, ok)
	}
	if got, ok := growth([]int{10, 10}, square[:2]); ok {
		t.Errorf("growth over one size: %v; want none", got)
	}
}

func TestMiddle(t *testing.T) {
	for _, test := range []struct {
		of   []float64
		want float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 2, 9}, 3}} {
		if got := middle(test.of, itself); got != test.want {
			t.Errorf("middle of %v: %v, want %v", test.of, got, test.want)
		}
	}
}

// TestTables tells of a family of two sizes in which the others take four times as much, and grow as the square.
func TestTables(t *testing.T) {
	var all []measured
	for _, size := range []int{10, 20} {
		ours := cost{cpu: time.Duration(size) * time.Second, wall: time.Second, memory: 1 << 20}
		theirs := cost{cpu: time.Duration(size*size) * time.Second / 100, wall: 3 * time.Second, memory: 5 << 20}
		all = append(all, measured{
			scenario: scenario{family: "lamps", size: size, unit: "files"}, objects: 7 * size,
			turns: []turn{{cold: ours, warm: ours, changed: ours, hook: ours, reading: ours, others: verdict{gate: theirs}}},
		})
	}
	got := tables(all, "Measured by hand.")
	for _, want := range []string{
		"Measured by hand.\n",
		"| lamps, 20 files | 140 | warm | 20.00 s | 1.00 s | 1 MB | 4.00 s | 3.00 s | 5 MB | 0.2, **0.2**, 0.2 | 3.0 | 5.0 |\n",
		"| lamps, 10 files | 10.00 s | 1.00 s | 1 MB | 10.00 s | 1.00 s |\n",
		"| lamps | 1.00 | 1.00 | 1.00 | 1.00 | – | 2.00 |\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want the line\n%s\nin\n%s", want, got)
		}
	}
}

func TestWriteBetween(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("# Page\n"+beginning+"old\n"+end+"Prose.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeBetween(page, "| new |\n"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(page)
	if want := "# Page\n" + beginning + "\n| new |\n\n" + end + "Prose.\n"; err != nil || string(got) != want {
		t.Errorf("page is %q, %v; want %q", got, err, want)
	}
	if err := os.WriteFile(page, []byte("# Page\n"+end), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeBetween(page, "text"); err == nil || !strings.Contains(err.Error(), "want the lines") {
		t.Errorf("a page with one marker: %v; want an error that names both", err)
	}
}

func TestWrongFlags(t *testing.T) {
	for args, want := range map[string]string{"-clusters=0": "above 0", "-turns=0": "-turns of 1", "a": "usage: compare"} {
		var stderr strings.Builder
		if got := run([]string{"compare", args}, &stderr, &stderr); got != 2 || !strings.Contains(stderr.String(), want) {
			t.Errorf("%s: status %d, %q; want 2, %q", args, got, &stderr, want)
		}
	}
}
