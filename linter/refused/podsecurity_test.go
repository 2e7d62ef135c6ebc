package refused_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/refused"
)

// pod is one that the standard baseline admits and restricted does not.
const pod = "{containers: [{name: lamp, image: a}]}"

// right is one that restricted admits.
const right = "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: lamp, image: a, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}"

func object(apiVersion, kind, spec string) string {
	return fmt.Sprintf("---\napiVersion: %s\nkind: %s\nmetadata: {name: lamp, namespace: lights}\nspec: %s\n", apiVersion, kind, spec)
}

func enforcing(labels string) string {
	return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: lights, labels: {" + labels + "}}\n"
}

const enforce = "pod-security.kubernetes.io/enforce: "

// TestPodSecurity states which pods are told not to be admitted, by what their namespace enforces.
func TestPodSecurity(t *testing.T) {
	template := "{template: {spec: " + pod + "}}"
	app := func(metadata string) string {
		return "---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: lamp, namespace: argocd}\nspec: {destination: {name: a, namespace: lights}, syncPolicy: {syncOptions: [CreateNamespace=true], managedNamespaceMetadata: " + metadata + "}}\n"
	}
	for name, c := range map[string]struct {
		text string
		want string // how the only finding begins, after the name of the namespace; none is empty
	}{
		"no namespace":                       {object("v1", "Pod", pod), ""},
		"no label":                           {enforcing("a: b") + object("v1", "Pod", pod), ""},
		"warn and audit":                     {enforcing("pod-security.kubernetes.io/warn: restricted, pod-security.kubernetes.io/audit: restricted") + object("v1", "Pod", pod), ""},
		"privileged":                         {enforcing(enforce+"privileged") + object("v1", "Pod", "{hostNetwork: true}"), ""},
		"baseline admits":                    {enforcing(enforce+"baseline") + object("v1", "Pod", pod), ""},
		"restricted admits":                  {enforcing(enforce+"restricted") + object("v1", "Pod", right), ""},
		"a Pod":                              {enforcing(enforce+"restricted") + object("v1", "Pod", pod), "restricted:v1.36, does not admit the Pod: allowPrivilegeEscalation != false"},
		"a standard that there is not":       {enforcing(enforce+"strict") + object("v1", "Pod", pod), ""},
		"a Deployment":                       {enforcing(enforce+"restricted") + object("apps/v1", "Deployment", template), "restricted:v1.36, does not admit the pods of the Deployment: "},
		"a CronJob":                          {enforcing(enforce+"restricted") + object("batch/v1", "CronJob", "{jobTemplate: {spec: "+template+"}}"), "restricted:v1.36, does not admit the pods of the CronJob: "},
		"a Rollout":                          {enforcing(enforce+"restricted") + object("argoproj.io/v1alpha1", "Rollout", template), "restricted:v1.36, does not admit the pods of the Rollout: "},
		"a version before the check":         {enforcing(enforce+"restricted, pod-security.kubernetes.io/enforce-version: v1.24") + object("v1", "Pod", "{securityContext: {runAsUser: 0, runAsNonRoot: true}}"), "restricted:v1.24, does not admit the Pod: runAsUser=0"},
		"a version after the cluster's":      {enforcing(enforce+"baseline, pod-security.kubernetes.io/enforce-version: v1.99") + object("v1", "Pod", "{hostPID: true}"), "baseline:v1.36, does not admit the Pod: host namespaces (hostPID=true)"},
		"the namespace that Argo CD makes":   {app("{labels: {"+enforce+"baseline}}") + object("v1", "Pod", "{hostPID: true}"), "baseline:v1.36, does not admit the Pod: host namespaces"},
		"the namespace stands in the tree":   {app("{labels: {"+enforce+"baseline}}") + enforcing("a: b") + object("v1", "Pod", "{hostPID: true}"), ""},
		"types that the schema tells":        {enforcing(enforce+"restricted") + object("v1", "Pod", "{containers: lamp}"), ""},
		"a quantity with a large exponent":   {enforcing(enforce+"baseline") + object("v1", "Pod", "{hostIPC: true, overhead: {memory: '1e-99999999'}}"), "baseline:v1.36, does not admit the Pod: host namespaces (hostIPC=true)"},
		"several reasons, one of the others": {enforcing(enforce+"baseline") + object("v1", "Pod", "{hostIPC: true, hostPID: true}"), "baseline:v1.36, does not admit the Pod: host namespaces (hostPID=true, hostIPC=true)"},
	} {
		t.Run(name, func(t *testing.T) {
			found := admitted(t, c.text)
			if len(found) == 0 && c.want == "" {
				return
			}
			if want := `namespace "lights", which enforces ` + c.want; len(found) != 1 || c.want == "" || !strings.HasPrefix(found[0].Message, want) {
				t.Errorf("got %v, want %q", found, c.want)
			}
		})
	}
}

// TestPodSecurityPlace states which field a finding is about.
func TestPodSecurityPlace(t *testing.T) {
	for spec, want := range map[string]string{
		pod:               "spec",
		"{hostPID: true}": "spec.hostPID",
		"{containers: [{name: a, securityContext: {privileged: true}}]}":                                                 "spec.containers[0].securityContext.privileged",
		"{containers: [{name: a}, {name: b, ports: [{containerPort: 1, hostPort: 1}]}]}":                                 "spec.containers[1].ports",
		"{initContainers: [{name: a, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]}":                             "spec.initContainers[0].securityContext.capabilities",
		"{volumes: [{name: a}, {name: b, hostPath: {path: /}}]}":                                                         "spec.volumes[1]",
		"{containers: [{name: a, securityContext: {privileged: true}}, {name: b, securityContext: {privileged: true}}]}": "spec",
	} {
		level := "baseline"
		if spec == pod {
			level = "restricted"
		}
		found := admitted(t, enforcing(enforce+level)+object("v1", "Pod", spec))
		if len(found) != 1 || found[0].At.String() != want {
			t.Errorf("%s: got %v, want one at %s", spec, found, want)
		} else if r := found[0].Related; len(r) != 1 || r[0].Place.File != "a.yaml" || r[0].Place.Line != 4 {
			t.Errorf("%s: got the related places %v, want that of the label", spec, r)
		}
	}
}

func admitted(t *testing.T, text string) []linter.Finding {
	t.Helper()
	resources, problems := manifest.Parse("a.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i := range resources {
		if resources[i].ID.Kind != "Application" {
			resources[i].Origin.Cluster = "a"
		}
	}
	in := linter.Input{Resources: resources, KubernetesVersion: "1.36", Judged: map[string]bool{"pods/pod-security-standard": true}}
	j, err := refused.Checker().Check(context.Background(), linter.NewView(in))
	if err != nil {
		t.Fatal(err)
	}
	return j.Findings
}
