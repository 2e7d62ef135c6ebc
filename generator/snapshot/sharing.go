package snapshot

import (
	"context"
	"sync"

	"github.com/go-git/go-git/v5/plumbing/format/index"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/memo"
)

type sharing struct{}

// shared is what Git keeps of files, by its names.
type shared struct {
	mutex sync.Mutex
	data  map[string][]byte
	pack  pack
	// staged are the indexes of repositories, by their roots.
	staged memo.Table[string, *index.Index]
}

// Sharing gives a context under which what several states of a repository have alike is read once, and is the same memory. Small files
// are those of earlier runs, where these kept them; nil keeps nothing. Keep keeps them for later ones.
func Sharing(ctx context.Context, kept *cache.Store) context.Context {
	return context.WithValue(ctx, sharing{}, &shared{data: map[string][]byte{}, pack: pack{kept: kept}})
}

// sharedIn is what is shared under a context; nil where nothing is.
func sharedIn(ctx context.Context) *shared {
	s, _ := ctx.Value(sharing{}).(*shared)
	return s
}

// Keep keeps what was read under a context for later runs.
func Keep(ctx context.Context) {
	if s := sharedIn(ctx); s != nil {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.pack.keep(s.data)
	}
}

// do reads what Git keeps by a name, unless that was read before.
func (s *shared) do(hash string, read func() ([]byte, error)) ([]byte, error) {
	if s == nil {
		return read()
	}
	s.mutex.Lock()
	data, ok := s.data[hash]
	if !ok {
		if data, ok = s.pack.known[hash]; ok {
			s.data[hash] = data
		}
	}
	s.mutex.Unlock()
	if ok {
		return data, nil
	}
	data, err := read()
	if err == nil {
		s.mutex.Lock()
		s.data[hash] = data
		s.mutex.Unlock()
	}
	return data, err
}

// index reads the index of the repository in a directory, unless that was read before.
func (s *shared) index(root string, read func() (*index.Index, error)) (*index.Index, error) {
	if s == nil {
		return read()
	}
	return s.staged.Do(context.Background(), root, read)
}

// of has what earlier runs kept of the repository in a directory at hand. It is asked before anything is read.
func (s *shared) of(root string) {
	if s != nil {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.pack.open(root)
	}
}
