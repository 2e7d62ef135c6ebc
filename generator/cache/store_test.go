package cache_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/cache"
)

func key(t *testing.T, s *cache.Store, i int) cache.Key {
	t.Helper()
	k, ok := s.Key("value", fmt.Sprint(i))
	if !ok {
		t.Fatal("the program's own file cannot be read")
	}
	return k
}

// content is what the tests keep for a number: its length and its bytes follow from that.
func content(i int) []byte { return bytes.Repeat(fmt.Appendf(nil, "%d,", i), i%50) }

// TestStore states that what was saved is there in the next run, beside what others saved, and what was not saved is not.
func TestStore(t *testing.T) {
	dir := t.TempDir()
	const stores, each = 8, 500
	var all sync.WaitGroup
	for n := range stores {
		all.Go(func() {
			s := cache.OpenStore(dir)
			for i := range each {
				k := key(t, s, n*each+i)
				if s.Put(k, content(n*each+i)); i%100 == 0 {
					if err := s.Save(); err != nil {
						t.Error(err)
					}
				}
			}
			if err := s.Save(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s := cache.OpenStore(dir)
	for i := range stores * each {
		if data, ok := s.Get(key(t, s, i)); !ok || !bytes.Equal(data, content(i)) {
			t.Fatalf("value %d: got %q, %t, want %q", i, data, ok, content(i))
		}
	}
	if _, ok := s.Get(key(t, s, -1)); ok {
		t.Error("got a value that nobody kept")
	}
}

// TestDamage states that no byte of a file can be changed, left out or added so that a store gives what was not put.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	s := cache.OpenStore(dir)
	for i := range 300 {
		s.Put(key(t, s, i), content(i))
	}
	if err := s.Save(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got files %q, %v, want some", files, err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	missing := 0
	for range 50 {
		file := files[random.IntN(len(files))]
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		at := random.IntN(len(data))
		switch random.IntN(3) {
		case 0:
			data[at] ^= byte(1 + random.IntN(255))
		case 1:
			data = data[:at]
		case 2:
			data = append(data, data[at:]...)
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		again := cache.OpenStore(dir)
		for i := range 300 {
			switch data, ok := again.Get(key(t, again, i)); {
			case !ok:
				missing++
			case !bytes.Equal(data, content(i)):
				t.Fatalf("value %d: got %q, want %q", i, data, content(i))
			}
		}
	}
	if missing == 0 {
		t.Error("nothing was missing after the files were damaged")
	}
}

// TestNoStore states that where nothing can be kept, nothing is.
func TestNoStore(t *testing.T) {
	if _, ok := cache.OpenStore("").Key("value"); ok {
		t.Error("got a key of no store")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := cache.OpenStore(file)
	s.Put(key(t, s, 1), []byte("one"))
	if err := s.Save(); err == nil {
		t.Error("got no error of saving below a file")
	}
}

// TestLarge states that large values are there in the next run, damaged ones are not, and that all can be counted.
func TestLarge(t *testing.T) {
	dir := t.TempDir()
	s := cache.OpenStore(dir)
	want := bytes.Repeat([]byte("large "), 1<<16)
	s.PutLarge(key(t, s, 1), want)
	again := cache.OpenStore(dir)
	if got, ok := again.Large(key(t, again, 1)); !ok || !bytes.Equal(got, want) {
		t.Fatalf("got %d bytes, %t, want those that were put", len(got), ok)
	}
	if _, ok := again.Large(key(t, again, 2)); ok {
		t.Error("got a value that nobody kept")
	}
	files, err := filepath.Glob(filepath.Join(dir, "large", "*", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("got files %q, %v, want one", files, err)
	}
	for _, at := range []int{0, 31, 32, len(want)} {
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		data[at]++
		if err := os.WriteFile(files[0], data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := again.Large(key(t, again, 1)); ok {
			t.Errorf("got a value whose byte %d is damaged", at)
		}
		data[at]--
		if err := os.WriteFile(files[0], data[:at], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := again.Large(key(t, again, 1)); ok {
			t.Errorf("got a value of which %d bytes are there", at)
		}
		if err := os.WriteFile(files[0], data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
