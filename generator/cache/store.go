package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Key names a value by all that it follows from.
type Key [sha256.Size]byte

// keyOf is the key of what follows from these parts, in their order.
func keyOf(parts ...string) Key {
	h := sha256.New()
	for _, part := range parts {
		fmt.Fprintf(h, "%d:", len(part))
		_, _ = h.Write([]byte(part)) // it never fails
	}
	return Key(h.Sum(nil))
}

// Store keeps what a program works out: many small values in a few files, large ones each in its own. Nothing becomes invalid but by its key: who asks by all that a value follows from
// gets no other. Several goroutines and processes may use one at once. What is damaged, or what another process overwrote, is
// not there. The nil Store keeps nothing.
type Store struct {
	dir     string
	today   uint32
	most    int
	program func() string
	buckets [64]bucket
	// grown are the bytes of large values that were put.
	grown atomic.Int64
}

// maxBucket bounds the bytes of one file of a store: the oldest values go.
const maxBucket = 1 << 20

// OpenStore gives the store in a folder, which it makes when something is saved; nil where that has no name.
func OpenStore(dir string) *Store {
	if dir == "" {
		return nil
	}
	s := &Store{dir: dir, today: uint32(time.Now().Unix() / (24 * 60 * 60)), most: maxBucket}
	s.program = sync.OnceValue(func() string { return program(s) })
	return s
}

// Dir is the folder of the store.
func (s *Store) Dir() string { return s.dir }

// Key is the key of what the program that runs makes of these parts, in their order. ok is false where nothing is kept.
func (s *Store) Key(parts ...string) (k Key, ok bool) {
	if s == nil || s.program() == "" {
		return k, false
	}
	return keyOf(append([]string{s.program()}, parts...)...), true
}

// bucket holds the values whose keys begin alike, as its file does.
type bucket struct {
	mutex  sync.Mutex
	read   bool
	values map[Key]value
	// changed says that the file lacks something.
	changed bool
}

// value is what is kept, with the last day on which it was asked for.
type value struct {
	data []byte
	day  uint32
}

func (s *Store) bucket(k Key) *bucket {
	b := &s.buckets[int(k[0])%len(s.buckets)]
	b.mutex.Lock()
	if !b.read {
		b.read, b.values = true, decode(s.load(b))
	}
	return b
}

// Get gives what is kept for a key.
func (s *Store) Get(k Key) (data []byte, ok bool) {
	b := s.bucket(k)
	defer b.mutex.Unlock()
	v, ok := b.values[k]
	if ok && v.day != s.today {
		v.day, b.changed = s.today, true
		b.values[k] = v
	}
	return v.data, ok
}

// Put keeps data for a key. Save writes it.
func (s *Store) Put(k Key, data []byte) {
	b := s.bucket(k)
	defer b.mutex.Unlock()
	b.values[k], b.changed = value{data, s.today}, true
}

// Save writes what was put, beside what other processes saved meanwhile.
func (s *Store) Save() error {
	if s == nil {
		return nil
	}
	for i := range s.buckets {
		b := &s.buckets[i]
		b.mutex.Lock()
		err := s.save(b)
		b.mutex.Unlock()
		if err != nil {
			return err
		}
	}
	return s.sweep(maxLarge)
}

func (s *Store) save(b *bucket) error {
	if !b.changed {
		return nil
	}
	for k, v := range decode(s.load(b)) {
		if _, known := b.values[k]; !known {
			b.values[k] = v
		}
	}
	b.changed = false
	return Write(s.file(b), encode(b.values, s.most))
}

func (s *Store) file(b *bucket) string {
	for i := range s.buckets {
		if b == &s.buckets[i] {
			return filepath.Join(s.dir, fmt.Sprintf("%02x", i))
		}
	}
	return ""
}

// load reads the file of a bucket, none where there is none.
func (s *Store) load(b *bucket) []byte {
	data, err := os.ReadFile(s.file(b))
	if err != nil {
		return nil
	}
	return data
}

// encode writes values, the newest first, and leaves out those that are too much.
func encode(values map[Key]value, most int) []byte {
	keys := make([]Key, 0, len(values))
	for k := range values {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b Key) int {
		if d := int(values[b].day) - int(values[a].day); d != 0 {
			return d
		}
		return bytes.Compare(a[:], b[:])
	})
	out := make([]byte, sha256.Size)
	for _, k := range keys {
		v := values[k]
		if len(out)+len(k)+2*binary.MaxVarintLen32+len(v.data) > most {
			continue
		}
		out = append(out, k[:]...)
		out = binary.AppendUvarint(out, uint64(v.day))
		out = append(binary.AppendUvarint(out, uint64(len(v.data))), v.data...)
	}
	sum := sha256.Sum256(out[sha256.Size:])
	copy(out, sum[:])
	return out
}

// decode reads what encode wrote; none of it where anything is damaged.
func decode(data []byte) map[Key]value {
	values := map[Key]value{}
	if len(data) < sha256.Size || sha256.Sum256(data[sha256.Size:]) != [sha256.Size]byte(data) {
		return values
	}
	for data = data[sha256.Size:]; len(data) > 0; {
		if len(data) < len(Key{}) {
			return map[Key]value{}
		}
		k := Key(data)
		data = data[len(k):]
		day, n := binary.Uvarint(data)
		size, m := binary.Uvarint(data[max(n, 0):])
		if n <= 0 || m <= 0 || size > uint64(len(data)-n-m) {
			return map[Key]value{}
		}
		data = data[n+m:]
		values[k] = value{data[:size:size], uint32(day)}
		data = data[size:]
	}
	return values
}
