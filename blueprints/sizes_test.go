package blueprints_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	sigs "sigs.k8s.io/yaml"

	"github.com/gitopsgen/gitopsgen/generator"
	"github.com/gitopsgen/gitopsgen/generator/blueprint"
	"github.com/gitopsgen/gitopsgen/generator/size"
	"github.com/gitopsgen/gitopsgen/golden/goldentest"
)

// sizeOf sums what a platform asks for. All of it must be known.
func sizeOf(t *testing.T, name string, r generator.Rendered) size.Sum {
	t.Helper()
	for _, app := range r.Applications {
		if !app.State.Known() {
			t.Errorf("%s: nothing is known of %s: %s", name, app.Name, app.State.Reason)
		}
	}
	sum, err := size.Of(r.Resources)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range sum.Unread {
		t.Errorf("%s: nothing is known of what the pods of %s ask for", name, id)
	}
	return sum
}

// row is a line of a table.
func row(first string, s size.Size) string {
	or := func(n float64, write func(float64) string) string {
		if n == 0 {
			return "–"
		}
		return write(n)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n", first, or(s.CPU, size.Cores), or(s.CPULimit, size.Cores),
		or(s.Memory, size.Bytes), or(s.MemoryLimit, size.Bytes), or(s.Claims, size.Bytes))
}

const sizesHead = `# Sizes

Written by ` + "`make golden`" + ` from what the charts of the default platforms were recorded to render to. It is what the platform asks for before anything of your
own runs: replicas are counted, and what stands on every machine is a line of its own. Cpu is in cores, and claims are counted without the copies that
storage keeps of them.

With ` + "`profile: single`" + ` the tier small stands on one machine of 8 GB with 4 cores: one of everything, one copy of volumes, and less for what measures, which has one machine to
measure. Beside Kubernetes itself 3 GiB of memory and a core are left for other work. Without it small takes no more than half of two such machines, and all of it fits on
one of them while the other is away. Tests hold both. ` + "`gitopsgen doctor`" + ` tells the same of your own repository.

Memory is limited and cpu is not: beyond its request a container may use what nobody else wants. Limits stand here where a chart has them.

Not counted: Jobs, which run and go; what operators start beside the servers themselves, as helpers in their pods and the CSI drivers; of Longhorn an instance
manager on each machine, which asks for 12 %% of its cpu; of Ceph an OSD for each disk, which asks for %s of memory in medium and %s in enterprise.
`

const sizesTable = "| %s | cpu | cpu limit | memory | memory limit | claims |\n| --- | --- | --- | --- | --- | --- |\n"

// sized are the platforms of docs/sizes.md, by the names that they have there.
func sized(t *testing.T) (names []string, all map[string]generator.Rendered) {
	all = map[string]generator.Rendered{single: renderSpec(t, onOneMachine)}
	for _, tier := range tierNames {
		all[tier] = goldenTree(t, tier)
	}
	return append([]string{single}, tierNames...), all
}

const single = "small, profile single"

var onOneMachine = blueprint.Spec{Tier: blueprint.Small, Profile: blueprint.Single}.WithDefaults()

// TestSizesPage keeps docs/sizes.md.
func TestSizesPage(t *testing.T) {
	var totals, details strings.Builder
	var disks []any
	names, all := sized(t)
	for _, name := range names {
		sum := sizeOf(t, name, all[name])
		totals.WriteString(row(name, sum.Whole().Once) + row(name+", each machine", sum.Whole().Each))
		fmt.Fprintf(&details, "\n## %s\n\n"+sizesTable, name, "component")
		for _, component := range slices.Sorted(maps.Keys(sum.ByComponent)) {
			if once := sum.ByComponent[component].Once; once != (size.Size{}) {
				details.WriteString(row(component, once))
			}
		}
		for _, component := range slices.Sorted(maps.Keys(sum.ByComponent)) {
			if each := sum.ByComponent[component].Each; each != (size.Size{}) {
				details.WriteString(row(component+", each machine", each))
			}
		}
		for _, res := range all[name].Resources {
			if res.ID.Kind == "CephCluster" {
				disks = append(disks, text(res.Object, "spec", "resources", "osd", "requests", "memory"))
			}
		}
	}
	page := fmt.Sprintf(sizesHead, disks...) + fmt.Sprintf("\n"+sizesTable, "tier") + totals.String() + details.String()
	goldentest.Compare(t, []byte(page), "docs/sizes.md")
}

