// Package treetest makes trees for tests.
package treetest

import (
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/tree"
)

// Of is a tree of files by their paths.
func Of(t *testing.T, files map[string]string) tree.Tree {
	t.Helper()
	var all []tree.File
	for p, text := range files {
		all = append(all, tree.File{Path: p, Data: []byte(text)})
	}
	made, err := tree.New(all...)
	if err != nil {
		t.Fatal(err)
	}
	return made
}
