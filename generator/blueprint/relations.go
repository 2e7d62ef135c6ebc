package blueprint

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/generator/wording"
)

// relations judges what no field shows alone: names given twice, networks that overlap.
func (r *reader) relations() {
	clusters := map[string]bool{}
	for i, c := range r.doc.Spec.Clusters {
		if clusters[c.Name] {
			r.fail([]any{"clusters", i, "name"}, "", "cluster %q: named twice", c.Name)
		}
		clusters[c.Name] = true
		if i > 0 && c.Server == "" {
			r.fail([]any{"clusters", i}, "the first cluster's Argo CD must reach it", "cluster %q: server is missing", c.Name)
		}
		r.networks(i, c.Networks)
		r.nodes(i, c)
	}
	if len(clusters) == 0 {
		clusters[DefaultCluster] = true
	}
	r.profile()
	owners := r.teams(clusters)
	r.workloads(clusters, owners)
	r.mirror()
	r.pods()
	for name, c := range r.doc.Spec.Capabilities {
		if c.External != nil {
			r.external(name, *c.External)
		}
	}
}

// profile wants what is for one machine to have one, and to be of the tier that fits there.
func (r *reader) profile() {
	s := r.doc.Spec
	if s.Profile != Single {
		return
	}
	if tier := cmp.Or(s.Tier, Medium); tier != Small {
		r.fail([]any{"profile"}, "leave it out, or set tier: "+string(Small), "profile %q is for the tier %q alone, not for %q", s.Profile, Small, tier)
	}
	for i, c := range s.Clusters {
		if len(c.Nodes) > 1 {
			r.fail([]any{"clusters", i, "nodes", 1}, "leave profile out where there are more", "profile %q is for one machine, and cluster %q has %d", s.Profile, c.Name, len(c.Nodes))
		}
	}
}

// nodes wants the machines of a cluster to differ in name and address.
func (r *reader) nodes(i int, c Cluster) {
	nodes, addresses := map[string]bool{}, map[netip.Addr]string{}
	if ip, err := netip.ParseAddr(c.Networks.VirtualIP); err == nil {
		addresses[ip] = "the virtualIP"
	}
	for j, n := range c.Nodes {
		at := []any{"clusters", i, "nodes", j}
		if nodes[n.Name] {
			r.fail(append(at, "name"), "", "node %q: named twice", n.Name)
		}
		nodes[n.Name] = true
		ip, err := netip.ParseAddr(n.Address)
		if err != nil {
			continue
		}
		if other, ok := addresses[ip]; ok {
			r.fail(append(at, "address"), "", "node %q: address %s is that of %s", n.Name, ip, other)
		}
		addresses[ip] = fmt.Sprintf("node %q", n.Name)
	}
}

// external wants it to be said what serves a capability from outside, and why.
func (r *reader) external(name string, e External) {
	for _, f := range []struct{ key, text string }{{"by", e.By}, {"reason", e.Reason}} {
		if f.text == "" {
			r.fail([]any{"capabilities", name, "external", f.key}, "", "capabilities.%s.external.%s: empty", name, f.key)
		}
	}
	namespace, ok := e.Facts["namespace"]
	if text, _ := namespace.(string); ok && !labelName.MatchString(text) {
		r.fail([]any{"capabilities", name, "external", "facts", "namespace"}, "", "capabilities.%s.external.facts.namespace %q: want the name of a namespace", name, namespace)
	}
}

var (
	imagePrefix = regexp.MustCompile(formats["imagePrefix"].pattern)
	chartURL    = regexp.MustCompile(`^(https?|oci)://[^/\s]+\S*$`)
)

// mirror judges what prefixes become elsewhere: what ends with a slash must do so in both names.
func (r *reader) mirror() {
	m := r.doc.Spec.Registries.Mirror
	for _, from := range slices.Sorted(maps.Keys(m.Images)) {
		at, to := []any{"registries", "mirror", "images", from}, m.Images[from]
		if from != "*" && !imagePrefix.MatchString(from) {
			r.failKey(at, "", "image prefix %q: want *, or %s", from, formats["imagePrefix"].want)
		}
		if !imagePrefix.MatchString(to) {
			r.fail(at, "", "image prefix %q: want %s", to, formats["imagePrefix"].want)
		}
	}
	for _, from := range slices.Sorted(maps.Keys(m.Charts)) {
		at, to := []any{"registries", "mirror", "charts", from}, m.Charts[from]
		if from != "*" && !chartURL.MatchString(from) {
			r.failKey(at, "", "chart repository %q: want *, or a URL that begins with https://, http:// or oci://", withoutUser(from))
		}
		if !chartURL.MatchString(to) || !withoutPassword(to) {
			r.fail(at, "", "chart repository %q: want a URL without a password that begins with https://, http:// or oci://", withoutUser(to))
		}
	}
}

// peers judges the routers that cluster i speaks BGP with.
func (r *reader) peers(i int, bgp *BGP) {
	if bgp == nil {
		return
	}
	at := []any{"clusters", i, "networks", "bgp"}
	if len(bgp.Peers) == 0 {
		r.fail(append(at, "peers"), "", "bgp has no peers")
	}
	addresses := map[netip.Addr]bool{}
	for j, peer := range bgp.Peers {
		ip, err := netip.ParseAddr(peer.Address)
		if err == nil && addresses[ip] {
			r.fail(append(at, "peers", j, "address"), "", "BGP peer %s: named twice", ip)
		}
		addresses[ip] = true
	}
	if len(r.doc.Spec.Clusters[i].Networks.LoadBalancer) == 0 {
		r.fail(at, "set loadBalancer beside it", "bgp has no addresses to tell the peers of")
	}
}

