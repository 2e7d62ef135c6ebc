package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Change is one file to write or to remove in an existing directory.
type Change struct {
	File tree.File
	// Remove says that the file goes; only its path counts then.
	Remove bool
}

// Differing gives the files that a tree does not have, or not with these contents.
func Differing(have tree.Tree, files ...tree.File) []Change {
	var changes []Change
	for _, f := range files {
		old, there := have.File(f.Path)
		if !there || old.Executable != f.Executable || !bytes.Equal(old.Data, f.Data) {
			changes = append(changes, Change{File: f})
		}
	}
	return changes
}

// Update writes changes into the directory dir, which becomes a repository where it is none, and commits exactly them and
// c.With. It gives the commit's hash, empty where none was asked for. What an earlier run left undone is dropped: call
// Recover before the changes are worked out.
func Update(ctx context.Context, dir string, changes []Change, c Commit) (hash string, err error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	unlock, err := lock(abs)
	if err != nil {
		return "", err
	}
	defer unlock()
	if err := ensureRepository(abs, c.Branch); err != nil {
		return "", fmt.Errorf("making %s a repository: %w", dir, cause(err))
	}
	j, err := openJournal(abs)
	if err != nil {
		return "", fmt.Errorf("writing %s: %w", dir, cause(err))
	}
	defer j.close()
	if err := j.write(ctx, changes, c); err != nil {
		_ = j.remove() // which may need the room; the next run removes it otherwise
		return "", fault.Hint(fmt.Errorf("writing %s: %w", dir, cause(err)), "nothing was written")
	}
	return j.finish(ctx, dir)
}

// Unfinished reports whether an earlier run was stopped while it wrote in dir: Recover has something to finish, and until then dir may
// hold some files of one state and some of another.
func Unfinished(dir string) (bool, error) {
	j, _, err := journalOf(dir)
	if j == nil || err != nil {
		return false, err
	}
	defer j.close()
	return j.has(planFile) || j.has(doneFile), nil
}

// journalOf opens the journal of the repository that dir is in, and gives dir absolutely; nil where dir is in none.
func journalOf(dir string) (j *journal, abs string, err error) {
	if abs, err = filepath.Abs(dir); err != nil {
		return nil, "", err
	}
	if _, ok := Root(abs); !ok {
		return nil, abs, nil
	}
	if j, err = openJournal(abs); err != nil {
		return nil, abs, fmt.Errorf("reading %w", cause(err))
	}
	return j, abs, nil
}

// Recover finishes what an earlier run began to write in dir, its commit included, or undoes it. finished says that there
// was something to finish. Files that somebody changed since are left alone, and named in the error.
func Recover(dir string) (finished bool, err error) {
	j, abs, err := journalOf(dir)
	if j == nil || err != nil {
		return false, err
	}
	defer j.close()
	if _, err := os.Stat(j.dir); errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	unlock, err := lock(abs)
	if err != nil {
		return false, err
	}
	defer unlock()
	if !j.has(planFile) && !j.has(doneFile) {
		return false, j.remove()
	}
	_, err = j.finish(context.Background(), dir)
	return true, err
}

// finish does what the journal says and removes it. Where that cannot be done now the journal stays, for another try.
func (j *journal) finish(ctx context.Context, dir string) (hash string, err error) {
	var left []string
	if j.has(planFile) {
		if left, err = j.replay(); err != nil {
			return "", fault.Hint(fmt.Errorf("writing %s: %w", dir, cause(err)), "mend that, and run it again: what it began is kept in .git, and is finished then")
		}
	}
	if len(left) > 0 {
		err = fmt.Errorf("%s: changed while gitopsgen wrote %s, and left as it is; all else is written, nothing is committed", strings.Join(left, ", "), dir)
	} else {
		hash, err = j.commit(ctx)
	}
	return hash, errors.Join(err, j.remove())
}
