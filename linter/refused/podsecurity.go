package refused

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	podapi "k8s.io/pod-security-admission/api"
	podpolicy "k8s.io/pod-security-admission/policy"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/linter"
	"github.com/gitopsgen/gitopsgen/linter/refused/field"
)

const podSecurity = "pods/pod-security-standard"

var podSecurityRule = linter.Rule{
	ID:    podSecurity,
	Title: "The namespace does not admit the pods",
	Description: "Set in the pod what the standard asks for; or, if the pod needs what it forbids, write a lower standard into the label " +
		podapi.EnforceLevelLabel + " of the Namespace, and say why.",
	Rationale:  "The API server takes the workload and refuses its pods: the sync succeeds, and nothing runs.",
	Severity:   always,
	References: []string{"https://kubernetes.io/docs/concepts/security/pod-security-standards/"},
}

// admission admits pods to namespaces.
type admission struct {
	view      *linter.View
	evaluator podpolicy.Evaluator
	managed   map[namespace]enforced
}

type namespace struct{ cluster, name string }

// enforced is the standard that a namespace enforces, and where that is written.
type enforced struct {
	level  podapi.Level
	minor  podapi.Version
	source linter.Related
}

func checkPodSecurity(ctx context.Context, v *linter.View) ([]linter.Finding, error) {
	evaluator, err := podpolicy.NewEvaluator(podpolicy.DefaultChecks(), nil)
	if err != nil {
		return nil, fmt.Errorf("pod security standards: %w", err)
	}
	a := &admission{view: v, evaluator: evaluator, managed: map[namespace]enforced{}}
	for _, app := range v.Applications() {
		p := app.Spec.SyncPolicy
		if p == nil || p.ManagedNamespaceMetadata == nil || !p.SyncOptions.Has("CreateNamespace=true") || app.Origin.Fetched && !v.Trusted {
			continue
		}
		if e, ok := a.read(app.Cluster, p.ManagedNamespaceMetadata.Labels); ok {
			e.source.Place = app.Origin.Place
			a.managed[namespace{app.Cluster, app.Spec.Destination.Namespace}] = e
		}
	}
	return v.Each(ctx, linter.Judge{
		Key: func(r *manifest.Resource) string {
			e, ok := a.enforced(r)
			if !ok {
				return ""
			}
			return fmt.Sprint(r.Origin.Cluster, "/", r.ID.Namespace, e.level, e.minor)
		},
		Object: func(_ context.Context, r *manifest.Resource) ([]linter.Finding, error) { return a.judge(r), nil },
	})
}

// read gives the standard that the labels of a namespace name. A name that there is not makes the API server refuse the namespace.
func (a *admission) read(cluster string, labels map[string]string) (e enforced, ok bool) {
	name, ok := labels[podapi.EnforceLevelLabel]
	if !ok {
		return e, false
	}
	level, err := podapi.ParseLevel(name)
	minor, other := podapi.ParseVersion(cmp.Or(labels[podapi.EnforceVersionLabel], "latest"))
	if err != nil || other != nil {
		return e, false
	}
	// A cluster knows no standard of a later version than its own.
	if own, err := podapi.ParseVersion("v" + a.view.KubernetesOf(cluster)); err == nil && !minor.Older(own) {
		minor = own
	}
	return enforced{level: level, minor: minor, source: linter.Related{Message: "the namespace enforces " + name + " here"}}, true
}

// enforced gives the standard of the namespace that an object goes to: of the Namespace object, or where there is none, of what
// Argo CD makes.
func (a *admission) enforced(r *manifest.Resource) (e enforced, ok bool) {
	if _, ok := templateOf(kind{r.ID.Group, r.ID.Kind}); !ok || r.ID.Namespace == "" {
		return e, false
	}
	all := a.view.Objects(r.Origin.Cluster, manifest.ID{Kind: "Namespace", Name: r.ID.Namespace})
	for _, ns := range all {
		if ns.Origin.Fetched && !a.view.Trusted {
			continue
		}
		labels := map[string]string{}
		values, _ := manifest.Dig(ns.Object, "metadata", "labels").(map[string]any)
		for name, value := range values {
			labels[name], _ = value.(string)
		}
		if e, ok = a.read(r.Origin.Cluster, labels); ok {
			e.source.Place = ns.Place("metadata", "labels", podapi.EnforceLevelLabel)
			return e, true
		}
	}
	if len(all) > 0 {
		return e, false
	}
	e, ok = a.managed[namespace{r.Origin.Cluster, r.ID.Namespace}]
	return e, ok
}

