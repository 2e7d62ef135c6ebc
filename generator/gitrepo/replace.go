package gitrepo

import (
	"fmt"
	"os"
	"path"
)

// Replace carries out changes in the directory dir, in their order, and commits nothing; dir need not be a repository of
// Git. Each file is written whole or not at all, and a run that is stopped is made good by the next one like it.
func Replace(dir string, changes []Change) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("writing %w", cause(err))
	}
	defer root.Close()
	j := journal{work: root}
	for _, c := range changes {
		if err := j.replace(c); err != nil {
			return fmt.Errorf("writing %s: %w", dir, cause(err))
		}
	}
	return nil
}

func (j *journal) replace(c Change) error {
	name := c.File.Path
	if c.Remove {
		if err := j.work.Remove(name); err != nil && !isAbsent(err) {
			return err
		}
		j.removeEmpty(path.Dir(name))
		return nil
	}
	if err := j.work.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	tmp := name + unfinished
	if err := j.work.WriteFile(tmp, c.File.Data, mode(c.File.Executable)); err != nil {
		return err
	}
	return j.work.Rename(tmp, name)
}
