package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/wording"
)

func (p *program) cache() *cli.Command {
	return &cli.Command{
		Name:      "cache",
		Usage:     "about what gitopsgen keeps of earlier runs",
		UsageText: "gitopsgen cache info|clean",
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return fault.Misuse(fmt.Errorf("unknown command %q: want cache info or cache clean", "cache "+c.Args().First()))
			}
			return cli.ShowSubcommandHelp(c)
		},
		Subcommands: []*cli.Command{
			{
				Name:        "info",
				Usage:       "say where it is and how large",
				UsageText:   "gitopsgen cache info",
				Description: "example:\n   gitopsgen cache info",
				Action:      p.eachCache(p.cacheInfo),
			},
			{
				Name:        "clean",
				Usage:       "remove it; it is made again as it is needed",
				UsageText:   "gitopsgen cache clean",
				Description: "example:\n   gitopsgen cache clean",
				Action:      p.eachCache(p.cacheClean),
			},
		},
	}
}

// caches are the folders that the program keeps.
var caches = []struct{ name, holds string }{
	{"causes", "which values of charts set what"},
	{"charts", "archives of charts and indexes of their repositories"},
	{"schemas", "schemas, ready for use"},
}

// cacheState is what one folder holds.
type cacheState struct {
	dir, holds string
	files      int
	bytes      int64
}

// eachCache makes a command of what is done with each folder.
func (p *program) eachCache(do func(cacheState) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		if err := noArgs(c); err != nil {
			return err
		}
		for _, one := range caches {
			dir := p.cacheDir(one.name)
			if dir == "" {
				return errors.New("there is no cache: neither XDG_CACHE_HOME nor HOME says where")
			}
			s := cacheState{dir: dir, holds: one.holds}
			if err := s.count(); err != nil {
				return err
			}
			if err := do(s); err != nil {
				return err
			}
		}
		return nil
	}
}

// count counts the files of the folder; there are none where it is not there.
func (s *cacheState) count() error {
	return filepath.WalkDir(s.dir, func(_ string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // another process may clean at the same time
			return nil
		case err != nil:
			return fmt.Errorf("reading the cache: %w", err)
		case d.IsDir():
			return nil
		}
		if info, err := d.Info(); err == nil {
			s.files++
			s.bytes += info.Size()
		}
		return nil
	})
}

func (p *program) cacheInfo(s cacheState) error {
	_, err := fmt.Fprintf(p.stdout, "%s: %s, %.1f MiB (%s)\n", s.dir, wording.Count(s.files, "file"), float64(s.bytes)/(1<<20), s.holds)
	return err
}

func (p *program) cacheClean(s cacheState) error {
	if err := os.RemoveAll(s.dir); err != nil {
		return fmt.Errorf("cleaning the cache: %w", err)
	}
	_, err := fmt.Fprintf(p.stdout, "removed %s of %s, %.1f MiB\n", wording.Count(s.files, "file"), s.dir, float64(s.bytes)/(1<<20))
	return err
}
