package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// scenario is a repository of one size.
type scenario struct {
	family string
	size   int
	unit   string
	// flags are those of repositories that make it.
	flags []string
	// change is a file of the repository, and replicas the line of it that a change writes anew.
	change, replicas string
	platform         bool
	// alone says that the gate of the others does not run.
	alone bool
}

func (s scenario) name() string {
	if s.size == 1 {
		return fmt.Sprintf("%s, 1 %s", s.family, strings.TrimSuffix(s.unit, "s"))
	}
	return fmt.Sprintf("%s, %d %s", s.family, s.size, s.unit)
}

// scenarios are all that are asked for, by family and size.
func (c comparison) scenarios() (all []scenario) {
	platforms := func(family string, flags ...string) {
		for _, n := range c.clusters {
			all = append(all, scenario{
				family: family, size: n, unit: "clusters", platform: true, alone: n > c.others,
				flags:  append([]string{"-clusters=" + strconv.Itoa(n), "-gitopsgen=" + filepath.Join(c.bin, "gitopsgen")}, flags...),
				change: "clusters/c000/components/metrics-server/values.yaml", replicas: "\nreplicas: ",
			})
		}
	}
	platforms("enterprise")
	if c.charts != "" {
		platforms("enterprise with real charts", "-charts="+c.charts)
	}
	for _, n := range c.files {
		all = append(all, scenario{
			family: "plain manifests", size: n, unit: "files", flags: []string{"-files=" + strconv.Itoa(n)},
			change: "manifests/000/lamp-0-deployment.yaml", replicas: "\n  replicas: ",
		})
	}
	for _, n := range c.applications {
		overlays, releases := n*4/10, n*3/10
		all = append(all, scenario{
			family: "mixed Applications", size: n, unit: "Applications",
			flags:  []string{fmt.Sprintf("-overlays=%d", overlays), fmt.Sprintf("-releases=%d", releases), fmt.Sprintf("-directories=%d", n-overlays-releases)},
			change: "plain/plain-0/all.yaml", replicas: "\n  replicas: ",
		})
	}
	return all
}

// turn is one run of everything over one repository.
type turn struct {
	cold, warm, changed, hook, nextHook, same, scaffold, reading cost
	others                                                       verdict
}

// measured is what a scenario came to.
type measured struct {
	scenario
	objects int
	turns   []turn
}

// measure makes a repository and runs both gates over it in turn.
func (c comparison) measure(ctx context.Context, g gate, s scenario, root string) (measured, error) {
	dir := filepath.Join(root, "repository")
	defer os.RemoveAll(dir)
	if _, _, err := command(ctx, root, os.Environ(), g.program("repositories"), append(s.flags, dir)...); err != nil {
		return measured{}, err
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-qm", "Begin"}} {
		if _, _, err := command(ctx, dir, os.Environ(), "git", args...); err != nil {
			return measured{}, err
		}
	}
	w, err := toDo(dir)
	if err != nil {
		return measured{}, err
	}
	r := runner{gate: g, scenario: s, work: w, root: root, dir: dir}
	m := measured{scenario: s}
	for n := range c.turns {
		t, err := r.turn(ctx, n)
		if err != nil {
			return measured{}, err
		}
		m.turns, m.objects = append(m.turns, t), r.objects
		fmt.Fprintf(c.log, "%s, %d objects, turn %d: cold %s; warm %s; one change %s; hook %s; next hook %s; cold, eight policies %s; scaffold %s; reading %s; ",
			s.name(), r.objects, n+1, t.cold, t.warm, t.changed, t.hook, t.nextHook, t.same, t.scaffold, t.reading)
		if s.alone {
			fmt.Fprintln(c.log, "others not run")
		} else {
			fmt.Fprintf(c.log, "others %s, %d objects; kube-linter %s\n", t.others.gate, t.others.objects, t.others.linter)
		}
	}
	return m, nil
}

// runner runs both gates over one repository.
type runner struct {
	gate
	scenario
	work      work
	root, dir string
	objects   int
}

// turn runs everything once: which gate is first changes from turn to turn.
func (r *runner) turn(ctx context.Context, n int) (t turn, err error) {
	judge := func() error {
		if r.alone {
			return nil
		}
		t.others, err = r.judge(ctx, r.work, filepath.Join(r.root, "rendered"))
		return err
	}
	lint := func() error { return r.lint(ctx, &t) }
	first, second := lint, judge
	if n%2 == 1 {
		first, second = judge, lint
	}
	if err := first(); err != nil {
		return t, err
	}
	return t, second()
}

