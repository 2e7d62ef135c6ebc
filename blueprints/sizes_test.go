package blueprints_test

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/manifest"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
)

// size is what pods and claims ask for: cpu in cores, memory and claims in bytes.
type size struct{ cpu, cpuLimit, memory, memoryLimit, claims float64 }

func (s size) plus(o size) size {
	return size{s.cpu + o.cpu, s.cpuLimit + o.cpuLimit, s.memory + o.memory, s.memoryLimit + o.memoryLimit, s.claims + o.claims}
}

func (s size) times(n float64) size {
	return size{s.cpu * n, s.cpuLimit * n, s.memory * n, s.memoryLimit * n, s.claims * n}
}

// largest takes the larger of each: what starts a pod and is gone when it runs asks for the same room.
func (s size) largest(o size) size {
	return size{max(s.cpu, o.cpu), max(s.cpuLimit, o.cpuLimit), max(s.memory, o.memory), max(s.memoryLimit, o.memoryLimit), max(s.claims, o.claims)}
}

// units are the suffixes of quantities.
var units = map[string]float64{"": 1, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40}

// quantity reads a quantity of Kubernetes; what is not there is 0.
func quantity(t *testing.T, value any) float64 {
	t.Helper()
	if value == nil {
		return 0
	}
	text := fmt.Sprint(value)
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	n, err := strconv.ParseFloat(number, 64)
	unit, known := units[strings.TrimPrefix(text, number)]
	if err != nil || !known {
		t.Fatalf("quantity %q: want a number with one of %q", text, slices.Sorted(maps.Keys(units)))
	}
	return n * unit
}

// resources reads what a container asks for. Without a request its limit is one.
func resources(t *testing.T, r any) size {
	limit := func(name string) float64 { return quantity(t, field(r, "limits", name)) }
	request := func(name string) float64 {
		return cmp.Or(quantity(t, field(r, "requests", name)), limit(name))
	}
	return size{request("cpu"), limit("cpu"), request("memory"), limit("memory"), request("storage")}
}

// podSize is what a pod asks for: its containers together, or one that runs before them if that asks for more.
func podSize(t *testing.T, spec any) size {
	var sum, before size
	for _, c := range list(spec, "containers") {
		sum = sum.plus(resources(t, field(c, "resources")))
	}
	for _, c := range list(spec, "initContainers") {
		if text(c, "restartPolicy") == "Always" {
			sum = sum.plus(resources(t, field(c, "resources")))
		} else {
			before = before.largest(resources(t, field(c, "resources")))
		}
	}
	return sum.largest(before)
}

// made are the pods that operators make of custom resources, with what they claim, by kind. What they make of each disk,
// and beside these, the page says in words.
var made = map[string]func(t *testing.T, spec any) size{
	"Alertmanager": measuring,
	"Prometheus":   measuring,
	"CephCluster": func(t *testing.T, spec any) size {
		daemons := func(name string) size {
			return resources(t, field(spec, "resources", name)).times(quantity(t, field(spec, name, "count")))
		}
		return daemons("mon").plus(daemons("mgr"))
	},
	"CephFilesystem": func(t *testing.T, spec any) size {
		n := quantity(t, field(spec, "metadataServer", "activeCount"))
		if field(spec, "metadataServer", "activeStandby") == true {
			n *= 2
		}
		return resources(t, field(spec, "metadataServer", "resources")).times(n)
	},
	"CephObjectStore": func(t *testing.T, spec any) size {
		return resources(t, field(spec, "gateway", "resources")).times(quantity(t, field(spec, "gateway", "instances")))
	},
	"EnvoyProxy": func(t *testing.T, spec any) size {
		proxies := field(spec, "provider", "kubernetes", "envoyDeployment")
		return resources(t, field(proxies, "container", "resources")).times(quantity(t, field(proxies, "replicas")))
	},
}

// measuring is what the Prometheus operator makes: servers, each with a claim.
func measuring(t *testing.T, spec any) size {
	claim := field(spec, "storage", "volumeClaimTemplate", "spec", "resources")
	return resources(t, field(spec, "resources")).plus(resources(t, claim)).times(quantity(t, field(spec, "replicas")))
}

// sizeOf is what an object asks for in the cluster, and on each machine. Jobs run and go, and count for nothing.
func sizeOf(t *testing.T, res manifest.Resource) (once, each size) {
	spec := field(res.Object, "spec")
	switch res.ID.Kind {
	case "DaemonSet":
		return size{}, podSize(t, field(spec, "template", "spec"))
	case "Deployment", "StatefulSet":
		one := podSize(t, field(spec, "template", "spec"))
		for _, claim := range list(spec, "volumeClaimTemplates") {
			one = one.plus(resources(t, field(claim, "spec", "resources")))
		}
		if replicas := field(spec, "replicas"); replicas != nil {
			one = one.times(quantity(t, replicas))
		}
		return one, size{}
	case "PersistentVolumeClaim":
		return resources(t, field(spec, "resources")), size{}
	}
	if pods, ok := made[res.ID.Kind]; ok {
		return pods(t, spec), size{}
	}
	return size{}, size{}
}

