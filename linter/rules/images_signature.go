package rules

import (
	"fmt"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var imagesSignature = linter.Rule{
	ID:          "images/signature",
	Title:       "Nothing verifies who signed the images",
	Description: "Add a policy that verifies signatures before pods are let in: verifyImages of Kyverno, a ClusterImagePolicy of sigstore, Ratify beside Gatekeeper.",
	Rationale:   "Whoever can replace an image in its registry can run code in the cluster, and nobody notices.",
	Severity:    linter.Severities{Enterprise: linter.Info},
	Check:       deployed(checkSignature),
}

func checkSignature(s *scene) {
	pods := s.Pods()
	if len(pods) == 0 || s.Verifies() || s.covers(manifest.ID{Kind: "ClusterImagePolicy"}) {
		return
	}
	if !s.whole() {
		s.missed = true
		return
	}
	at := manifest.Top(blueprint.SpecFile)
	if _, ok := s.view.Tree.File(blueprint.SpecFile); !ok {
		at = pods[0].Maker.Place()
	}
	s.findings = append(s.findings, linter.Finding{Place: at, Message: fmt.Sprintf("nothing verifies the signatures of images on the cluster %s", s.name)})
}
