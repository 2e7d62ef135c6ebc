package snapshot

import (
	"context"
	"errors"
	"os/exec"
	"strings"
)

// Filters gives the filters that Git runs files of a directory through before it keeps them, by their paths, which need not be there.
// Where there is no repository, or no git, nothing is filtered.
func Filters(ctx context.Context, dir string, paths ...string) (map[string]string, error) {
	filters := map[string]string{}
	err := ask(ctx, dir, func(k *kept) error {
		args := []string{"check-attr", "-z", "filter", "--"}
		for _, path := range paths {
			args = append(args, k.prefix+path)
		}
		out, err := k.program.run(args...)
		fields := strings.Split(out, "\x00")
		for i := 0; i+2 < len(fields); i += 3 { // path, attribute, what that is
			if value := fields[i+2]; value != "unspecified" && value != "unset" {
				filters[strings.TrimPrefix(fields[i], k.prefix)] = value
			}
		}
		return err
	})
	return filters, err
}

// LeftOut lists the files that Git keeps and does not put into a directory, as in a sparse checkout. Where there is no repository, or no
// git, there are none.
func LeftOut(ctx context.Context, dir string) (paths []string, err error) {
	err = ask(ctx, dir, func(k *kept) error {
		out, err := k.program.run("ls-files", "-t", "-z")
		for line := range strings.SplitSeq(out, "\x00") {
			if path, left := strings.CutPrefix(line, "S "+k.prefix); left {
				paths = append(paths, path)
			}
		}
		return err
	})
	return paths, err
}

// ask asks the user's git about the repository that a directory is in, if there are both.
func ask(ctx context.Context, dir string, question func(*kept) error) error {
	k, err := openKept(ctx, dir)
	if err != nil {
		return nil
	}
	defer k.close()
	if err := question(k); !errors.Is(err, exec.ErrNotFound) {
		return err
	}
	return nil
}