// teams judges that teams are apart: in their names, in their namespaces, and from what the cluster itself needs. It gives the
// teams by their namespaces.
func (r *reader) teams(clusters map[string]bool) map[string]string {
	names, owners := map[string]bool{}, map[string]string{}
	for i, t := range r.doc.Spec.Teams {
		if names[t.Name] {
			r.fail([]any{"teams", i, "name"}, "", "team %q: named twice", t.Name)
		}
		names[t.Name] = true
		namespaces := t.Namespaces
		at := func(j int) []any { return []any{"teams", i, "namespaces", j} }
		if len(namespaces) == 0 {
			namespaces = []string{t.Name}
			at = func(int) []any { return []any{"teams", i, "name"} }
		}
		for j, namespace := range namespaces {
			if other, taken := owners[namespace]; taken {
				r.fail(at(j), "", "namespace %q of team %q belongs to team %q", namespace, t.Name, other)
			}
			if isClusters(namespace) {
				r.fail(at(j), "", "namespace %q of team %q belongs to the cluster itself", namespace, t.Name)
			}
			owners[namespace] = t.Name
		}
		for j, cluster := range t.Clusters {
			if !clusters[cluster] {
				r.fail([]any{"teams", i, "clusters", j}, "", "team %q: unknown cluster %q%s", t.Name, cluster, wording.DidYouMean(cluster, slices.Sorted(maps.Keys(clusters))))
			}
		}
	}
	return owners
}

// isClusters reports whether a namespace belongs to the cluster itself.
func isClusters(namespace string) bool {
	return namespace == "default" || strings.HasPrefix(namespace, "kube-")
}

// workloads judges that workloads are apart from each other in their names, and from teams, given by their namespaces, and the
// cluster itself in their namespaces.
func (r *reader) workloads(clusters map[string]bool, owners map[string]string) {
	names := map[string]bool{}
	for i, w := range r.doc.Spec.Workloads {
		at := func(steps ...any) []any { return append([]any{"workloads", i}, steps...) }
		if names[w.Name] {
			r.fail(at("name"), "", "workload %q: named twice", w.Name)
		}
		names[w.Name] = true
		namespace := cmp.Or(w.Namespace, w.Name)
		if team, taken := owners[namespace]; taken {
			r.fail(at("namespace"), "", "namespace %q of workload %q belongs to team %q", namespace, w.Name, team)
		}
		if isClusters(namespace) {
			r.fail(at("namespace"), "", "namespace %q of workload %q belongs to the cluster itself", namespace, w.Name)
		}
		if w.Revision != "" && w.RepoURL == "" {
			r.fail(at("revision"), "", "workload %q: it is of another repository, and repoURL names none: what stands in this one is deployed from repository.branch", w.Name)
		}
		for j, cluster := range w.Clusters {
			if !clusters[cluster] {
				r.fail(at("clusters", j), "", "workload %q: unknown cluster %q%s", w.Name, cluster, wording.DidYouMean(cluster, slices.Sorted(maps.Keys(clusters))))
			}
		}
	}
	for i, t := range r.doc.Spec.Teams {
		if len(names) > 0 && (t.Name == WorkloadsDir || strings.HasPrefix(t.Name, "workload-")) {
			r.fail([]any{"teams", i, "name"}, "", "team %q: folders and projects of workloads are called so", t.Name)
		}
	}
}

// networks judges the address ranges of cluster i. Load balancer addresses may be a part of the machines' network (that
// network is one address range of a cluster, by its name in messages, and its path in the spec.
type network struct {
	name   string
	prefix netip.Prefix
	path   []any
}

// all are the ranges of cluster i that can be read.
func (n Networks) all(i int) []network {
	var all []network
	add := func(name, cidr string, path ...any) {
		if p, err := netip.ParsePrefix(cidr); err == nil {
			all = append(all, network{name, p, append([]any{"clusters", i, "networks"}, path...)})
		}
	}
	add("node", n.Node, "node")
	add("pod", n.Pod, "pod")
	add("service", n.Service, "service")
	for j, cidr := range n.LoadBalancer {
		add(fmt.Sprintf("loadBalancer[%d]", j), cidr, "loadBalancer", j)
	}
	return all
}

// is how they are announced there); all others are apart.
func (r *reader) networks(i int, n Networks) {
	all := n.all(i)
	for j, b := range all {
		for _, a := range all[:j] {
			announced := a.name == "node" && strings.HasPrefix(b.name, "loadBalancer") && b.prefix.Bits() > a.prefix.Bits()
			if a.prefix.Overlaps(b.prefix) && !announced {
				r.fail(b.path, "", "network %s %s overlaps network %s %s", b.name, b.prefix, a.name, a.prefix)
			}
		}
	}
	if node, err := netip.ParsePrefix(n.Node); err == nil && n.BGP == nil {
		for _, b := range all {
			if strings.HasPrefix(b.name, "loadBalancer") && b.prefix.Addr().Is4() == node.Addr().Is4() && !node.Overlaps(b.prefix) {
				r.fail(b.path, "take a part of "+n.Node+", or say with bgp which routers lead there", "network %s %s lies outside of network node %s, where it would be announced", b.name, b.prefix, node)
			}
		}
	}
	r.peers(i, n.BGP)
	ip, err := netip.ParseAddr(n.VirtualIP)
	if err != nil {
		return
	}
	for _, a := range all {
		if a.name != "node" && a.prefix.Contains(ip) {
			r.fail([]any{"clusters", i, "networks", "virtualIP"}, "", "virtualIP %s lies in network %s %s", ip, a.name, a.prefix)
		}
	}
}
