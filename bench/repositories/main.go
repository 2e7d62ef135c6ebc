// Command repositories makes a repository to measure with; the same flags give the same files, byte for byte:
//
//	go run ./bench/repositories -overlays=200 -releases=150 -directories=150 DIR
//	go run ./bench/repositories -files=10000 DIR
//	go run ./bench/repositories -clusters=10 -gitopsgen=bin/gitopsgen DIR
//	go run ./bench/repositories -rules DIR
//
// The first one has 500 Applications and 10,000 objects. The last one is no repository, but what other programs judge one by. DIR
// is a folder that does not exist yet.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() { os.Exit(run(os.Args, os.Stderr)) }

func run(args []string, stderr io.Writer) int {
	var wanted repositories
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&wanted.applications.overlays, "overlays", 0, "how many Applications are kustomizations over shared bases, of 20 objects each")
	flags.IntVar(&wanted.applications.releases, "releases", 0, "how many Applications are releases of a chart in the repository, of 20 objects each")
	flags.IntVar(&wanted.applications.directories, "directories", 0, "how many Applications are folders of plain manifests, of 20 objects each")
	flags.IntVar(&wanted.files, "files", 0, "how many files there are of one object each, without Applications")
	flags.IntVar(&wanted.platform.clusters, "clusters", 0, "how many clusters the platform of an enterprise has, as gitopsgen scaffold makes it")
	flags.StringVar(&wanted.platform.charts, "charts", "", "the `FOLDER` of the platform's packaged charts; charts of our own take their places where it is empty")
	flags.StringVar(&wanted.platform.program, "gitopsgen", "gitopsgen", "the `PROGRAM` that makes the platform")
	flags.BoolVar(&wanted.rules, "rules", false, "write schemas for kubeconform, policies for conftest, and settings that judge by these alone")
	if err := flags.Parse(args[1:]); err != nil {
		return 2
	}
	if flags.NArg() != 1 {
		fmt.Fprintln(stderr, "usage: repositories FLAGS DIR; repositories -help lists the flags")
		return 2
	}
	if err := wanted.write(context.Background(), flags.Arg(0)); err != nil {
		fmt.Fprintln(stderr, "repositories:", err)
		return 1
	}
	return 0
}

// repositories is all that can be asked for.
type repositories struct {
	platform     platform
	applications applications
	files        int
	rules        bool
}

func (r repositories) write(ctx context.Context, dir string) error {
	if r.rules {
		return writeRules(dir)
	}
	if r.applications == (applications{}) && r.files+r.platform.clusters == 0 {
		return errors.New("nothing to make: say how many there are of -overlays, -releases, -directories, -files or -clusters, or -rules")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if r.platform.clusters > 0 {
		if err := r.platform.write(ctx, dir); err != nil {
			return err
		}
	}
	w := writer{dir: dir}
	w.applications(r.applications)
	w.files(r.files)
	return w.err
}
