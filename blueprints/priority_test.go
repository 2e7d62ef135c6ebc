package blueprints_test

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/generator/record"
)

// The classes of pods that a platform hangs on: of those on every machine, which alone serve what runs there, and of all others.
const (
	criticalEach = "system-node-critical"
	critical     = "system-cluster-critical"
)

// ofWorkload is the class of the pods of one of Kubernetes' own workloads.
var ofWorkload = manifest.Path{"spec", "template", "spec", "priorityClassName"}

// classed are the kinds of which pods are made that stay, by group/Kind: where the class of these stands, and which it is where they are vital.
var classed = map[string]map[string]manifest.Path{
	"apps/DaemonSet":                   {criticalEach: ofWorkload},
	"apps/Deployment":                  {critical: ofWorkload},
	"apps/StatefulSet":                 {critical: ofWorkload},
	"ceph.rook.io/CephFilesystem":      {critical: {"spec", "metadataServer", "priorityClassName"}},
	"ceph.rook.io/CephObjectStore":     {critical: {"spec", "gateway", "priorityClassName"}},
	"gateway.envoyproxy.io/EnvoyProxy": {critical: {"spec", "provider", "kubernetes", "envoyDeployment", "pod", "priorityClassName"}},
	"postgresql.cnpg.io/Cluster":       {critical: {"spec", "priorityClassName"}},
	"vault.banzaicloud.com/Vault":      {critical: {"spec", "vaultPodSpec", "priorityClassName"}},
	"csi.ceph.io/OperatorConfig": {
		critical:     {"spec", "driverSpecDefaults", "controllerPlugin", "priorityClassName"},
		criticalEach: {"spec", "driverSpecDefaults", "nodePlugin", "priorityClassName"},
	},

	// Of these nothing vital is made.
	"elasticsearch.k8s.elastic.co/Elasticsearch": nil,
	"kibana.k8s.elastic.co/Kibana":               nil,
	"logging.banzaicloud.io/FluentbitAgent":      nil,
	"logging.banzaicloud.io/Logging":             nil,
	"monitoring.coreos.com/Alertmanager":         nil,
	"monitoring.coreos.com/Prometheus":           nil,
	"tailscale.com/ProxyClass":                   nil,

	// Their operators and charts give these the class that is right: Calico's to all that it makes, and Rook's to monitors and disks.
	"ceph.rook.io/CephCluster":        nil,
	"operator.tigera.io/APIServer":    nil,
	"operator.tigera.io/Installation": nil,
}

// TestPriority wants the pods of what serves a vital capability, by whichever option, of what comes along with that, and of components
// that say themselves why, to go before others, with the class that is right; and nobody else's.
func TestPriority(t *testing.T) {
	can, err := blueprint.Describe(t.Context(), librarySource, blueprint.Spec{Tier: blueprint.Enterprise}.WithDefaults())
	if err != nil {
		t.Fatal(err)
	}
	whys, judged, spare := vital(can), map[string]bool{}, map[string]bool{}
	wrong := map[string]bool{} // most records of a component are wrong together
	for component, objects := range renderedOf(t) {
		lesser, _ := can.Components[component].About["spare"].(map[string]any)
		for _, res := range objects {
			id := component + ": " + res.ID.String()
			where, known := classed[res.ID.Group+"/"+res.ID.Kind]
			if !known && asks(t, res) {
				wrong[id+" asks for something: say in classed where the class of its pods stands"] = true
			}
			want := whys[component] != ""
			if _, not := lesser[res.ID.Name]; not {
				want, spare[component+"/"+res.ID.Name] = false, true
			}
			for class, at := range where {
				judged[component] = true
				switch got, _ := manifest.Dig(res.Object, at...).(string); {
				case want && got != class:
					wrong[fmt.Sprintf("%s has the class %q, want %s: without it %s", id, got, class, whys[component])] = true
				case !want && got != "":
					wrong[fmt.Sprintf("%s has the class %s, and neither its capability nor about.vital says what hangs on it", id, got)] = true
				}
			}
		}
	}
	for _, one := range slices.Sorted(maps.Keys(wrong)) {
		t.Error(one)
	}
	for component, c := range can.Components {
		lesser, _ := c.About["spare"].(map[string]any)
		for name := range lesser {
			if !spare[component+"/"+name] || whys[component] == "" {
				t.Errorf("%s: about.spare names %s, which is no workload of anything vital", component, name)
			}
		}
	}
	if len(judged) < 40 {
		t.Errorf("only %d components have pods that were judged", len(judged))
	}
}

// vital says of components why their pods go before others.
func vital(can blueprint.Description) map[string]string {
	whys := map[string]string{}
	for name, c := range can.Components {
		whys[name], _ = c.About["vital"].(string)
	}
	for _, name := range slices.Sorted(maps.Keys(can.Capabilities)) {
		c := can.Capabilities[name]
		if c.Vital == "" {
			continue
		}
		for _, leader := range c.Options {
			with, _ := can.Components[leader].About["with"].([]any)
			for _, one := range append(with, leader) {
				whys[one.(string)] = c.Vital
			}
		}
	}
	return whys
}

// renderedOf gives the objects of each component: of its charts, as all records have them, and its own, as golden/components has these.
func renderedOf(t *testing.T) map[string][]manifest.Resource {
	t.Helper()
	all := map[string][]manifest.Resource{}
	set, err := record.ReadSet(os.DirFS("records"))
	if err != nil {
		t.Fatal(err)
	}
	for file, r := range set {
		for _, c := range r.Charts {
			for _, object := range c.Objects {
				all[path.Dir(file)] = append(all[path.Dir(file)], manifest.Resource{ID: manifest.NewID(object), Object: object})
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(repositoryRoot, "golden", "components", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		component := strings.TrimSuffix(filepath.Base(file), ".txtar")
		for _, f := range archive.Files {
			if !strings.Contains(f.Name, "/components/") || path.Ext(f.Name) != ".yaml" || path.Base(f.Name) == "values.yaml" {
				continue
			}
			resources, problems := manifest.Parse(f.Name, f.Data)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			all[component] = append(all[component], resources...)
		}
	}
	return all
}

// asks reports whether an object has pods made that stay.
func asks(t *testing.T, res manifest.Resource) bool {
	t.Helper()
	sum := sizeOfOne(t, res)
	whole := sum.Whole()
	return len(sum.Unread) > 0 || whole.Once.Memory+whole.Each.Memory > 0
}
