// Package rules holds the checks that need more than one object, or more than objects.
//
// A rule is one file and one line in all. What one object decides alone is a policy, not a rule.
package rules

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/linter"
)

// all lists every rule. Add a rule here and nowhere else.
var all = linter.Book{
	imagesAmbiguousPrefix,
	imagesSignature,
	manifestDuplicateKey,
	manifestInvalidYAML,
	networkUnprotectedPod,
	ownershipSharedResource,
	projectChildAppDenied,
	projectDestinationDenied,
	projectKindDenied,
	projectRepoDenied,
	projectUnknownProject,
	referencesConfig,
	referencesDuplicateHost,
	referencesDuplicateSelector,
	referencesHPATarget,
	referencesHeadlessService,
	referencesIngressBackend,
	referencesMonitorSelector,
	referencesNetworkPolicySelector,
	referencesPortName,
	referencesRBACRole,
	referencesRBACSubject,
	referencesRouteBackend,
	referencesServiceAccount,
	referencesServiceSelector,
	referencesStorageClass,
	reliabilityHPAStaticReplicas,
	reliabilityPDBBlocksDrain,
	reliabilityPDBExceedsHPA,
	reliabilityPDBMissing,
	resourcesNamespaceQuota,
	resourcesQuotaUnmet,
	secretsUnencryptedSopsFile,
	sourceEnableHelmMissing,
	sourceNotRendered,
	sourceRenderFailed,
	sourceUnknownValue,
	upgradeDamagedBase,
	upgradeUnresolvedConflict,
}

// Checker judges the rules of this package.
func Checker() linter.Checker { return all }

// problems are the findings that reading and rendering made for a rule.
func problems(id string) func(*linter.View) linter.Judgement {
	return func(v *linter.View) linter.Judgement {
		return linter.Judgement{Findings: slices.DeleteFunc(slices.Clone(v.Problems), func(f linter.Finding) bool { return f.Rule != id })}
	}
}

// always is the severity of what Argo CD or the API server refuses.
var always = linter.Severities{Small: linter.Error, Medium: linter.Error, Enterprise: linter.Error}

var (
	// mostly is the severity of what does not work, for those who share a cluster, and warned of what may be meant so.
	mostly = linter.Severities{Small: linter.Warning, Medium: linter.Error, Enterprise: linter.Error}
	warned = linter.Severities{Small: linter.Warning, Medium: linter.Warning, Enterprise: linter.Warning}
)
