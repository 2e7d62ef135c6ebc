// Command compare times gitopsgen lint beside the gate of others, over repositories that it has made: make compare.
//
// The others render what each Application deploys by kustomize build --enable-helm or helm template, and judge all of it by kubeconform
// and conftest; what kube-linter takes is told beside them. Both gates run in turn, and are compared within each turn.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

func main() { os.Exit(run(os.Args, os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	c, err := parse(args, stderr)
	if err != nil {
		return 2
	}
	c.log = stdout
	if err := c.compare(context.Background()); err != nil {
		fmt.Fprintln(stderr, "compare:", err)
		return 1
	}
	return 0
}

// sizes is a list of numbers in a flag.
type sizes []int

func (s *sizes) String() string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint([]int(*s)), " ", ","), "[]")
}

func (s *sizes) Set(text string) error {
	*s = nil
	for field := range strings.SplitSeq(text, ",") {
		if field == "" {
			continue
		}
		n, err := strconv.Atoi(field)
		if err != nil || n <= 0 {
			return errors.New("want numbers above 0, as in 1,10,100")
		}
		*s = append(*s, n)
	}
	return nil
}

// comparison is what is run, and what came of it.
type comparison struct {
	clusters, files, applications sizes
	charts, page, work            string
	turns                         int
	// others is how many clusters there may be for the gate of the others to run.
	others int
	// bin is the folder of gitopsgen, repositories and the others.
	bin string
	log io.Writer
}

func parse(args []string, stderr io.Writer) (comparison, error) {
	c := comparison{clusters: sizes{1, 2, 5}, files: sizes{1000, 4000}, applications: sizes{100, 500}}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Var(&c.clusters, "clusters", "the `NUMBERS` of clusters that platforms have; empty is none")
	flags.Var(&c.files, "files", "the `NUMBERS` of files of plain manifests; empty is none")
	flags.Var(&c.applications, "applications", "the `NUMBERS` of Applications of 20 objects; empty is none")
	flags.StringVar(&c.charts, "charts", "", "make the platforms with real charts, too: those in this `FOLDER` of packaged charts")
	flags.IntVar(&c.turns, "turns", 3, "how often all is run")
	flags.IntVar(&c.others, "others", math.MaxInt, "run the gate of the others on platforms with this `NUMBER` of clusters at most: it takes 20 s of CPU for each")
	flags.StringVar(&c.bin, "bin", "bin", "the `FOLDER` of gitopsgen, repositories, kustomize, helm, kubeconform, conftest and kube-linter")
	flags.StringVar(&c.work, "work", os.TempDir(), "the `FOLDER` in which a folder for the repositories is made, and removed")
	flags.StringVar(&c.page, "page", "", "write the tables into this `FILE`, between its two markers, and not to stdout alone")
	if err := flags.Parse(args[1:]); err != nil {
		return comparison{}, err
	}
	bin, err := filepath.Abs(c.bin)
	if err == nil && (flags.NArg() > 0 || c.turns < 1) {
		err = errors.New("usage: compare FLAGS, with -turns of 1 or more; compare -help lists the flags")
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
	}
	c.bin = bin
	return c, err
}

// compare makes the repositories, runs both gates over each and tells what they took.
func (c comparison) compare(ctx context.Context) error {
	work, err := os.MkdirTemp(c.work, "compare-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	gate, err := newGate(ctx, c.bin, filepath.Join(work, "rules"))
	if err != nil {
		return err
	}
	var all []measured
	for _, s := range c.scenarios() {
		m, err := c.measure(ctx, gate, s, work)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name(), err)
		}
		all = append(all, m)
	}
	text := tables(all, machine(ctx, gate))
	fmt.Fprint(c.log, "\n"+text)
	if c.page == "" {
		return nil
	}
	return writeBetween(c.page, text)
}
