package linter

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Judge judges objects one at a time.
type Judge struct {
	// Key names all that decides what is found besides the object itself. Of equal objects with equal keys one is judged, and what
	// is found of it holds for all. An object whose key is empty is judged alone.
	Key func(r *manifest.Resource) string
	// Object gives what is wrong with an object. What has no place gets that of its field.
	Object func(ctx context.Context, r *manifest.Resource) ([]Finding, error)
	// InOrder has one object judged after the other, in their order; else several goroutines call Object at once.
	InOrder bool
}

// Each judges all objects, on all processors unless it is to be in order. Findings are in the order of the objects. The error is
// that of the first object that has one.
func (v *View) Each(ctx context.Context, j Judge) ([]Finding, error) {
	first := v.twins(j.Key)
	var todo []int
	for i, twin := range first {
		if twin == i {
			todo = append(todo, i)
		}
	}
	found, errs := make([][]Finding, len(v.Resources)), make([]error, len(todo))
	processors := runtime.GOMAXPROCS(0)
	if j.InOrder {
		processors = 1
	}
	inParallel(min(processors, len(todo)), len(todo), func(n int) bool {
		i := todo[n]
		found[i], errs[n] = j.Object(ctx, &v.Resources[i])
		return errs[n] == nil
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	var all []Finding
	for i, twin := range first {
		for _, f := range found[twin] {
			if f.Place == (manifest.Place{}) {
				f = f.About(&v.Resources[i])
			}
			all = append(all, f)
		}
	}
	return all, nil
}

// inParallel calls do for each number below n, in their order, in several goroutines, until one says that it is to end.
func inParallel(workers, n int, do func(int) bool) {
	var next atomic.Int64
	var ended atomic.Bool
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && !ended.Load(); i = int(next.Add(1)) - 1 {
				if !do(i) {
					ended.Store(true)
				}
			}
		})
	}
	all.Wait()
}

// twins gives for each object the first one that is equal to it, in what it holds and in its key; that may be itself.
func (v *View) twins(key func(r *manifest.Resource) string) []int {
	type twin struct {
		content int
		key     string
	}
	known := map[twin]int{}
	first := make([]int, len(v.Resources))
	for i, content := range v.contents() {
		first[i] = i
		k := key(&v.Resources[i])
		if k == "" {
			continue
		}
		if j, ok := known[twin{content, k}]; ok {
			first[i] = j
		} else {
			known[twin{content, k}] = i
		}
	}
	return first
}

// contents gives for each object the first one that holds the same.
func contents(resources []manifest.Resource) []int {
	named := map[manifest.ID]int{}
	for _, r := range resources {
		named[r.ID]++
	}
	objects, digests := map[uintptr]int{}, map[[sha256.Size]byte]int{}
	first := make([]int, len(resources))
	for i, r := range resources {
		first[i] = i
		if named[r.ID] < 2 {
			continue // no other holds the same name
		}
		// Objects of units that were built once for several clusters are the same map.
		address := reflect.ValueOf(r.Object).Pointer()
		if j, ok := objects[address]; ok {
			first[i] = j
			continue
		}
		text, err := json.Marshal(r.Object)
		if err != nil {
			continue
		}
		sum := sha256.Sum256(text)
		if j, ok := digests[sum]; ok {
			first[i] = j
		} else {
			digests[sum] = i
		}
		objects[address] = first[i]
	}
	return first
}
