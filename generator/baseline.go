package generator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/checkout"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
	"github.com/gitopsgen/gitopsgen/linter"
)

// ReadBaseline reads the baseline in a file. Where the settings are those of a revision, one that stands in the repository is
// that revision's too: who changes the repository does not say what is not told of the change.
func (g Generator) ReadBaseline(ctx context.Context, r Repository, file string, by *Settings) (*linter.Baseline, error) {
	var data []byte
	inside, err := inRepository(r, file)
	if by != nil && inside != "" {
		data, err = fromRevision(ctx, r, inside, by)
		file = by.revision + ":" + inside
	} else if err == nil {
		data, err = gitrepo.ReadFile(filepath.Dir(file), filepath.Base(file))
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.Hint(fmt.Errorf("--baseline: %w", err), "gitopsgen lint --baseline=FILE --write-baseline makes one")
	case err != nil:
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	b, err := linter.ReadBaseline(file, data)
	if err != nil {
		return nil, fault.Hint(err, "gitopsgen lint --baseline=FILE --write-baseline writes it anew")
	}
	return &b, nil
}

// inRepository gives the path of a file in the directory of a repository; empty where it is not in there.
func inRepository(r Repository, file string) (inside string, err error) {
	dir, err := filepath.Abs(r.Dir)
	if err != nil {
		return "", err
	}
	at, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	inside, err = filepath.Rel(dir, at)
	if inside = filepath.ToSlash(inside); err != nil || inside == ".." || strings.HasPrefix(inside, "../") {
		return "", err
	}
	return inside, nil
}

// Paths gives the paths in r, or in checkouts of other repositories, of what a person names from the working directory; they may be
// patterns.
func (r Repository) Paths(names []string, others checkout.List) ([]string, error) {
	var paths []string
	for _, name := range names {
		inside, err := inRepository(r, name)
		if err != nil {
			return nil, err
		}
		if p, ok := others.Path(name); ok && inside == "" {
			inside = p
		}
		if inside == "" {
			return nil, fmt.Errorf("%q is not in what is judged", name)
		}
		paths = append(paths, inside)
	}
	return paths, nil
}

// fromRevision reads a file of a repository as the revision of the settings has it.
func fromRevision(ctx context.Context, r Repository, file string, by *Settings) ([]byte, error) {
	t, _, err := snapshot.ReadRevision(ctx, r.Dir, by.revision, file)
	if err != nil {
		return nil, err
	}
	f, ok := t.File(file)
	if !ok {
		return nil, fmt.Errorf("%s of %s: %w", file, by.from, fs.ErrNotExist)
	}
	return f.Data, nil
}

// WriteBaseline makes findings the baseline in a file, which is written whole or not at all.
func WriteBaseline(file string, findings []linter.Finding) error {
	var text bytes.Buffer
	if err := linter.NewBaseline(file, findings).Write(&text); err != nil {
		return err
	}
	return gitrepo.WriteFile(file, text.Bytes(), 0o644)
}
