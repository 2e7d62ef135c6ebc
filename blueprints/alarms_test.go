package blueprints_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator/manifest"
)

// watched are the storages, by the component that brings them: where they stand, how their measures begin, and what
// somebody must hear of.
var watched = map[string]struct{ namespace, prefix, fullness, health, slow, lost string }{
	"longhorn":          {"longhorn-system", "longhorn_", "longhorn_disk_capacity_bytes", "longhorn_volume_robustness", "longhorn_volume_write_latency", "longhorn_disk_status"},
	"rook-ceph-cluster": {"rook-ceph", "ceph_", "ceph_cluster_total_bytes", "ceph_health_status", "ceph_osd_commit_latency_ms", "ceph_osd_up"},
}

// TestStorageIsWatched wants every storage to be measured, to alarm when it is full, unwell, slow or loses something or
// when nobody measures it, and to have a page that Grafana finds.
func TestStorageIsWatched(t *testing.T) {
	found := 0
	for name, r := range trees(t) {
		for component, want := range watched {
			extras := slices.DeleteFunc(slices.Clone(r.Resources), func(res manifest.Resource) bool {
				return res.Origin.Application != r.Spec.Clusters[0].Name+"-"+component+"-extras"
			})
			if len(extras) == 0 {
				continue
			}
			found++
			var kinds []string
			var asked strings.Builder
			for _, res := range extras {
				kinds = append(kinds, strings.TrimPrefix(strings.TrimPrefix(res.ID.Kind, "Service"), "Pod"))
				asked.WriteString(questions(t, res, want.prefix))
			}
			for _, kind := range []string{"Monitor", "PrometheusRule", "ConfigMap"} {
				if !slices.Contains(kinds, kind) {
					t.Errorf("%s: %s brings no %s", name, component, kind)
				}
			}
			for _, measure := range []string{want.fullness, want.health, want.slow, want.lost, "absent("} {
				if !strings.Contains(asked.String(), measure) {
					t.Errorf("%s: %s: no alarm asks for %s", name, component, measure)
				}
			}
		}
	}
	if found < len(tierNames) {
		t.Errorf("got %d storages that are watched, want one in each tier", found)
	}
}

// questions are the expressions of the alarms of an object, each of which must tell something. Those of a page are held
// against the prefix of measures too.
func questions(t *testing.T, res manifest.Resource, prefix string) string {
	var asked []string
	for _, group := range list(res.Object, "spec", "groups") {
		for _, rule := range list(group, "rules") {
			severity := text(rule, "labels", "severity")
			if text(rule, "annotations", "summary") == "" || text(rule, "for") == "" || severity != "warning" && severity != "critical" {
				t.Errorf("%s: %s does not say what it is, after how long and how urgent", res.ID, text(rule, "alert"))
			}
			asked = append(asked, text(rule, "expr"))
		}
	}
	pages, _ := field(res.Object, "data").(map[string]any)
	for _, page := range pages {
		if res.ID.Namespace != "monitoring" || text(res.Object, "metadata", "labels", "grafana_dashboard") != "1" {
			t.Errorf("%s: Grafana does not find it", res.ID)
		}
		for _, expr := range pageQuestions(t, page.(string)) {
			if !strings.Contains(expr, prefix) {
				t.Errorf("%s: %q asks for nothing that begins with %s", res.ID, expr, prefix)
			}
		}
	}
	return strings.Join(asked, "\n")
}

// pageQuestions are the expressions of a page of Grafana.
func pageQuestions(t *testing.T, page string) []string {
	var dashboard map[string]any
	if err := json.Unmarshal([]byte(page), &dashboard); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, panel := range list(dashboard, "panels") {
		for _, target := range list(panel, "targets") {
			all = append(all, text(target, "expr"))
		}
	}
	if len(all) == 0 {
		t.Error("a page asks for nothing")
	}
	return all
}

// TestAlarmsOfAll wants alarms and measures of every namespace to be taken in, and an alarm of any to reach the receiver of
// the platform.
func TestAlarmsOfAll(t *testing.T) {
	for _, tier := range tierNames {
		file, _ := goldenTree(t, tier).Tree.File("clusters/prod/components/kube-prometheus-stack/values.yaml")
		var values map[string]any
		if err := sigs.Unmarshal(file.Data, &values); err != nil {
			t.Fatal(err)
		}
		for _, kind := range []string{"podMonitor", "rule", "serviceMonitor"} {
			if got := field(values, "prometheus", "prometheusSpec", kind+"SelectorNilUsesHelmValues"); got != false {
				t.Errorf("%s: got %v for the %s selector, want one that takes all", tier, got, kind)
			}
		}
		for _, selector := range [][]string{
			{"prometheus", "prometheusSpec", "ruleNamespaceSelector"},
			{"alertmanager", "alertmanagerSpec", "alertmanagerConfigNamespaceSelector"},
		} {
			if got, ok := field(values, selector...).(map[string]any); !ok || len(got) > 0 {
				t.Errorf("%s: got %v for %v, want all namespaces", tier, got, selector)
			}
		}
		strategy := text(values, "alertmanager", "alertmanagerSpec", "alertmanagerConfigMatcherStrategy", "type")
		if strategy != "OnNamespaceExceptForAlertmanagerNamespace" {
			t.Errorf("%s: an AlertmanagerConfig hears of %q", tier, strategy)
		}
	}
}
