package cache

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// TestBound states that a file stays as large as it may be, and that what nobody asked for longest goes first.
func TestBound(t *testing.T) {
	dir := t.TempDir()
	open := func(day uint32) *Store {
		s := OpenStore(dir)
		s.most, s.today = 1300, day
		return s
	}
	var keys []Key // of one file
	for i := 0; len(keys) < 6; i++ {
		if k := keyOf(fmt.Sprint(i)); int(k[0])%len(Store{}.buckets) == 7 {
			keys = append(keys, k)
		}
	}
	save := func(s *Store) {
		t.Helper()
		if err := s.Save(); err != nil {
			t.Fatal(err)
		}
		if n := len(s.load(&s.buckets[7])); n == 0 || n > 1300 {
			t.Fatalf("the file has %d bytes, want 1300 at most", n)
		}
	}
	value := make([]byte, 250) // three have room in three quarters of it
	s := open(1)
	for _, k := range keys[:3] {
		s.Put(k, value)
	}
	save(s)
	s = open(2)
	if _, ok := s.Get(keys[1]); !ok {
		t.Fatal("what there is room for is gone")
	}
	s.Put(keys[3], value)
	s.Put(keys[4], value)
	save(s)
	s = open(3)
	for i, want := range []bool{false, true, false, true, true, false} {
		if _, ok := s.Get(keys[i]); ok != want {
			t.Errorf("value %d is there: %t, want %t", i, ok, want)
		}
	}
}

// TestSweep states that the oldest large values go where there are too many bytes of them, and stay where there are not.
func TestSweep(t *testing.T) {
	s := OpenStore(t.TempDir())
	var keys []Key
	for i := range 10 {
		k := keyOf(fmt.Sprint(i))
		keys = append(keys, k)
		s.PutLarge(k, make([]byte, 68)) // with its digest 100 bytes
		written := time.Now().Add(time.Duration(i-100) * day)
		if err := os.Chtimes(s.largeFile(k), written, written); err != nil {
			t.Fatal(err)
		}
	}
	there := func() (n int) {
		for _, k := range keys {
			if _, err := os.Stat(s.largeFile(k)); err == nil {
				n++
			}
		}
		return n
	}
	if err := s.sweep(1000); err != nil || there() != 10 {
		t.Fatalf("got %d values, %v, want all that there is room for", there(), err)
	}
	if _, ok := s.Large(keys[0]); !ok {
		t.Fatal("the first value is gone")
	}
	if err := s.sweep(10); err != nil || there() != 10 {
		t.Fatalf("got %d values, %v, want all while none was added", there(), err)
	}
	s.grown.Add(1)
	if err := s.sweep(800); err != nil || there() != 6 {
		t.Fatalf("got %d values, %v, want 6, which are three quarters of what there is room for", there(), err)
	}
	if _, ok := s.Large(keys[0]); !ok {
		t.Error("what was asked for today is gone")
	}
}
