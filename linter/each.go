package linter

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/gitopsgen/gitopsgen/generator/cache"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Judge judges objects one at a time.
type Judge struct {
	// Key names all that decides what is found besides the object itself. Of equal objects with equal keys one is judged, and what
	// is found of it holds for all. An object whose key is empty is judged alone.
	Key func(r *manifest.Resource) string
	// By names all that decides what is found in any object, but for the program: what is found by the same is kept for later
	// runs. Empty keeps nothing.
	By string
	// Passing says of an object that was just judged that what was found holds for this run alone; nil says so of none.
	Passing func(r *manifest.Resource) bool
	// Object gives what is wrong with an object. What has no place gets that of its field.
	Object func(ctx context.Context, r *manifest.Resource) ([]Finding, error)
	// InOrder has one object judged after the other, in their order, and all of them; else several goroutines call Object at once,
	// and only for the objects of the view's share.
	InOrder bool
}

// Each judges all objects, on all processors unless it is to be in order. Findings are in the order of the objects. The error is
// that of the first object that has one.
func (v *View) Each(ctx context.Context, j Judge) ([]Finding, error) {
	first := v.twins(j.Key)
	var todo []int
	for i, twin := range first {
		if twin == i && (j.InOrder || v.owns(&v.Resources[i])) {
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
		found[i], errs[n] = v.judge(ctx, j, i)
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

// judge judges one object, unless what is found in it is kept.
func (v *View) judge(ctx context.Context, j Judge, i int) ([]Finding, error) {
	r := &v.Resources[i]
	key, ok := v.kept(j, i)
	if ok {
		if data, known := v.Kept.Get(key); known {
			if found, whole := readKept(data); whole {
				return found, nil
			}
		}
	}
	found, err := j.Object(ctx, r)
	if ok && err == nil && (j.Passing == nil || !j.Passing(r)) {
		if data, whole := writeKept(found); whole {
			v.Kept.Put(key, data)
		}
	}
	return found, err
}

// kept names what is found in an object; ok is false where that is not kept.
func (v *View) kept(j Judge, i int) (key cache.Key, ok bool) {
	r := &v.Resources[i]
	beside := j.Key(r)
	if v.Kept == nil || j.By == "" || beside == "" {
		return key, false
	}
	content := v.digests()[i]
	if content == "" {
		return key, false
	}
	return v.Kept.Key("verdict", j.By, beside, fmt.Sprint(r.ID), content)
}

// digests gives the digest of what each object holds; empty where it has none.
func digests(resources []manifest.Resource) []string {
	// Objects of units that were built once for several clusters are the same map.
	same := map[uintptr]int{}
	first, distinct := make([]int, len(resources)), []int{}
	for i, r := range resources {
		address := reflect.ValueOf(r.Object).Pointer()
		j, ok := same[address]
		if !ok {
			j, same[address], distinct = i, i, append(distinct, i)
		}
		first[i] = j
	}
	all := make([]string, len(resources))
	inParallel(min(runtime.GOMAXPROCS(0), len(distinct)), len(distinct), func(n int) bool {
		i := distinct[n]
		if text, err := json.Marshal(resources[i].Object); err == nil {
			sum := sha256.Sum256(text)
			all[i] = string(sum[:])
		}
		return true
	})
	for i, j := range first {
		all[i] = all[j]
	}
	return all
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
func contents(digests []string) []int {
	known := map[string]int{}
	first := make([]int, len(digests))
	for i, digest := range digests {
		j, ok := known[digest]
		if !ok || digest == "" {
			j, known[digest] = i, i
		}
		first[i] = j
	}
	return first
}
