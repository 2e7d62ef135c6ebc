package cache

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
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
	// added are keys of values that the file lacks.
	added []Key
	// worn says that the file is damaged, or that its days are past.
	worn bool
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
		var whole bool
		b.values, whole = decode(s.load(b))
		b.read, b.worn = true, !whole
	}
	return b
}

// Get gives what is kept for a key.
func (s *Store) Get(k Key) (data []byte, ok bool) {
	b := s.bucket(k)
	defer b.mutex.Unlock()
	v, ok := b.values[k]
	if ok && v.day != s.today {
		v.day, b.worn = s.today, true
		b.values[k] = v
	}
	return v.data, ok
}

// Put keeps data for a key. Save writes it.
func (s *Store) Put(k Key, data []byte) {
	b := s.bucket(k)
	defer b.mutex.Unlock()
	b.values[k], b.added = value{data, s.today}, append(b.added, k)
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

// save adds to the file of a bucket, or writes it anew where it is worn or becomes too large.
func (s *Store) save(b *bucket) error {
	added := b.added
	b.added = nil
	if !b.worn {
		if len(added) == 0 {
			return nil
		}
		if fits, err := s.add(b, added); fits || err != nil {
			return err
		}
	}
	b.worn = false
	theirs, _ := decode(s.load(b))
	for k, v := range theirs {
		if _, known := b.values[k]; !known {
			b.values[k] = v
		}
	}
	return Write(s.file(b), encode(b.values, s.most*3/4)) // so that the next run can add to it
}

// add writes values to the end of the file of a bucket in one piece, so that other processes can do so, too. fits is false where
// there is no room for them, and nothing is written.
func (s *Store) add(b *bucket, added []Key) (fits bool, err error) {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return false, err
	}
	f, err := os.OpenFile(s.file(b), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var out []byte
	for _, k := range added {
		out = appendValue(out, k, b.values[k])
	}
	info, err := f.Stat()
	if err != nil || info.Size()+int64(len(out)) > int64(s.most) {
		return false, err
	}
	_, err = f.Write(out)
	return true, err
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
func encode(values map[Key]value, most int) (out []byte) {
	keys := slices.SortedFunc(maps.Keys(values), func(a, b Key) int {
		return cmp.Or(cmp.Compare(values[b].day, values[a].day), bytes.Compare(a[:], b[:]))
	})
	for _, k := range keys {
		if longer := appendValue(out, k, values[k]); len(longer) <= most {
			out = longer
		}
	}
	return out
}

// appendValue writes a digest of what follows, the key, the day, how many bytes the value has, and these.
func appendValue(out []byte, k Key, v value) []byte {
	start := len(out)
	out = append(out, make([]byte, sha256.Size)...)
	out = append(out, k[:]...)
	out = binary.AppendUvarint(out, uint64(v.day))
	out = append(binary.AppendUvarint(out, uint64(len(v.data))), v.data...)
	sum := sha256.Sum256(out[start+sha256.Size:])
	copy(out[start:], sum[:])
	return out
}

// decode reads values as appendValue writes them: of one key the last, and none of what follows damage. whole is false where there is any.
func decode(data []byte) (values map[Key]value, whole bool) {
	const head = sha256.Size + len(Key{})
	values = map[Key]value{}
	for len(data) > 0 {
		if len(data) < head {
			return values, false
		}
		day, n := binary.Uvarint(data[head:])
		size, m := binary.Uvarint(data[head+max(n, 0):])
		at := head + n + m
		if n <= 0 || m <= 0 || size > uint64(len(data)-at) {
			return values, false
		}
		end := at + int(size)
		if sha256.Sum256(data[sha256.Size:end]) != [sha256.Size]byte(data) {
			return values, false
		}
		values[Key(data[sha256.Size:])] = value{data[at:end:end], uint32(day)}
		data = data[end:]
	}
	return values, true
}
