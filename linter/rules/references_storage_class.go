package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/cluster"
)

var referencesStorageClass = linter.Rule{
	ID:          "references/storage-class",
	Title:       "The StorageClass of a claim is not there",
	Description: "Name a StorageClass that something here brings. One of the distribution's stands under lint.external in gitopsgen.yaml.",
	Rationale:   "No volume is ever made: the claim, and the pods that wait for it, stay pending.",
	Severity:    always,
	Check:       everywhere(checkStorageClass),
}

func checkStorageClass(s *scene) {
	static := map[string]bool{} // a volume that is there needs no class but its name
	for _, r := range s.Of("", "PersistentVolume") {
		name, _ := manifest.Dig(r.Object, "spec", "storageClassName").(string)
		static[name] = true
	}
	for _, r := range s.Objects() {
		told := map[string]bool{}
		for _, claim := range cluster.ClaimsOf(r) {
			to := manifest.ID{Group: "storage.k8s.io", Version: "v1", Kind: "StorageClass", Name: claim.Class}
			if told[claim.Class] || static[claim.Class] || len(s.Find(to)) > 0 {
				continue
			}
			told[claim.Class] = true
			s.lacks(r, to, linter.Finding{Message: fmt.Sprintf("there is no StorageClass %q%s", claim.Class, s.Meant(to)), At: claim.At})
		}
	}
}
