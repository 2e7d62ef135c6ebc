package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/gitrepo"
	"github.com/gitopsgen/gitopsgen/linter/report"
)

// output is a report in one format, and where it goes.
type output struct {
	format string
	write  func(io.Writer, report.Report) error
	// file is empty for stdout.
	file string
}

// parseOutputs reads formats with their files: github,sarif=report.sarif.
func parseOutputs(text string) (all []output, err error) {
	for part := range strings.SplitSeq(text, ",") {
		format, file, named := strings.Cut(part, "=")
		o := output{format: format, file: filepath.Clean(file)}
		if o.write, err = report.For(format); err != nil {
			return nil, fault.Misuse(fmt.Errorf("--format: %w", err))
		}
		if named && file == "" {
			return nil, fault.Misuse(fmt.Errorf("--format %q: want a file behind =", part))
		}
		if !named || file == "-" {
			o.file = ""
		}
		if i := slices.IndexFunc(all, func(other output) bool { return other.file == o.file }); i >= 0 {
			err := fmt.Errorf("--format: %s and %s would both go to %s", all[i].format, format, cmp.Or(o.file, "stdout"))
			return nil, fault.Misuse(fault.Hint(err, fmt.Sprintf("give one a file of its own: --format %s,%s=FILE", all[i].format, format)))
		}
		all = append(all, o)
	}
	return all, nil
}

// tell writes a report wherever it goes. What cannot be written keeps nothing else from being written.
func (p *program) tell(r report.Report, outputs []output) error {
	var errs []error
	for _, o := range outputs {
		if o.file == "" {
			errs = append(errs, o.write(p.Out, r))
			continue
		}
		var b bytes.Buffer
		plain := r
		plain.Color = false
		err := o.write(&b, plain)
		if err == nil {
			err = replace(o.file, b.Bytes())
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("report %s: %w", o.file, err))
		}
	}
	return errors.Join(errs...)
}

// replace writes a file whole, or leaves what is there. It leaves a link or a device, too: a link may be a stranger's, and
// a device would become a file.
func replace(file string, data []byte) error {
	if at, err := os.Lstat(file); err == nil && !at.Mode().IsRegular() {
		return errors.New("it is no regular file")
	}
	return gitrepo.WriteFile(file, data, 0o644)
}
