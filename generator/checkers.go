package generator

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/memo"
	"github.com/gitopsgen/gitopsgen/generator/watchdog"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/policy"
	"github.com/gitopsgen/gitopsgen/linter/refused"
	"github.com/gitopsgen/gitopsgen/linter/rules"
	"github.com/gitopsgen/gitopsgen/linter/schema"
)

// Compiled are policies by what they are compiled from, each compiled once: that takes longer than to judge by them. The zero
// Compiled is empty, nil keeps nothing.
type Compiled struct {
	policies memo.Table[[sha256.Size]byte, *policy.Checker]
}

func (g Generator) checkers(ctx context.Context, r Repository) ([]linter.Checker, error) {
	judge, err := g.policies(ctx, r)
	if err != nil {
		return nil, err
	}
	return g.with(judge), nil
}

// with are the policies with all else that judges.
func (g Generator) with(judge *policy.Checker) []linter.Checker {
	return []linter.Checker{rules.Checker(), judge, refused.Checker(), schema.New(g.Schemas, g.cache("schemas"))}
}

// policies are ours with a repository's own.
func (g Generator) policies(ctx context.Context, r Repository) (*policy.Checker, error) {
	var own bytes.Buffer
	for _, f := range r.Tree.Under(policyDir) {
		if path.Ext(f.Path) == ".rego" {
			fmt.Fprintf(&own, "%q %q\n", f.Path, f.Data)
		}
	}
	rows, err := json.Marshal(r.Spec.Lint.Pods)
	if err != nil {
		return nil, err
	}
	return cmp.Or(g.Compiled, &Compiled{}).policies.Do(ctx, sha256.Sum256(append(own.Bytes(), rows...)), func() (*policy.Checker, error) {
		sources, err := g.sources(r)
		if err != nil {
			return nil, err
		}
		return policy.NewKept(ctx, g.Kept, sources...)
	})
}

// TestPolicies runs the tests of a repository's own policies.
func (g Generator) TestPolicies(ctx context.Context, r Repository) ([]policy.Tested, error) {
	sources, err := g.sources(r)
	if err != nil {
		return nil, err
	}
	return policy.Test(ctx, sources...)
}

// compileAhead compiles a repository's policies while something else is done, if all of them are ours, where it is likely that somebody
// will judge by them: always where no earlier run has read them. Whoever asks for them waits for it. kept waits until nothing more is
// written into the cache.
func (g Generator) compileAhead(ctx context.Context, r Repository, likely bool) (kept func()) {
	if len(r.Tree.Under(policyDir)) > 0 { // what those take is watched, and not to be taken for what is done meanwhile
		return func() {}
	}
	read := make(chan struct{})
	go watchdog.Safely(func() { // whoever asks for them is told
		judge, err := func() (*policy.Checker, error) {
			defer close(read)
			return g.policies(ctx, r)
		}()
		if err == nil && (likely || judge.Fresh()) {
			_ = judge.Compile(ctx)
		}
	})
	return func() { <-read }
}

// CompileAhead does so while the repository that a folder or a file is part of is read, where it seems to have no policies of its own.
func (g Generator) CompileAhead(ctx context.Context, name string) (kept func()) {
	part := gitrepo.PartOf(name, blueprint.SpecFile, path.Dir(lock.Path))
	if _, err := os.Lstat(filepath.Join(part.Dir, policyDir)); !errors.Is(err, fs.ErrNotExist) {
		return func() {}
	}
	return g.compileAhead(ctx, Repository{}, true)
}

// sources are the folders of policies: ours, with the repository's rows about where pods stand, and its own.
func (g Generator) sources(r Repository) ([]policy.Source, error) {
	ours := g.Policies
	if rows := r.Spec.Lint.Pods; len(rows) > 0 {
		byKind := map[string][]blueprint.PodRow{}
		for _, row := range rows {
			byKind[row.Kind] = append(byKind[row.Kind], row)
		}
		var err error
		if ours, err = policy.WithPods(ours, byKind); err != nil {
			return nil, err
		}
	}
	return []policy.Source{{Files: ours}, {Name: policyDir, Files: r.Tree.FS(policyDir)}}, nil
}
