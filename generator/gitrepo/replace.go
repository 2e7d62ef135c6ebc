package gitrepo

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
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
	return writeWhole(j.work, name, c.File.Data, mode(c.File.Executable))
}

// WriteFile writes a file as os.WriteFile does, but whole or not at all, and in the place of a link.
func WriteFile(name string, data []byte, mode fs.FileMode) error {
	dir := filepath.Dir(name)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("writing %w", cause(err))
	}
	defer root.Close()
	if err := writeWhole(root, filepath.Base(name), data, mode); err != nil {
		return fmt.Errorf("writing %s: %w", dir, cause(err))
	}
	return nil
}

// writeWhole writes a file that is there under another name until it is whole.
func writeWhole(root *os.Root, name string, data []byte, mode fs.FileMode) error {
	tmp := name + unfinished
	if err := root.WriteFile(tmp, data, mode); err != nil {
		return err
	}
	return root.Rename(tmp, name)
}
