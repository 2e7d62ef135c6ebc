package cluster

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// pods are all pods of a cluster, found by their labels.
type pods struct {
	all        []*Pod
	namespaces map[string][]*Pod
	labelled   map[label][]*Pod
}

type label struct{ namespace, key, value string }

func newPods() pods {
	return pods{namespaces: map[string][]*Pod{}, labelled: map[label][]*Pod{}}
}

func (p *pods) add(one *Pod) {
	namespace := one.Maker.ID.Namespace
	p.all = append(p.all, one)
	p.namespaces[namespace] = append(p.namespaces[namespace], one)
	for key, value := range one.Labels {
		at := label{namespace, key, value}
		p.labelled[at] = append(p.labelled[at], one)
		p.labelled[label{namespace, key, ""}] = append(p.labelled[label{namespace, key, ""}], one)
	}
}

// Pods are all pods, in the order of what makes them.
func (c *Cluster) Pods() []*Pod { return c.pods.all }

// PodsIn are the pods of a namespace.
func (c *Cluster) PodsIn(namespace string) []*Pod { return c.pods.namespaces[namespace] }

// Select gives the pods of a namespace that a selector matches.
func (c *Cluster) Select(namespace string, s labels.Selector) (all []*Pod) {
	among := c.fewest(namespace, s)
	requirements, _ := s.Requirements()
	if *c.left -= len(among) * (1 + len(requirements)); *c.left < 0 {
		return nil
	}
	for _, p := range among {
		if s.Matches(p.Labels) {
			all = append(all, p)
		}
	}
	return all
}

// Any reports whether a selector matches a pod of a namespace.
func (c *Cluster) Any(namespace string, s labels.Selector) bool {
	return slices.ContainsFunc(c.fewest(namespace, s), func(p *Pod) bool {
		*c.left--
		return *c.left >= 0 && s.Matches(p.Labels)
	})
}

// fewest are the pods among which those must be that a selector matches: of the label that the fewest have.
func (c *Cluster) fewest(namespace string, s labels.Selector) []*Pod {
	few := c.pods.namespaces[namespace]
	requirements, selects := s.Requirements()
	if !selects {
		return nil
	}
	for _, r := range requirements {
		value, one := r.ValuesUnsorted(), len(r.ValuesUnsorted()) == 1
		switch op := r.Operator(); {
		case op == "in" || op == "=" || op == "==":
			at := label{namespace: namespace, key: r.Key()}
			if one {
				at.value = value[0]
			}
			if with := c.pods.labelled[at]; len(with) < len(few) {
				few = with
			}
		case op == "exists":
			if with := c.pods.labelled[label{namespace: namespace, key: r.Key()}]; len(with) < len(few) {
				few = with
			}
		}
	}
	return few
}

// HasKey reports whether a pod of a namespace has a label, whatever its value.
func (c *Cluster) HasKey(namespace, key string) bool {
	return len(c.pods.labelled[label{namespace: namespace, key: key}]) > 0
}

// Selector reads a selector of labels; ok is false where the API server would refuse it. None selects nothing, and an empty one all.
func Selector(v any) (s labels.Selector, ok bool) {
	if v == nil {
		return labels.Nothing(), true
	}
	from, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	selector := &metav1.LabelSelector{MatchLabels: set(from["matchLabels"])}
	for _, e := range list(from, "matchExpressions") {
		one := metav1.LabelSelectorRequirement{Key: text(e, "key"), Operator: metav1.LabelSelectorOperator(text(e, "operator"))}
		values, _ := e["values"].([]any)
		for _, value := range values {
			text, _ := value.(string)
			one.Values = append(one.Values, text)
		}
		selector.MatchExpressions = append(selector.MatchExpressions, one)
	}
	s, err := metav1.LabelSelectorAsSelector(selector)
	return s, err == nil
}

// Near gives what a selector that matches no pod of a namespace may have meant: "" where nothing is near.
func (c *Cluster) Near(namespace string, s labels.Selector) string {
	requirements, _ := s.Requirements()
	in := c.pods.namespaces[namespace]
	for _, r := range requirements {
		var values []string
		for _, p := range in[:min(len(in), mostNear)] {
			if value, ok := p.Labels[r.Key()]; ok {
				values = append(values, value)
			}
		}
		for _, value := range r.ValuesUnsorted() {
			if len(values) > 0 && !slices.Contains(values, value) {
				return Nearest(value, values)
			}
		}
	}
	return ""
}

// given are the labels that Kubernetes itself gives to pods.
var given = []string{"controller-revision-hash", "job-name", "controller-uid", "pod-template-generation", "pod-template-hash"}

// Lasting gives a selector without what asks for labels that no template in a namespace has: Kubernetes gives some to pods, and
// some give themselves others when they run, such as who leads. ok is false where nothing is left.
func (c *Cluster) Lasting(namespace string, s labels.Selector) (left labels.Selector, ok bool) {
	requirements, _ := s.Requirements()
	kept := labels.NewSelector()
	n := 0
	for _, r := range requirements {
		ours := slices.Contains(given, r.Key()) || strings.HasPrefix(r.Key(), "statefulset.kubernetes.io/") || strings.HasPrefix(r.Key(), "apps.kubernetes.io/") ||
			strings.HasPrefix(r.Key(), "batch.kubernetes.io/")
		switch {
		case ours:
			n++
		case c.HasKey(namespace, r.Key()):
			kept, n = kept.Add(r), n+1
		}
	}
	return kept, n > 0
}

// ServiceSelector is what a Service selects pods by; ok is false for one that selects none of itself.
func ServiceSelector(r *manifest.Resource) (s labels.Selector, ok bool) {
	by := set(manifest.Dig(r.Object, "spec", "selector"))
	if len(by) == 0 || text(r.Object, "spec", "type") == "ExternalName" {
		return nil, false
	}
	return labels.SelectorFromSet(by), true
}
