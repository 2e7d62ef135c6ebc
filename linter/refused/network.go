package refused

import (
	"net/netip"
	"strings"

	"github.com/gitopsgen/gitopsgen/linter/refused/field"
)

// ingress judges one of networking.k8s.io.
var ingress = field.At("spec",
	func(n *field.Node) {
		if len(n.Get("rules").Items()) == 0 && !n.Has("defaultBackend") {
			n.Refuse("Set one of them.", "neither rules nor defaultBackend is set")
		}
	},
	field.At("ingressClassName", field.Subdomain.Is),
	field.At("defaultBackend", backend),
	field.At("tls[]", field.At("hosts[]", host), field.At("secretName", field.Subdomain.Is)),
	field.At("rules[]", field.At("host", host, noAddress), field.At("http", field.Needs("paths", "")), field.At("http.paths[]", httpPath, field.At("backend", backend))),
)

func host(n *field.Node) {
	if strings.Contains(n.Text(), "*") {
		field.Wildcard.Is(n)
		return
	}
	field.Subdomain.Is(n)
}

func noAddress(n *field.Node) {
	if _, err := netip.ParseAddr(n.Text()); err == nil {
		n.Refuse("Write the name of a host.", "%q is an IP address", n.Text())
	}
}

// httpPath judges the path of a rule: by its type it is one that a URL may have.
func httpPath(n *field.Node) {
	kind, path := n.Get("pathType").Text(), n.Get("path")
	text := path.Text()
	where := path
	if path.Value == nil {
		where = n
	}
	switch strict := kind == "Exact" || kind == "Prefix"; {
	case kind == "" || text == "" && !strict:
	case !strings.HasPrefix(text, "/"):
		where.Refuse("Begin the path with a slash.", "%q is no absolute path", text)
	case strict:
		for _, part := range []string{"//", "/./", "/../", "%2f", "%2F"} {
			if strings.Contains(text, part) {
				path.Refuse("Write a plain path.", "%q has %q in it", text, part)
			}
		}
		for _, end := range []string{"/..", "/."} {
			if strings.HasSuffix(text, end) {
				path.Refuse("Write a plain path.", "%q ends with %q", text, end)
			}
		}
	}
}

// backend judges where requests go.
var backend = field.All(
	func(n *field.Node) {
		if !n.Has("serviceName") { // of an earlier version, as the schema says
			field.One("resource", "service")(n)
		}
	},
	field.At("resource.apiGroup", field.Subdomain.Is),
	field.At("service", field.At("name", serviceName, field.Filled), func(n *field.Node) {
		number, _ := n.Get("port").Get("number").Number()
		name := n.Get("port").Get("name").Text()
		switch {
		case number != 0 && name != "":
			n.Get("port").Refuse("Leave one of them out.", "number and name are set, and a port has one of them")
		case number == 0 && name == "":
			n.Refuse("Write the number of the port, or its name.", "port has neither a number nor a name")
		}
	}, field.At("port", field.At("name", field.PortName.Is), field.At("number", func(n *field.Node) {
		if n.Value != int64(0) {
			field.Port(n)
		}
	}))),
)

// networkPolicy judges the spec of one.
var networkPolicy = field.All(
	field.At("podSelector", field.Selector),
	field.At("ingress[]", field.At("ports[]", policyPort), field.At("from[]", peer)),
	field.At("egress[]", field.At("ports[]", policyPort), field.At("to[]", peer)),
)

// policyPort judges a port that a policy permits, or the range that begins with it.
func policyPort(n *field.Node) {
	field.All(field.At("port", field.Port, field.PortName.Is), field.At("endPort", field.Port))(n)
	end, ok := n.Get("endPort").Number()
	if !ok {
		return
	}
	switch first, isNumber := n.Get("port").Number(); {
	case !isNumber:
		n.Get("endPort").Refuse("Write the first port of the range into port.", "%d ends a range, and port is no number", end)
	case end < first:
		n.Get("endPort").Refuse("Write the last port of the range.", "%d is less than port, %d", end, first)
	}
}

// peer judges whom a policy permits.
var peer = field.All(
	func(n *field.Node) {
		set := n.Those([]string{"podSelector", "namespaceSelector", "ipBlock"})
		switch {
		case len(set) == 0:
			n.Refuse("Set one of them.", "none of podSelector, namespaceSelector and ipBlock is set")
		case len(set) > 1 && n.Has("ipBlock"):
			n.Get("ipBlock").RefuseName("Write another peer for it.", "%s is set, too, and an ipBlock stands alone", set[0])
		}
	},
	field.At("podSelector", field.Selector), field.At("namespaceSelector", field.Selector),
	field.At("ipBlock", field.At("cidr", field.Network, field.Filled), field.At("except[]", field.Network), exceptions),
)

// exceptions judges the networks that are left out of one: they are parts of it.
func exceptions(n *field.Node) {
	whole, err := netip.ParsePrefix(n.Get("cidr").Text())
	if err != nil {
		return
	}
	for _, except := range n.Get("except").Items() {
		if part, err := netip.ParsePrefix(except.Text()); err == nil && (!whole.Contains(part.Addr()) || part.Bits() <= whole.Bits()) {
			except.Refuse("Write a network in it that is smaller.", "%q is no part of %q", except.Text(), n.Get("cidr").Text())
		}
	}
}
