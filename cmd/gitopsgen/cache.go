package main

import (
	"errors"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/listing"
)

func (p *program) cache() *cli.Command {
	return &cli.Command{
		Name:      "cache",
		Usage:     "about what gitopsgen keeps of earlier runs",
		UsageText: "gitopsgen cache info|clean",
		Subcommands: []*cli.Command{
			{
				Name:        "info",
				Usage:       "say where it is and how large",
				UsageText:   "gitopsgen cache info",
				Description: "example:\n   gitopsgen cache info",
				Action:      p.eachCache(listing.Cache),
			},
			{
				Name:        "clean",
				Usage:       "remove it; it is made again as it is needed",
				UsageText:   "gitopsgen cache clean",
				Description: "example:\n   gitopsgen cache clean",
				Action:      p.eachCache(listing.CleanCache),
			},
		},
	}
}

// caches are the folders that the program keeps.
var caches = []struct{ name, holds string }{
	{"causes", "which values of charts set what"},
	{"charts", "archives of charts and indexes of their repositories"},
	{"results", "what was evaluated, rendered and found"},
	{"schemas", "schemas, ready for use"},
}

// eachCache makes a command of what is done with each folder.
func (p *program) eachCache(do func(w io.Writer, f cache.Folder) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		if err := noArgs(c); err != nil {
			return err
		}
		for _, one := range caches {
			f := cache.Folder{Dir: p.cacheDir(one.name), Holds: one.holds}
			if f.Dir == "" {
				return errors.New("there is no cache: neither XDG_CACHE_HOME nor HOME says where")
			}
			if err := do(p.Out, f); err != nil {
				return err
			}
		}
		return nil
	}
}
