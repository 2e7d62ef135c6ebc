package location

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/gitopsgen/gitopsgen/generator/fault"
	"github.com/gitopsgen/gitopsgen/generator/memo"
	"github.com/gitopsgen/gitopsgen/linter/schema"
)

// Fetch gives what stands at a URL; found is false where the host says that nothing does.
type Fetch func(url string) (data []byte, found bool, err error)

// Source has the schemas of another source, and those at locations. Those of Kubernetes' own kinds count before these, all others
// after them. Make one with New, for one run.
type Source struct {
	schema.Source
	places  []*place
	fetch   Fetch
	read    memo.Table[string, file]
	compile func(data []byte) error
	ctx     context.Context
}

// place is a location, and whether it had a schema that it was asked for.
type place struct {
	Location
	asked, answered bool
}

// file is what is at a path or a URL.
type file struct {
	data  []byte
	found bool
}

// New puts locations over a source, for as long as ctx lasts. Where fetch is nil no URL is asked.
func New(ctx context.Context, source schema.Source, locations []Location, fetch Fetch) *Source {
	s := &Source{Source: source, fetch: fetch, ctx: ctx, compile: func(data []byte) error { return compile(ctx, data) }}
	for _, l := range locations {
		s.places = append(s.places, &place{Location: l})
	}
	return s
}

// Digest implements schema.Source.
func (s *Source) Digest() string {
	h := sha256.New()
	fmt.Fprintln(h, s.Source.Digest())
	for _, p := range s.places {
		fmt.Fprintf(h, "%q\n", p.text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Schema implements schema.Source. What is at a location and cannot be used is an error, which names it.
func (s *Source) Schema(apiVersion, kind, kubernetes string) (data []byte, found bool, err error) {
	group, _, grouped := strings.Cut(apiVersion, "/")
	if !grouped {
		group = ""
	}
	own := s.Own(group)
	if own {
		if data, found, err = s.Source.Schema(apiVersion, kind, kubernetes); found || err != nil {
			return data, found, err
		}
	}
	if data, found, err = s.located(apiVersion, kind, kubernetes); found || err != nil || own {
		return data, found, err
	}
	return s.Source.Schema(apiVersion, kind, kubernetes)
}

// located gives the first schema that a location has.
func (s *Source) located(apiVersion, kind, kubernetes string) (data []byte, found bool, err error) {
	if !isKind(apiVersion, kind) {
		return nil, false, nil
	}
	for _, p := range s.places {
		if p.remote && s.fetch == nil {
			continue
		}
		at, err := p.of(apiVersion, kind, kubernetes)
		if err != nil {
			return nil, false, fmt.Errorf("--schema-location %s: %w", p, err)
		}
		f, err := s.read.Do(s.ctx, at, func() (file, error) { return s.readOne(p.Location, at) })
		if err != nil {
			return nil, false, err
		}
		if p.asked = true; f.found {
			p.answered = true
			return f.data, true, nil
		}
	}
	return nil, false, nil
}

// readOne reads a file or a URL, and proves that objects can be judged by what is there.
func (s *Source) readOne(l Location, at string) (f file, err error) {
	name := at
	if l.remote {
		name = withoutPassword(at)
		f.data, f.found, err = s.fetch(at)
	} else {
		f.data, f.found, err = open(at)
	}
	switch {
	case err == nil && len(f.data) > maxSize:
		err = errOversize
	case err == nil && f.found:
		err = s.compile(f.data)
	}
	if err != nil {
		hint := "mend what is there, or leave --schema-location " + l.text + " out"
		return f, fault.Hint(fmt.Errorf("%s: %w", name, err), hint)
	}
	return f, nil
}

// maxSize is how large a schema may be. The largest ones that people keep are a fifth of it.
const maxSize = 8 << 20

var errOversize = fmt.Errorf("it is larger than %d MiB", maxSize>>20)

// open reads a regular file.
func open(name string) (data []byte, found bool, err error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return nil, false, nil
	case err != nil:
		return nil, false, errors.Unwrap(err)
	case !info.Mode().IsRegular():
		return nil, false, errors.New("it is no regular file")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, false, errors.Unwrap(err)
	}
	defer f.Close()
	data, err = io.ReadAll(io.LimitReader(f, maxSize+1))
	return data, err == nil, err
}

// Notes say which locations were not asked, and which had nothing.
func (s *Source) Notes() (notes []string) {
	for _, p := range s.places {
		switch {
		case p.remote && s.fetch == nil:
			notes = append(notes, fmt.Sprintf("--schema-location %s is not asked: --offline forbids it", p))
		case p.asked && !p.answered:
			notes = append(notes, fmt.Sprintf("--schema-location %s has no schema of any kind that was looked for there", p))
		}
	}
	return notes
}
