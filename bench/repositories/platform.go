package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// platform is the repository of an enterprise as gitopsgen scaffold and gitopsgen vendor make it: all that its charts need stands in it.
type platform struct {
	clusters int
	// charts is a folder of packaged charts, as helm pull gives them. Where it is empty, charts of our own stand in, which render
	// to what the records of the real ones hold.
	charts string
	// program is the gitopsgen that makes the repository.
	program string
}

// write makes the repository in a folder that does not exist yet; nothing is committed. What it makes on its way stands beside
// that folder, and is removed.
func (p platform) write(ctx context.Context, dir string) error {
	scratch, err := os.MkdirTemp(filepath.Dir(dir), "platform-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	pinned, err := p.pinned(ctx, scratch)
	if err != nil {
		return err
	}
	if p.charts == "" {
		p.charts = filepath.Join(scratch, "charts")
		if err := writeCharts(p.charts, pinned); err != nil {
			return err
		}
	}
	mirrors := mirrorsOf(pinned, p.charts)
	if err := p.gitopsgen(ctx, scratch, dir, append([]string{"scaffold", "--require-render"}, mirrors...)); err != nil {
		return err
	}
	return p.gitopsgen(ctx, scratch, dir, append([]string{"vendor"}, mirrors...))
}

// pinned gives the lock of the platform, of two clusters at most: further ones have the charts of the second.
func (p platform) pinned(ctx context.Context, scratch string) (lock.Lock, error) {
	p.clusters = min(p.clusters, 2)
	dir := filepath.Join(scratch, "recorded")
	if err := os.WriteFile(filepath.Join(scratch, "gitopsgen.yaml"), p.spec(), 0o600); err != nil {
		return lock.Lock{}, err
	}
	if err := p.gitopsgen(ctx, scratch, dir, []string{"scaffold"}); err != nil {
		return lock.Lock{}, err
	}
	written, err := tree.Read(os.DirFS(dir), nil)
	if err != nil {
		return lock.Lock{}, err
	}
	pinned, _, err := lock.Read(written)
	return pinned, err
}

// gitopsgen runs a command of it, with the cache in scratch and the spec of the platform.
func (p platform) gitopsgen(ctx context.Context, scratch, dir string, args []string) error {
	if args[0] == "scaffold" {
		spec := filepath.Join(scratch, "gitopsgen.yaml")
		if err := os.WriteFile(spec, p.spec(), 0o600); err != nil {
			return err
		}
		args = append(args, "--spec="+spec, "--no-commit")
	}
	cmd := exec.CommandContext(ctx, p.program, append(args, "--offline", "--timeout=1h", dir)...)
	cmd.Dir = scratch
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(scratch, "cache"))
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("gitopsgen %s: %w\n%s", args[0], err, said.String())
	}
	return nil
}

// spec is the gitopsgen.yaml of the platform.
func (p platform) spec() []byte {
	spec := fmt.Appendf(nil, "apiVersion: gitopsgen/v1\ntier: enterprise\ndomain: prod.example.org\nrepository: {url: https://git.example.org/platform.git}\nclusters:\n")
	for c := range p.clusters {
		spec = fmt.Appendf(spec, "  - name: c%03d\n    networks: {virtualIP: 192.0.2.%d, loadBalancer: [10.%d.0.0/24]}\n", c, 1+c%250, c%250)
		if c > 0 {
			spec = fmt.Appendf(spec, "    server: https://c%03d.example.org:6443\n", c)
		}
	}
	return spec
}

// mirrorsOf are the flags that have all charts of a lock come from a folder.
func mirrorsOf(pinned lock.Lock, charts string) []string {
	var flags []string
	for _, c := range pinned.Charts {
		flags = append(flags, "--chart-mirror="+c.Repository+"="+charts)
	}
	slices.Sort(flags)
	return slices.Compact(flags)
}
