package cluster

import (
	"k8s.io/apimachinery/pkg/labels"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// templates are the kinds that make pods, each with the path of the pods' template.
var templates = map[kind]manifest.Path{
	{"", "Pod"}:                               {},
	{"", "ReplicationController"}:             {"spec", "template"},
	{"apps", "DaemonSet"}:                     {"spec", "template"},
	{"apps", "Deployment"}:                    {"spec", "template"},
	{"apps", "ReplicaSet"}:                    {"spec", "template"},
	{"apps", "StatefulSet"}:                   {"spec", "template"},
	{"apps.openshift.io", "DeploymentConfig"}: {"spec", "template"},
	{"argoproj.io", "Rollout"}:                {"spec", "template"},
	{"batch", "CronJob"}:                      {"spec", "jobTemplate", "spec", "template"},
	{"batch", "Job"}:                          {"spec", "template"},
}

// TemplateOf gives where objects of a kind have the template of the pods that they make; ok is false where they make none. The path
// of a Pod is empty: it is one itself.
func TemplateOf(group, name string) (at manifest.Path, ok bool) {
	at, ok = templates[kind{group, name}]
	return at, ok
}

// Pod is what the pods of one workload are like.
type Pod struct {
	// Maker is the workload, which may be the pod itself; At is where the template stands in it.
	Maker *manifest.Resource
	At    manifest.Path
	// Labels are those of the template, and Spec is its spec.
	Labels labels.Set
	Spec   map[string]any
}

// podOf gives the pods that an object makes; nil where it makes none.
func podOf(r *manifest.Resource) *Pod {
	at, ok := TemplateOf(groupOf(r.ID), r.ID.Kind)
	if !ok {
		return nil
	}
	template := manifest.Dig(r.Object, at...)
	spec, ok := manifest.Dig(template, "spec").(map[string]any)
	if !ok {
		return nil
	}
	return &Pod{Maker: r, At: at, Labels: set(manifest.Dig(template, "metadata", "labels")), Spec: spec}
}

// set reads labels. What is no text is none.
func set(v any) labels.Set {
	from, _ := v.(map[string]any)
	all := labels.Set{}
	for name, value := range from {
		if text, ok := value.(string); ok {
			all[name] = text
		}
	}
	return all
}

// LabelsOf gives the labels of an object itself.
func LabelsOf(r *manifest.Resource) labels.Set {
	return set(manifest.Dig(r.Object, "metadata", "labels"))
}

// Container is one container of a pod.
type Container struct {
	// At is where it stands in what makes the pod.
	At     manifest.Path
	Object map[string]any
	// Stays says that it runs as long as the pod does.
	Stays bool
}

// Containers are those of the pods, the first ones those that run first.
func (p *Pod) Containers() (all []Container) {
	for _, field := range []string{"initContainers", "containers"} {
		for i, c := range list(p.Spec, field) {
			all = append(all, Container{p.At.With("spec", field, i), c, field == "containers" || c["restartPolicy"] == "Always"})
		}
	}
	return all
}

// Ports are the ports by name of containers that stay.
func (p *Pod) Ports() (all []Port) {
	for _, c := range p.Containers() {
		for i, port := range list(c.Object, "ports") {
			if name := text(port, "name"); name != "" && c.Stays {
				all = append(all, Port{PortName{name, protocolOf(port)}, c.At.With("ports", i, "name")})
			}
		}
	}
	return all
}

func protocolOf(port map[string]any) string {
	if protocol := text(port, "protocol"); protocol != "" {
		return protocol
	}
	return "TCP"
}

// ServiceAccount is the name of the one that the pods run as, and where it is said; empty is the namespace's default.
func (p *Pod) ServiceAccount() (name string, at manifest.Path) {
	for _, field := range []string{"serviceAccountName", "serviceAccount"} {
		if name = text(p.Spec, field); name != "" {
			return name, p.At.With("spec", field)
		}
	}
	return "", nil
}

// Replicas is how many pods a workload of a fixed number has; known is false for what has as many as there are nodes, tasks or
// something else that nobody knows.
func (p *Pod) Replicas() (n int, known bool) {
	switch p.Maker.ID.Kind {
	case "DaemonSet", "Job", "CronJob", "Pod":
		return 0, false
	}
	switch n := manifest.Dig(p.Maker.Object, "spec", "replicas").(type) {
	case nil:
		return 1, true
	case int:
		return n, true
	case int64:
		return int(n), true
	}
	return 0, false
}
