# METADATA
# title: Secret stands in clear
# description: >-
#   Take the Secret out of Git and change what is in it; let a SopsSecret, a SealedSecret or an ExternalSecret make it.
# custom:
#   rationale: Base64 hides nothing, and what was in Git once, everybody who can read the repository has for ever.
#   severity: {small: error, medium: error, enterprise: error}
#   kinds: [core/Secret]
#   repository_only: In the cluster every Secret holds what it keeps.
#   references:
#     - https://kubernetes.io/docs/concepts/security/secrets-good-practices/
package policies.secrets.plain_secret

# _credentials are the keys of Argo CD's Secrets of repositories that are credentials; the others say where something is.
_credentials := [
	"bearerToken",
	"gcpServiceAccountKey",
	"githubAppPrivateKey",
	"password",
	"sshPrivateKey",
	"tlsClientCertKey",
]

deny contains finding if {
	places := [[field, key] | some field in ["data", "stringData"]; some key in _secrets(field)]
	finding := {
		"msg": sprintf("in clear stands %s", [concat(", ", [sprintf("%s %q", place) | some place in places])]),
		"at": places[0],
	}
}

# _secrets are the keys of data or stringData whose values have to be secret. A controller fills in the token of a
# ServiceAccount.
_secrets(field) := [key |
	object.get(input.object, "type", null) != "kubernetes.io/service-account-token"
	is_object(input.object[field])
	some key, value in input.object[field]
	text := _text(field, value)
	regex.match(`\S`, text)
	not _is_harmless(text)
	not _is_address(key, text)
]

# _text is what a value says; of data that is no base64, what stands there.
_text("stringData", value) := value

_text("data", value) := text if {
	text := base64.decode(value)
} else := value

# What is encrypted by SOPS, a reference that a plugin or a webhook resolves in the cluster, or a certificate tells
# nobody anything.
_is_harmless(text) if regex.match(`^(ENC\[|<[^<>]+>$|(>>)?vault:|ref\+[a-z0-9]+://)`, text)

_is_harmless(text) if {
	contains(text, "-----BEGIN CERTIFICATE-----")
	not contains(text, "PRIVATE KEY-----")
}

# Neither does the configuration of a program that has to stand in a Secret, as Alertmanager's, where there is no word of
# credentials in it.
_is_harmless(text) if {
	regex.match(`\n\S`, text)
	regex.match(`(?m)^[\w.-]+(:(\s|$)|\s*=)`, text)
	not regex.match(`(?i)auth|cred|key|pass|pwd|secret|token|://`, text)
}

# _is_address says whether a value tells Argo CD where a repository or a cluster is, and no credential for it.
_is_address(key, _) if {
	regex.match(`^(repository|repo-creds)`, _type)
	not key in _credentials
}

_is_address(key, _) if {
	_type == "cluster"
	key != "config"
}

_is_address(_, text) if {
	_type == "cluster"
	config := json.unmarshal(text)
	every path in [["bearerToken"], ["password"], ["tlsClientConfig", "keyData"]] {
		object.get(config, path, "") == ""
	}
}

_type := input.object.metadata.labels["argocd.argoproj.io/secret-type"]