// judge gives the finding about an object whose pods are not admitted.
func (a *admission) judge(r *manifest.Resource) []linter.Finding {
	e, ok := a.enforced(r)
	if !ok {
		return nil
	}
	at, _ := templateOf(kind{r.ID.Group, r.ID.Kind})
	values, _ := manifest.Dig(r.Object, at...).(map[string]any)
	var meta metav1.ObjectMeta
	var spec corev1.PodSpec
	if !read(values["metadata"], &meta) || !read(values["spec"], &spec) {
		return nil
	}
	result := podpolicy.AggregateCheckResults(a.evaluator.EvaluatePod(podapi.LevelVersion{Level: e.level, Version: e.minor}, &meta, &spec))
	if result.Allowed {
		return nil
	}
	what := "the pods of the " + r.ID.Kind
	if r.ID.Kind == "Pod" {
		what = "the Pod"
	}
	f := linter.Finding{
		Rule:    podSecurity,
		Message: fmt.Sprintf("namespace %q, which enforces %s:%s, does not admit %s: %s", r.ID.Namespace, e.level, e.minor.String(), what, result.ForbiddenDetail()),
		At:      at.With("spec"), Fix: podSecurityRule.Description, Related: []linter.Related{e.source},
	}
	if len(result.ForbiddenReasons) == 1 {
		f.At = f.At.With(nearest(&spec, result.ForbiddenReasons[0], result.ForbiddenDetails[0])...)
	}
	f.Detail = f.At.String()
	return []linter.Finding{f}
}

// read reads a part of an object. What has a value of a wrong type has no pods to judge: the API server refuses it as it is, and
// the schema says so.
func read(value any, into any) bool {
	if value == nil {
		return true
	}
	fields, ok := manifest.MapTexts(value, field.Tame).(map[string]any)
	return ok && runtime.DefaultUnstructuredConverter.FromUnstructured(fields, into) == nil
}

// causes are the fields of a container that the reasons are about.
var causes = map[string]manifest.Path{
	"allowPrivilegeEscalation != false": {"securityContext", "allowPrivilegeEscalation"},
	"hostPort":                          {"ports"},
	"non-default capabilities":          {"securityContext", "capabilities"},
	"privileged":                        {"securityContext", "privileged"},
	"procMount":                         {"securityContext", "procMount"},
	"runAsNonRoot != true":              {"securityContext", "runAsNonRoot"},
	"runAsUser=0":                       {"securityContext", "runAsUser"},
	"seLinuxOptions":                    {"securityContext", "seLinuxOptions"},
	"seccompProfile":                    {"securityContext", "seccompProfile"},
	"unrestricted capabilities":         {"securityContext", "capabilities"},
}

var quoted = regexp.MustCompile(`\b(container|volume)s? ("[^"]*"(?:, "[^"]*")*)`)

// nearest gives the field of a pod that a reason is about, where it is about one container or one volume.
func nearest(spec *corev1.PodSpec, reason, detail string) manifest.Path {
	if reason == "host namespaces" {
		name, _, _ := strings.Cut(detail, "=")
		return manifest.Path{name}
	}
	found := quoted.FindAllStringSubmatch(detail, -1)
	if len(found) != 1 {
		return nil
	}
	is := func(name string) bool { return fmt.Sprintf("%q", name) == found[0][2] }
	if i := slices.IndexFunc(spec.Volumes, func(v corev1.Volume) bool { return is(v.Name) }); found[0][1] == "volume" && i >= 0 {
		return manifest.Path{"volumes", i}
	}
	for list, containers := range map[string][]corev1.Container{"containers": spec.Containers, "initContainers": spec.InitContainers} {
		if i := slices.IndexFunc(containers, func(c corev1.Container) bool { return is(c.Name) }); found[0][1] == "container" && i >= 0 {
			return manifest.Path{list, i}.With(causes[reason]...)
		}
	}
	return nil
}
