# METADATA
# title: Host is served without TLS
# description: >-
#   Add the host to an entry of spec.tls; for a Gateway give it a listener with protocol HTTPS, and leave port 80 to
#   redirects.
# custom:
#   rationale: Whoever stands on the way reads passwords and cookies, and changes what is answered.
#   severity: {small: info, medium: warning, enterprise: error}
#   kinds: [gateway.networking.k8s.io/Gateway, gateway.networking.k8s.io/ListenerSet, networking.k8s.io/Ingress]
#   references:
#     - https://kubernetes.io/docs/concepts/services-networking/ingress/#tls
#     - https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/
package policies.network.tls

deny contains finding if {
	input.object.kind == "Ingress"
	not _is_annotated
	hosts := {_shown(host) | some host in _hosts; not _is_covered(host)}
	count(hosts) > 0
	finding := {
		"msg": sprintf("no entry of tls covers %s", [concat(", ", hosts)]),
		"at": ["spec", "tls"],
	}
}

deny contains finding if {
	input.object.kind != "Ingress"
	is_array(input.object.spec.listeners)
	some i, listener in input.object.spec.listeners
	listener.protocol == "HTTP"
	not _is_for_redirects(listener)
	finding := {
		"msg": sprintf("listener %q serves port %v by HTTP", [listener.name, listener.port]),
		"at": ["spec", "listeners", i, "protocol"],
	}
}

# _secured are annotations by which controllers serve with TLS what has no spec.tls. Traefik's chart gives websecure TLS.
_secured := {
	"alb.ingress.kubernetes.io/certificate-arn": `.`,
	"ingress.gcp.kubernetes.io/pre-shared-cert": `.`,
	"networking.gke.io/managed-certificates": `.`,
	"traefik.ingress.kubernetes.io/router.entrypoints": `^websecure$`,
	"traefik.ingress.kubernetes.io/router.tls": `^true$`,
}

_is_annotated if {
	some name, pattern in _secured
	regex.match(pattern, input.object.metadata.annotations[name])
}

# _hosts are those that an Ingress answers for; "" is all.
_hosts contains _named(object.get(rule, "host", null)) if {
	is_array(input.object.spec.rules)
	some rule in input.object.spec.rules
}

_hosts contains "" if object.get(input.object.spec, "defaultBackend", null) != null

_named(null) := ""

_named(host) := host if is_string(host)

# An entry without hosts covers all. Which hosts stand behind a rule without one nobody knows, so any entry will do.
_is_covered(host) if {
	some entry in input.object.spec.tls
	_covers(object.get(entry, "hosts", null), host)
}

_covers(hosts, host) if hosts in [null, []]

_covers(_, "")

_covers(hosts, host) if {
	some name in [host, regex.replace(host, `^[^.]+`, "*")]
	name in hosts
}

_shown(host) := sprintf("%q", [host]) if {
	host != ""
} else := "the rules without a host"

# A listener for redirects stands on port 80, beside one with TLS for its host: in the same object, or in a ListenerSet
# that the Gateway lets in.
_is_for_redirects(listener) if {
	listener.port == 80
	some other in input.object.spec.listeners
	other.protocol in ["HTTPS", "TLS"]
	some pair in [[listener, other], [other, listener]]
	_is_within(_hostname(pair[0]), _hostname(pair[1]))
}

_is_for_redirects(listener) if {
	listener.port == 80
	input.object.spec.allowedListeners.namespaces.from in ["All", "Same", "Selector"]
}

_hostname(listener) := _named(object.get(listener, "hostname", null))

_is_within(_, "")

_is_within(host, host)

_is_within(host, pattern) if {
	startswith(pattern, "*.")
	endswith(host, trim_prefix(pattern, "*"))
}
