package blueprint

import (
	"fmt"
	"net/netip"
	"strings"
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
	for name, c := range r.doc.Spec.Capabilities {
		if e := c.External; e != nil {
			for _, f := range []struct{ key, text string }{{"by", e.By}, {"reason", e.Reason}} {
				if f.text == "" {
					r.fail([]any{"capabilities", name, "external", f.key}, "", "capabilities.%s.external.%s: empty", name, f.key)
				}
			}
		}
	}
}

// networks judges the address ranges of cluster i. Load balancer addresses may be a part of the machines' network (that
// is how they are announced there); all others are apart.
func (r *reader) networks(i int, n Networks) {
	type network struct {
		name   string
		prefix netip.Prefix
		path   []any
	}
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
	for j, b := range all {
		for _, a := range all[:j] {
			announced := a.name == "node" && strings.HasPrefix(b.name, "loadBalancer") && b.prefix.Bits() > a.prefix.Bits()
			if a.prefix.Overlaps(b.prefix) && !announced {
				r.fail(b.path, "", "network %s %s overlaps network %s %s", b.name, b.prefix, a.name, a.prefix)
			}
		}
	}
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