// sizes sums what the components of a platform ask for, by component. Each asks for something in the cluster, on each
// machine, or both.
func sizes(t *testing.T, r generator.Rendered) (once, each map[string]size) {
	once, each = map[string]size{}, map[string]size{}
	for _, res := range r.Resources {
		name := res.Origin.Component
		o, e := sizeOf(t, res)
		if o != (size{}) {
			once[name] = once[name].plus(o)
		}
		if e != (size{}) {
			each[name] = each[name].plus(e)
		}
	}
	return once, each
}

// sum adds up all sizes.
func sum(all map[string]size) size {
	var s size
	for _, one := range all {
		s = s.plus(one)
	}
	return s
}

// row is a line of a table.
func (s size) row(first string) string {
	bytes := func(n float64) string {
		if n == 0 {
			return "–"
		}
		return strconv.FormatFloat(math.Ceil(n/(1<<30)*100)/100, 'f', -1, 64) + " GiB"
	}
	cores := func(n float64) string {
		if n == 0 {
			return "–"
		}
		return strconv.FormatFloat(math.Round(n*1000)/1000, 'f', -1, 64)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", first, cores(s.cpu), cores(s.cpuLimit), bytes(s.memory), bytes(s.memoryLimit), bytes(s.claims))
}

const sizesHead = `# Sizes

Written by ` + "`make golden`" + ` from what the charts of the default platforms were recorded to render to. It is what the platform asks for before anything of your
own runs: replicas are counted, and what stands on every machine is a line of its own. Cpu is in cores, and claims are counted without the copies that
storage keeps of them.

Memory is limited and cpu is not: beyond its request a container may use what nobody else wants. Limits stand here where a chart has them.

Not counted: Jobs, which run and go; what operators start beside the servers themselves, as helpers in their pods and the CSI drivers; of Longhorn an instance
manager on each machine, which asks for 12 %% of its cpu; of Ceph an OSD for each disk, which asks for %s of memory in medium and %s in enterprise.
`

const sizesTable = "| %s | cpu | cpu limit | memory | memory limit | claims |\n| --- | --- | --- | --- | --- | --- |\n"

// TestSizesPage keeps docs/sizes.md.
func TestSizesPage(t *testing.T) {
	var totals, details strings.Builder
	var disks []any
	for _, tier := range tierNames {
		r := goldenTree(t, tier)
		for _, app := range r.Applications {
			if !app.State.Known() {
				t.Errorf("%s: nothing is known of %s: %s", tier, app.Name, app.State.Reason)
			}
		}
		once, each := sizes(t, r)
		totals.WriteString(sum(once).row(tier) + sum(each).row(tier+", each machine"))
		fmt.Fprintf(&details, "\n## %s\n\n"+sizesTable, tier, "component")
		for _, name := range slices.Sorted(maps.Keys(once)) {
			details.WriteString(once[name].row(name))
		}
		for _, name := range slices.Sorted(maps.Keys(each)) {
			details.WriteString(each[name].row(name + ", each machine"))
		}
		for _, res := range r.Resources {
			if res.ID.Kind == "CephCluster" {
				disks = append(disks, text(res.Object, "spec", "resources", "osd", "requests", "memory"))
			}
		}
	}
	page := fmt.Sprintf(sizesHead, disks...) + fmt.Sprintf("\n"+sizesTable, "tier") + totals.String() + details.String()
	goldentest.Compare(t, []byte(page), "docs/sizes.md")
}

// TestSmallIsSmall wants what a small platform claims to fit on half a card of 64 GB with all its copies, and no more than
// one of each controller of its storage.
func TestSmallIsSmall(t *testing.T) {
	r := goldenTree(t, "small")
	file, _ := r.Tree.File("clusters/prod/components/longhorn/values.yaml")
	var values map[string]any
	if err := sigs.Unmarshal(file.Data, &values); err != nil {
		t.Fatal(err)
	}
	once, _ := sizes(t, r)
	claims, copies := sum(once).claims, quantity(t, field(values, "persistence", "defaultClassReplicaCount"))
	if got := claims * copies; got == 0 || got > 32e9 {
		t.Errorf("got %.1f GB of claims with all copies, want some, and no more than 32", got/1e9)
	}
	if got := field(values, "persistence", "defaultDataLocality"); got != "best-effort" {
		t.Errorf("got the locality %v, want best-effort", got)
	}
	for _, controller := range []string{"attacher", "provisioner", "resizer", "snapshotter"} {
		if got := quantity(t, field(values, "csi", controller+"ReplicaCount")); got != 1 {
			t.Errorf("got %v of the %s, want 1", got, controller)
		}
	}
}
