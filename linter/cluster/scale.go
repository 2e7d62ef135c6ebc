package cluster

import (
	"math"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// Scaler is a HorizontalPodAutoscaler.
type Scaler struct {
	Resource *manifest.Resource
	// Target is what it scales, Min the least number of pods.
	Target manifest.ID
	Min    int
}

// Scalers gives the HorizontalPodAutoscalers of which it is known what they scale.
func (c *Cluster) Scalers() (all []Scaler) {
	for _, r := range c.Of("autoscaling", "HorizontalPodAutoscaler") {
		to := manifest.Dig(r.Object, "spec", "scaleTargetRef")
		s := Scaler{Resource: r, Min: 1}
		group, _, _ := strings.Cut(text(to, "apiVersion"), "/")
		if !strings.Contains(text(to, "apiVersion"), "/") {
			group = ""
		}
		s.Target = manifest.ID{Group: group, Kind: text(to, "kind"), Namespace: r.ID.Namespace, Name: text(to, "name")}
		s.Target.Group = groupOf(s.Target)
		if n, ok := whole(manifest.Dig(r.Object, "spec", "minReplicas")); ok {
			s.Min = n
		}
		if s.Target.Name != "" && s.Target.Kind != "" {
			all = append(all, s)
		}
	}
	return all
}

// ScalerOf gives what scales a workload; ok is false where nothing does.
func (c *Cluster) ScalerOf(r *manifest.Resource) (s Scaler, ok bool) {
	s, ok = c.scalers[object{kind{groupOf(r.ID), r.ID.Kind}, r.ID.Namespace, r.ID.Name}]
	return s, ok
}

func whole(v any) (n int, ok bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case int64:
		return int(v), true
	case float64:
		return int(v), v == math.Trunc(v)
	}
	return 0, false
}

// Budget is a PodDisruptionBudget.
type Budget struct {
	Resource *manifest.Resource
	Selector labels.Selector
	// Field is the one that it sets, minAvailable or maxUnavailable; empty where it sets none.
	Field string
	value any
}

// Budgets gives the PodDisruptionBudgets of which it is known what they select.
func (c *Cluster) Budgets() (all []Budget) {
	for _, r := range c.Of("policy", "PodDisruptionBudget") {
		by := manifest.Dig(r.Object, "spec", "selector")
		s, ok := Selector(by)
		if m, _ := by.(map[string]any); r.ID.Version == "v1beta1" && len(m) == 0 {
			s = labels.Nothing() // which changed with v1
		}
		if !ok || !Known(r, "spec", "selector") {
			continue
		}
		b := Budget{Resource: r, Selector: s}
		for _, field := range []string{"minAvailable", "maxUnavailable"} {
			if v := manifest.Dig(r.Object, "spec", field); v != nil {
				b.Field, b.value = field, v
			}
		}
		all = append(all, b)
	}
	return all
}

// Value is what stands in Field.
func (b Budget) Value() any { return b.value }

// Spares gives how many of a number of pods may be away at once; ok is false where it does not say.
func (b Budget) Spares(pods int) (n int, ok bool) {
	n, isNumber := whole(b.value)
	if s, isText := b.value.(string); isText {
		percent, err := strconv.Atoi(strings.TrimSuffix(s, "%"))
		if err != nil || !strings.HasSuffix(s, "%") {
			return 0, false
		}
		n, isNumber = int(math.Ceil(float64(percent)*float64(pods)/100)), true
	}
	if !isNumber {
		return 0, false
	}
	if b.Field == "minAvailable" {
		n = pods - n
	}
	return max(0, n), true
}
