package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestGrowth(t *testing.T) {
	square := []float64{1, 4, 16}
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

// TestTables tells of a family of three sizes in which the others take a hundredth of its square, and do not run on the largest.
func TestTables(t *testing.T) {
	var all []measured
	for _, size := range []int{10, 20, 40} {
		ours := cost{cpu: time.Duration(size) * time.Second, wall: time.Second, memory: 1 << 20}
		theirs := cost{cpu: time.Duration(size*size) * time.Second / 100, wall: 3 * time.Second, memory: 5 << 20}
		one := turn{cold: ours, warm: ours, changed: ours, same: ours, hook: ours, nextHook: cost{cpu: ours.cpu / 2, wall: ours.wall / 2, memory: ours.memory}, reading: cost{cpu: ours.cpu, wall: ours.wall}}
		if size < 40 {
			one.others = verdict{gate: theirs}
		}
		all = append(all, measured{scenario: scenario{family: "lamps", size: size, unit: "files", alone: size == 40}, objects: 7 * size, turns: []turn{one}})
	}
	got := tables(all, "Measured by hand.")
	for _, want := range []string{
		"Measured by hand.\n",
		"| lamps, 20 files | 140 | warm | 20.00 s | 1.00 s | 1 MB | 4.00 s | 3.00 s | 5 MB | 0.2, **0.2**, 0.2 | 3.0 | 5.0 |\n",
		"| lamps, 40 files | 280 | cold | 40.00 s | 1.00 s | 1 MB | not run | – | – | – | – | – |\n",
		"| lamps, 10 files | 10.00 s | 1.00 s | 1 MB | 5.00 s | 0.50 s | 1 MB | 10.00 s | 1.00 s |\n",
		"| CPU | lamps | 1.00, at the end 1.00 | 1.00, at the end 1.00 | 1.00, at the end 1.00 | 1.00, at the end 1.00 | 1.00, at the end 1.00 | 1.00, at the end 1.00 | – | 2.00 |\n",
		"| memory | lamps | 0.00, at the end 0.00 | 0.00, at the end 0.00 | 0.00, at the end 0.00 | 0.00, at the end 0.00 | 0.00, at the end 0.00 | – | – | 0.00 |\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want the line\n%s\nin\n%s", want, got)
		}
	}
}

// TestScenarios states that -others counts clusters, and nothing else.
func TestScenarios(t *testing.T) {
	c, err := parse([]string{"compare", "-clusters=2,3", "-files=1000", "-applications=100", "-others=2"}, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.scenarios() {
		if want := s.unit == "clusters" && s.size == 3; s.alone != want {
			t.Errorf("%s: the others are left out: %t, want %t", s.name(), s.alone, want)
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
