package snapshot

import (
	"context"
	"sync"
)

type sharing struct{}

// shared is what Git keeps of files, by its names.
type shared struct {
	mutex sync.Mutex
	data  map[string][]byte
}

// Sharing gives a context under which what several states of a repository have alike is read once, and is the same memory.
func Sharing(ctx context.Context) context.Context {
	return context.WithValue(ctx, sharing{}, &shared{data: map[string][]byte{}})
}

// sharedIn is what is shared under a context; nil where nothing is.
func sharedIn(ctx context.Context) *shared {
	s, _ := ctx.Value(sharing{}).(*shared)
	return s
}

// do reads what Git keeps by a name, unless that was read before.
func (s *shared) do(hash string, read func() ([]byte, error)) ([]byte, error) {
	if s == nil {
		return read()
	}
	s.mutex.Lock()
	data, ok := s.data[hash]
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