// lint runs gitopsgen with an empty cache, with the cache that this left, after a change, as the hook of two commits, and with an
// empty cache and the rules of the others alone.
func (r *runner) lint(ctx context.Context, t *turn) (err error) {
	if err := os.RemoveAll(r.cache()); err != nil {
		return err
	}
	if t.cold, err = r.gitopsgen(ctx, "lint", "--require-render"); err != nil {
		return err
	}
	if t.warm, err = r.gitopsgen(ctx, "lint", "--require-render"); err != nil {
		return err
	}
	if err := r.edit(3); err != nil {
		return err
	}
	if t.changed, err = r.gitopsgen(ctx, "lint", "--require-render"); err != nil {
		return err
	}
	for i, hook := range []*cost{&t.hook, &t.nextHook} {
		if err := r.edit(4 + i); err != nil {
			return err
		}
		if _, _, err := command(ctx, r.dir, os.Environ(), "git", "add", "-A"); err != nil {
			return err
		}
		if *hook, err = r.gitopsgen(ctx, "lint", "--staged", "--since=HEAD"); err != nil {
			return err
		}
	}
	if err := r.restore(ctx); err != nil {
		return err
	}
	if t.same, err = r.lintSame(ctx); err != nil {
		return err
	}
	if t.reading, err = reading(r.dir); err != nil || !r.platform {
		return err
	}
	t.scaffold, err = r.gitopsgen(ctx, "scaffold", "--dry-run")
	return err
}

// restore makes the repository what it was.
func (r *runner) restore(ctx context.Context) error {
	for _, args := range [][]string{{"reset", "-q", "--hard"}, {"clean", "-qfd"}} {
		if _, _, err := command(ctx, r.dir, os.Environ(), "git", args...); err != nil {
			return err
		}
	}
	return nil
}

// lintSame runs gitopsgen with an empty cache and the rules of the others alone.
func (r *runner) lintSame(ctx context.Context) (took cost, err error) {
	if err := os.RemoveAll(r.cache()); err != nil {
		return took, err
	}
	rules, err := os.ReadFile(filepath.Join(r.rules, "lint.yaml"))
	if err != nil {
		return took, err
	}
	file := filepath.Join(r.dir, "gitopsgen.yaml")
	settings, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		settings, err = []byte("apiVersion: gitopsgen/v1\n"), nil
	}
	if err != nil {
		return took, err
	}
	if err := os.WriteFile(file, slices.Concat(settings, rules), 0o600); err != nil {
		return took, err
	}
	if took, err = r.gitopsgen(ctx, "lint", "--require-render"); err != nil {
		return took, err
	}
	return took, r.restore(ctx)
}

func (r *runner) cache() string { return filepath.Join(r.root, "cache") }

var judged = regexp.MustCompile(` in ([0-9]+) objects?`)

// gitopsgen runs a command of it over the repository.
func (r *runner) gitopsgen(ctx context.Context, args ...string) (cost, error) {
	env := append(os.Environ(), "XDG_CACHE_HOME="+r.cache())
	out, took, err := judges(ctx, r.dir, env, r.program("gitopsgen"), append(args, "--offline", "--timeout=1h")...)
	if err != nil || args[0] != "lint" {
		return took, err
	}
	found := judged.FindSubmatch(out)
	if found == nil {
		return took, fmt.Errorf("gitopsgen %s judged nothing:\n%s", strings.Join(args, " "), out)
	}
	if args[1] == "--require-render" { // a hook judges what changed
		r.objects, err = strconv.Atoi(string(found[1]))
	}
	return took, err
}

// edit writes another number of replicas into the file that changes.
func (r *runner) edit(replicas int) error {
	file := filepath.Join(r.dir, r.change)
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, after, found := strings.Cut(string(text), r.replicas)
	if !found {
		return fmt.Errorf("%s: want a line %q", r.change, strings.TrimSpace(r.replicas))
	}
	_, after, _ = strings.Cut(after, "\n")
	return os.WriteFile(file, fmt.Appendf(nil, "%s%s%d\n%s", before, r.replicas, replicas, after), 0o600)
}

// reading is what it takes to read and hash all files of a repository.
func reading(dir string) (took cost, err error) {
	start, before := time.Now(), own()
	sum, read := sha256.New(), 0
	err = filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == ".git" {
			return fs.SkipDir
		}
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(file)
		read++
		_, _ = sum.Write(text) // it never fails
		return err
	})
	if err == nil && read == 0 {
		err = errors.New(dir + ": there is nothing to read")
	}
	return cost{cpu: own() - before, wall: time.Since(start)}, err
}
