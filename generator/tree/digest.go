package tree

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
)

// Digest names all that the tree holds, and what of it was not read.
func (t Tree) Digest() string {
	h := sha256.New()
	t.digest(h)
	return hex.EncodeToString(h.Sum(nil))
}

func (t Tree) digest(h hash.Hash) {
	for _, f := range t.files {
		fmt.Fprintf(h, "file %q %t %q %d\n", f.Path, f.Executable, f.Target, len(f.Data))
		_, _ = h.Write(f.Data) // it never fails
	}
	for _, u := range t.unread {
		fmt.Fprintf(h, "unread %q\n", fmt.Sprint(u))
	}
	for _, p := range t.parts {
		fmt.Fprintf(h, "part %q %t\n", p.at, p.own)
		p.tree.digest(h)
	}
}
