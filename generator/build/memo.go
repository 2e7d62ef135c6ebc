package build

import "sync"

// memo keeps what was made under a key, so that it is made once: whoever asks for it meanwhile waits. It may be asked for
// several at the same time. The zero memo is empty.
type memo[T any] struct {
	mu    sync.Mutex
	cells map[string]*cell[T]
}

type cell[T any] struct {
	mu   sync.Mutex
	kept bool
	made T
}

// get gives what is kept under a key, or makes it. What is not to be kept, and what has no key, is made for who asks alone.
func (m *memo[T]) get(key string, produce func() (made T, keep bool)) T {
	if key == "" {
		made, _ := produce()
		return made
	}
	c := m.cell(key)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept {
		return c.made
	}
	made, keep := produce()
	if keep {
		c.made, c.kept = made, true
	}
	return made
}

func (m *memo[T]) cell(key string) *cell[T] {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cells == nil {
		m.cells = map[string]*cell[T]{}
	}
	if m.cells[key] == nil {
		m.cells[key] = &cell[T]{}
	}
	return m.cells[key]
}
