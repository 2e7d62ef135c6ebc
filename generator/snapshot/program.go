package snapshot

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/filemode"

	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
)

// program is the user's git. It is asked by commands that change nothing, start no other program and fetch nothing.
type program struct {
	ctx context.Context
	// dir is the root of a repository.
	dir string
	// batch gives what is kept by its hash; nil until somebody asks.
	batch *batch
}

// batch is a git that waits for names of objects.
type batch struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func (p *program) command(args ...string) *exec.Cmd {
	cmd := gitrepo.Command(p.ctx, p.dir, append([]string{"--no-replace-objects", "-c", "core.fsmonitor=false"}, args...)...)
	cmd.Env = append(cmd.Env, "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	return cmd
}

// run runs one command and gives its output.
func (p *program) run(args ...string) (string, error) { return output(p.command(args...), args[0]) }

func output(cmd *exec.Cmd, name string) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		said, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		return "", fmt.Errorf("git %s: %w: %s", name, err, said)
	}
	return stdout.String(), nil
}

// index lists what is staged; the empty file is the repository's own.
func (p *program) index(file string) ([]entry, error) {
	cmd := p.command("ls-files", "--stage", "-z")
	if file != "" {
		cmd.Env = append(cmd.Env, "GIT_INDEX_FILE="+file)
	}
	out, err := output(cmd, "ls-files")
	if err != nil {
		return nil, err
	}
	return parseEntries(out, func(fields []string) (mode, hash string, err error) {
		if len(fields) != 3 || fields[2] != "0" {
			return "", "", fmt.Errorf("it is in conflict: resolve it, then git add it")
		}
		return fields[0], fields[1], nil
	})
}

// commit gives the commit that a revision is.
func (p *program) commit(revision string) (string, error) {
	out, err := p.run("rev-parse", "--quiet", "--verify", "--end-of-options", revision+"^{commit}")
	if err == nil {
		return strings.TrimSpace(out), nil
	}
	if _, err := p.run("symbolic-ref", "--quiet", "HEAD"); err == nil && revision == "HEAD" {
		return "", ErrUnborn
	}
	return "", ErrNoRevision
}

// tree lists what a commit has.
func (p *program) tree(commit string) ([]entry, error) {
	out, err := p.run("ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	return parseEntries(out, func(fields []string) (mode, hash string, err error) {
		if len(fields) != 3 {
			return "", "", fmt.Errorf("git ls-tree says %q", fields)
		}
		return fields[0], fields[2], nil
	})
}

// parseEntries reads lines that end with a tab and a path, each with an end of its own.
func parseEntries(out string, read func(fields []string) (mode, hash string, err error)) ([]entry, error) {
	var entries []entry
	for line := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		head, path, ok := strings.Cut(line, "\t")
		if !ok {
			continue
		}
		mode, hash, err := read(strings.Fields(head))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		m, err := filemode.New(mode)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		entries = append(entries, entry{path: path, hash: hash, mode: m})
	}
	return entries, nil
}

// mergeBase gives the newest common commit; empty is none.
func (p *program) mergeBase(one, other string) (string, error) {
	out, err := p.run("merge-base", one, other)
	return strings.TrimSpace(out), err
}

// isShallow reports whether a part of the history is not here.
func (p *program) isShallow() bool {
	out, err := p.run("rev-parse", "--is-shallow-repository")
	return err == nil && strings.TrimSpace(out) == "true"
}

// filters are the filters that the configuration defines.
func (p *program) filters() map[string]bool {
	defined := map[string]bool{}
	out, err := p.run("config", "--name-only", "-z", "--get-regexp", `^filter\..*\.(clean|smudge|process)$`)
	if err != nil {
		return defined
	}
	for key := range strings.SplitSeq(out, "\x00") {
		if name, ok := strings.CutPrefix(key, "filter."); ok {
			defined[name[:strings.LastIndex(name, ".")]] = true
		}
	}
	return defined
}

// blob gives what is kept by a hash.
func (p *program) blob(hash string) ([]byte, error) {
	if p.batch == nil {
		b, err := p.start()
		if err != nil {
			return nil, err
		}
		p.batch = b
	}
	if _, err := io.WriteString(p.batch.in, hash+"\n"); err != nil {
		return nil, err
	}
	head, err := p.batch.out.ReadString('\n')
	fields := strings.Fields(head)
	if err != nil || len(fields) != 3 { // git ends where it may not fetch what is not here
		return nil, ErrPartial
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(p.batch.out, min(size, maxBlob)))
	if err == nil {
		_, err = io.CopyN(io.Discard, p.batch.out, size-int64(len(data))+1) // and the line's end
	}
	return data, err
}

func (p *program) start() (*batch, error) {
	b := &batch{cmd: p.command("cat-file", "--batch")}
	var err error
	if b.in, err = b.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	b.out = bufio.NewReaderSize(out, 1<<16)
	return b, b.cmd.Start()
}

func (p *program) close() {
	if p.batch != nil {
		p.batch.in.Close()
		_ = p.batch.cmd.Wait()
	}
}
