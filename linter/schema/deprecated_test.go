package schema_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
)

var versions = map[string]bool{"versions/deprecated-api": true, "schema/unknown-kind": true}

// TestDeprecated states what is told of an apiVersion in a version of Kubernetes: those of the bundle, and later ones of which
// only the plans are known.
func TestDeprecated(t *testing.T) {
	for _, c := range []struct{ kubernetes, object, want string }{
		{"1.36", "policy/v1 PodDisruptionBudget", ""},
		{"1.36", "policy/v1beta1 PodDisruptionBudget", `Kubernetes 1.36 no longer serves PodDisruptionBudget as "policy/v1beta1", which 1.25 removed: write "policy/v1"`},
		{"", "batch/v1beta1 CronJob", `Kubernetes 1.37 no longer serves CronJob as "batch/v1beta1", which 1.25 removed: write "batch/v1"`},
		// What takes its place is in another group, or at the end of a chain.
		{"1.33", "extensions/v1beta1 Deployment", `Kubernetes 1.33 no longer serves Deployment as "extensions/v1beta1", which 1.16 removed: write "apps/v1"`},
		{"1.35", "flowcontrol.apiserver.k8s.io/v1alpha1 FlowSchema", `Kubernetes 1.35 no longer serves FlowSchema as "flowcontrol.apiserver.k8s.io/v1alpha1", which 1.21 removed: write "flowcontrol.apiserver.k8s.io/v1"`},
		// Nobody named what takes its place, but the group has it.
		{"1.36", "node.k8s.io/v1beta1 RuntimeClass", `Kubernetes 1.36 no longer serves RuntimeClass as "node.k8s.io/v1beta1", which 1.25 removed: write "node.k8s.io/v1"`},
		{"1.36", "policy/v1beta1 PodSecurityPolicy", `Kubernetes 1.36 no longer serves PodSecurityPolicy as "policy/v1beta1", which 1.25 removed: there is nothing to write instead`},
		// It goes from one version to the next.
		{"1.33", "storage.k8s.io/v1beta1 VolumeAttributesClass", ""},
		{"1.36", "storage.k8s.io/v1beta1 VolumeAttributesClass", `info: Kubernetes 1.36 serves VolumeAttributesClass as "storage.k8s.io/v1beta1", deprecated since 1.34 and to be removed in 1.37: write "storage.k8s.io/v1"`},
		{"1.37", "storage.k8s.io/v1beta1 VolumeAttributesClass", `Kubernetes 1.37 no longer serves VolumeAttributesClass as "storage.k8s.io/v1beta1", which 1.37 removed: write "storage.k8s.io/v1"`},
		// The versions after the last one that is known go by the plan.
		{"1.37", "resource.k8s.io/v1beta1 ResourceClaim", `info: Kubernetes 1.37 serves ResourceClaim as "resource.k8s.io/v1beta1", deprecated since 1.35 and to be removed in 1.38: write "resource.k8s.io/v1"`},
		{"1.38", "resource.k8s.io/v1beta1 ResourceClaim", `Kubernetes 1.38 no longer serves ResourceClaim as "resource.k8s.io/v1beta1", which 1.38 is to remove: write "resource.k8s.io/v1"`},
		{"1.38", "coordination.k8s.io/v1beta1 LeaseCandidate", `info: Kubernetes 1.38 serves LeaseCandidate as "coordination.k8s.io/v1beta1", deprecated since 1.36 and to be removed in 1.39: there is nothing to write instead`},
		// An alpha went without a plan.
		{"1.34", "certificates.k8s.io/v1alpha1 PodCertificateRequest", ""},
		{"1.35", "certificates.k8s.io/v1alpha1 PodCertificateRequest", `Kubernetes 1.35 no longer serves PodCertificateRequest as "certificates.k8s.io/v1alpha1", which 1.35 removed: write "certificates.k8s.io/v1beta1"`},
		// Before it was removed, and before it came, it is unknown.
		{"1.20", "policy/v1beta1 PodSecurityPolicy", "no schema for policy/v1beta1 PodSecurityPolicy, 1 object is not judged"},
		{"1.33", "resource.k8s.io/v1 ResourceClaim", "no schema for resource.k8s.io/v1 ResourceClaim, 1 object is not judged: Kubernetes 1.33 has ResourceClaim in resource.k8s.io/v1beta2"},
	} {
		apiVersion, kind, _ := strings.Cut(c.object, " ")
		in := linter.Input{KubernetesVersion: c.kubernetes, Resources: parse(t, "a.yaml", "kind: "+kind+"\napiVersion: "+apiVersion+"\n")}
		if got := strings.Join(capped(t, in, versions), "\n"); got != c.want {
			t.Errorf("%s in %q:\ngot  %s\nwant %s", c.object, c.kubernetes, got, c.want)
		}
	}
}