// What there is on a machine of 8 GB with 4 cores, and what Kubernetes asks for itself on the first one, as kubeadm installs it: etcd,
// the API server, the controller manager and the scheduler, and two servers for names.
var (
	machine    = size.Size{CPU: 4, Memory: 8e9}
	kubernetes = size.Size{CPU: 0.85, Memory: 240 << 20}
)

// TestSingleFits wants the platform of one machine to leave three GiB of it for other work, and a core. What Longhorn's instance
// manager asks for, 12 % of the cpu, no resource says.
func TestSingleFits(t *testing.T) {
	r := renderSpec(t, onOneMachine)
	got := sizeOf(t, single, r).Whole().On(1).Plus(kubernetes).Plus(size.Size{CPU: 0.12 * machine.CPU})
	if left := machine.Memory - got.Memory; left < 3<<30 {
		t.Errorf("%s of memory is left, want 3 GiB", size.Bytes(left))
	}
	if left := machine.CPU - got.CPU; left < 1 {
		t.Errorf("%s cores are left, want one", size.Cores(left))
	}
	for _, res := range r.Resources {
		for _, count := range []string{"count", "instances", "replicas"} {
			if n := field(res.Object, "spec", count); n != nil && fmt.Sprint(n) != "0" && fmt.Sprint(n) != "1" {
				t.Errorf("%s: %s is %v, want one", res.ID, count, n)
			}
		}
	}
}

// TestSmallFitsTwoMachines wants a small platform to leave half of the memory of two machines of 8 GB for other work, and half of their
// cpu; and all of it to fit on one of them while the other is away.
func TestSmallFitsTwoMachines(t *testing.T) {
	whole := sizeOf(t, "small", goldenTree(t, "small")).Whole()
	managers := size.Size{CPU: 0.12 * machine.CPU} // Longhorn's instance manager, on each
	two, room := whole.On(2).Plus(kubernetes).Plus(managers.Times(2)), machine.Times(2)
	if two.Memory > room.Memory/2 || two.CPU > room.CPU/2 {
		t.Errorf("on two machines it asks for %s cores and %s of memory, want at most half of %s and %s",
			size.Cores(two.CPU), size.Bytes(two.Memory), size.Cores(room.CPU), size.Bytes(room.Memory))
	}
	if one := whole.On(1).Plus(kubernetes).Plus(managers); one.Memory > machine.Memory || one.CPU > machine.CPU {
		t.Errorf("on one machine it asks for %s cores and %s of memory, want no more than %s and %s",
			size.Cores(one.CPU), size.Bytes(one.Memory), size.Cores(machine.CPU), size.Bytes(machine.Memory))
	}
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
	number := func(path ...string) float64 {
		n, _ := field(values, path...).(float64)
		return n
	}
	claims, copies := sizeOf(t, "small", r).Whole().Once.Claims, number("persistence", "defaultClassReplicaCount")
	if got := claims * copies; got == 0 || got > 32e9 {
		t.Errorf("got %.1f GB of claims with all copies, want some, and no more than 32", got/1e9)
	}
	if got := field(values, "persistence", "defaultDataLocality"); got != "best-effort" {
		t.Errorf("got the locality %v, want best-effort", got)
	}
	for _, controller := range []string{"attacher", "provisioner", "resizer", "snapshotter"} {
		if got := number("csi", controller+"ReplicaCount"); got != 1 {
			t.Errorf("got %v of the %s, want 1", got, controller)
		}
	}
}
