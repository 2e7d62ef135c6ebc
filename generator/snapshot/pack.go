package snapshot

import (
	"encoding/binary"

	"github.com/gitopsgen/gitopsgen/generator/cache"
)

// pack has small files of a repository in one, by the names that Git has for what they hold: to open each of ten thousand takes longer
// than all the rest of what a hook does.
type pack struct {
	kept *cache.Store
	key  cache.Key
	// known are those of earlier runs. It is nil until a repository is opened, and where nothing is kept.
	known map[string][]byte
}

const (
	// maxPacked is the size of the largest file in a pack, and maxPack that of all.
	maxPacked = 16 << 10
	maxPack   = 32 << 20
	// packPart is which part of all small files must be new for a pack to be written.
	packPart = 50
)

// open reads the pack of the repository in a directory. That of the first one serves all, for a name says what it names.
func (p *pack) open(root string) {
	key, ok := p.kept.Key("files", root)
	if p.known != nil || !ok {
		return
	}
	p.key = key
	data, _ := p.kept.Large(key)
	p.known = unpack(data)
}

// keep keeps the small ones among files, unless most of them are kept already.
func (p *pack) keep(files map[string][]byte) {
	if p.known == nil {
		return
	}
	small, fresh, size := map[string][]byte{}, 0, 0
	for name, data := range files {
		if len(data) > maxPacked || size > maxPack {
			continue
		}
		small[name] = data
		size += len(data)
		if _, known := p.known[name]; !known {
			fresh++
		}
	}
	if fresh > 0 && fresh*packPart >= len(small) {
		p.kept.PutLarge(p.key, packed(small))
	}
}

// packed writes files one after the other: the length of the name, the name, the length of the data, the data.
func packed(files map[string][]byte) (out []byte) {
	for name, data := range files {
		out = append(binary.AppendUvarint(out, uint64(len(name))), name...)
		out = append(binary.AppendUvarint(out, uint64(len(data))), data...)
	}
	return out
}

// unpack reads what packed wrote. The data are parts of that.
func unpack(from []byte) map[string][]byte {
	files := map[string][]byte{}
	next := func() []byte {
		size, n := binary.Uvarint(from)
		if n <= 0 || size > uint64(len(from)-n) {
			from = nil // nobody wrote it so
			return nil
		}
		one := from[n : n+int(size) : n+int(size)]
		from = from[n+int(size):]
		return one
	}
	for len(from) > 0 {
		name := next()
		files[string(name)] = next()
	}
	return files
}