// capped gives what is found, behind what it weighs where that is less than the rule does.
func capped(t *testing.T, in linter.Input, judged map[string]bool) (all []string) {
	t.Helper()
	in.Judged = judged
	found, err := checker("").Check(t.Context(), linter.NewView(in))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found.Findings {
		all = append(all, strings.TrimPrefix(f.Severity.String()+": ", "off: ")+f.Message)
	}
	return all
}

// TestDeprecatedClusters states that each cluster has its version, that recorded objects count, and that a removed one is no
// unknown kind unless nothing else tells of it.
func TestDeprecatedClusters(t *testing.T) {
	var all []manifest.Resource
	for _, cluster := range []string{"old", "new", "other"} {
		one := parse(t, cluster+".yaml", "apiVersion: networking.k8s.io/v1beta1\nkind: IPAddress\n")
		one[0].Origin.Cluster, one[0].Origin.Recorded = cluster, cluster == "new"
		all = append(all, one...)
	}
	in := linter.Input{Resources: all, KubernetesVersion: "1.36", ClusterVersions: map[string]string{"old": "1.33", "new": "1.37"}}
	want := []string{
		`Kubernetes 1.37 no longer serves IPAddress as "networking.k8s.io/v1beta1", which 1.37 removed: write "networking.k8s.io/v1"`,
		`info: Kubernetes 1.36 serves IPAddress as "networking.k8s.io/v1beta1", deprecated since 1.34 and to be removed in 1.37: write "networking.k8s.io/v1"`,
	}
	expect(t, capped(t, in, versions), want...)
	in.Resources[1].Origin.Recorded = false
	expect(t, capped(t, in, versions), want...)
	expect(t, capped(t, in, map[string]bool{"schema/unknown-kind": true}), "no schema for networking.k8s.io/v1beta1 IPAddress, 1 object is not judged: Kubernetes 1.37 has IPAddress in networking.k8s.io/v1")
}

// TestDeprecatedCustom states that a definition says so of its own cluster, and that one which was fetched is not quoted.
func TestDeprecatedCustom(t *testing.T) {
	definition := strings.ReplaceAll(widgets(""), "served: true", "served: true\n      deprecated: true\n      deprecationWarning: "+strings.Repeat("old ", 30))
	for _, c := range []struct {
		cluster, more string
		fetched       bool
		want          int
	}{
		{"prod", "", false, 1}, {"dev", "", false, 0}, {"prod", "", true, 0},
		{"prod", "    - {name: v2beta1, served: true}\n    - {name: v1beta9, served: true}\n    - {name: v3, served: false}\n", false, 1},
	} {
		crd := inCluster(c.cluster, parse(t, "crd.yaml", definition+c.more))
		crd[0].Origin.Fetched = c.fetched
		in := linter.Input{Resources: append(crd, inCluster("prod", parse(t, "a.yaml", widget))...)}
		got := capped(t, in, map[string]bool{"versions/deprecated-api": true})
		want := []string{`info: its CustomResourceDefinition calls "toys.example.org/v1" deprecated ("` + strings.Repeat("old ", 14) + `old…): there is nothing to write instead`}
		if c.more != "" {
			want[0] = strings.Replace(want[0], "there is nothing to write instead", `write "toys.example.org/v2beta1"`, 1)
		}
		if !slices.Equal(got, want[:c.want]) {
			t.Errorf("%s, fetched %t: got %s", c.cluster, c.fetched, fmt.Sprint(got))
		}
	}
}
