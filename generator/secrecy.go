package generator

import (
	"context"
	"fmt"
	"path"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/generator/lock"
	"github.com/gitopsgen/gitopsgen/generator/snapshot"
	"github.com/gitopsgen/gitopsgen/generator/upgrade"
)

// disclosure is a file that would hold something of another one, with the pattern by which Git can keep it like that one.
type disclosure struct{ by, of, pattern string }

// disclosures are those of changes to a directory.
func disclosures(changes []gitrepo.Change, outcomes []upgrade.Outcome) (all []disclosure) {
	written := map[string]bool{}
	for _, c := range changes {
		if c.Remove {
			continue
		}
		at := c.File.Path
		written[at] = true
		if of, ok := upgrade.RecordOf(at); ok {
			all = append(all, disclosure{at, of, upgrade.ConflictDir + "/**"})
		} else if lock.IsArchive(at) {
			all = append(all, disclosure{at, blueprint.SpecFile, path.Dir(at) + "/**"})
		}
	}
	for _, o := range outcomes { // what a blueprint has elsewhere now takes the user's edits along
		if written[o.Path] && o.From != "" {
			all = append(all, disclosure{o.Path, o.From, o.Path})
		}
	}
	return all
}

// largeFiles is a filter that hides nothing.
const largeFiles = "lfs"

// keepsSecrets gives an error where changes would put what Git keeps by a filter, such as git-crypt's, into a file that Git keeps without
// that: it would stand in history in clear.
func keepsSecrets(ctx context.Context, dir string, changes []gitrepo.Change, outcomes []upgrade.Outcome) error {
	all := disclosures(changes, outcomes)
	var paths []string
	for _, d := range all {
		paths = append(paths, d.of, d.by)
	}
	if len(paths) == 0 || !exists(dir) {
		return nil
	}
	filters, err := snapshot.Filters(ctx, dir, paths...)
	if err != nil {
		return err
	}
	for _, d := range all {
		if filter := filters[d.of]; filter != "" && filter != largeFiles && filter != filters[d.by] {
			return fault.Hint(
				fmt.Errorf("%s: Git keeps it by the filter %q, and %s would hold a part of it in clear; nothing was written", d.of, filter, d.by),
				fmt.Sprintf("commit a line %q in .gitattributes first", d.pattern+" filter="+filter),
			)
		}
	}
	return nil
}
